/** How the integrators' page reads pages, bytes and states. */
import { describe, expect, it } from "vitest";
import { bytesOf, hexRows, visible } from "../src/integrators/hex";
import { stateOf } from "../src/integrators/LinkagesPage";
import { askedOf } from "../src/integrators/Log";
import { blocksOf, inLanguage } from "../src/integrators/markdown";
import { stateWords } from "../src/integrators/Rows";
import { word } from "../src/words/words";

const t = (key: Parameters<typeof word>[1], parts?: Parameters<typeof word>[2]) => word("en", key, parts);

describe("raw bytes", () => {
  it("are laid out sixteen to a row, half and half, with dots for what is no letter", () => {
    const rows = hexRows(bytesOf(btoa(`EVENT\xd114\xd116\xdb\xdf${"a".repeat(10)}`)));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      at: "000000",
      hex: "45 56 45 4e 54 d1 31 34  d1 31 36 db df 61 61 61",
      text: "EVENT·14·16··aaa",
    });
    expect(rows[1]?.at).toBe("000010");
  });
  it("show their separators and never more rows than asked for", () => {
    expect(visible("a\x1eb\x00;")).toBe("a␞b␀;");
    expect(hexRows(new Uint8Array(100_000), 8)).toHaveLength(8);
  });
});

describe("a linkage's README", () => {
  const page =
    "# 연계\n글 `code`\n이어짐\n\n- 하나\n  계속\n- 둘\n\n| a | b |\n|---|---|\n| 1 | 2 |\n```\nx | y\n```\n## English\nwords\n";
  it("is cut into its blocks", () => {
    expect(blocksOf(inLanguage(page, "ko"))).toEqual([
      { kind: "heading", level: 1, text: "연계" },
      { kind: "text", text: "글 `code` 이어짐" },
      { kind: "list", ordered: false, items: ["하나 계속", "둘"] },
      {
        kind: "table",
        rows: [
          ["a", "b"],
          ["1", "2"],
        ],
      },
      { kind: "code", text: "x | y" },
    ]);
  });
  it("is read in one language, and in Korean when there is no other", () => {
    expect(inLanguage(page, "en").trim()).toBe("words");
    expect(inLanguage("# 하나", "en")).toBe("# 하나");
  });
  it("ends, whatever it holds", () => {
    for (const odd of ["#", "|", "```", "- ", "1. x", "#####", "  ", "**a `b` c**"])
      expect(blocksOf(odd)).toBeDefined();
  });
});

describe("the log", () => {
  it("asks for what was typed only", () => {
    const none = {
      direction: "" as const,
      agency: "",
      state: "",
      occurrence: " ",
      incident: "",
      words: "",
      since: "",
      until: "",
    };
    expect(askedOf(none, "safety_net_http", null)).toEqual({ linkage: "safety_net_http" });
    expect(askedOf({ ...none, direction: "out", words: "홍길동" }, "x", "abc")).toEqual({
      linkage: "x",
      direction: "out",
      words: "홍길동",
      before: "abc",
    });
  });
  it("tells why a message did not pass and how often it was tried", () => {
    expect(stateWords({ direction: "out", state: "waiting", problem: "unreachable", tries: 12 }, t)).toBe(
      "waiting · not reached · tried 12 times",
    );
    expect(stateWords({ direction: "in", state: "bad", problem: "4101" }, t)).toBe("not understood · 4101");
  });
  it("shows the gravest of a linkage's lights", () => {
    expect(stateOf([{ state: "healthy" }, { state: "failed" }])).toBe("failed");
    expect(stateOf([{ state: "never" }, { state: "healthy" }])).toBe("healthy");
    expect(stateOf([])).toBe("never");
  });
});
