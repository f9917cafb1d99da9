import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import en from "../src/words/en.json";
import ko from "../src/words/ko.json";
import { both, said, word } from "../src/words/words";

const SOURCES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => join("src", path));
const SPOKEN = new Set(["aria-label", "placeholder", "title", "alt", "label"]);
const NAMES = new Set(["goldentime", "KO", "EN"]); // the product's name and the languages' own

/** Words a person would read that are written into the code instead of the two books. */
function rawWords(path: string, code: string): string[] {
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const walk = (node: ts.Node): void => {
    const inKey =
      ts.isJsxText(node) && ts.isJsxElement(node.parent) && node.parent.openingElement.tagName.getText() === "kbd";
    if (ts.isJsxText(node) && !inKey && /[A-Za-z\uac00-\ud7a3]{2,}/.test(node.text) && !NAMES.has(node.text.trim()))
      found.push(`${path}: ${node.text.trim()}`);
    if (ts.isStringLiteralLike(node)) {
      const attribute = ts.isJsxAttribute(node.parent) && SPOKEN.has(node.parent.name.getText());
      if (/[\uac00-\ud7a3]/.test(node.text) || (attribute && /[A-Za-z]{2,}/.test(node.text)))
        found.push(`${path}: ${node.text}`);
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

describe("both languages", () => {
  test("every word is in both books", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort());
  });

  test("no word is empty, and both say the same blanks", () => {
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(ko)) {
      const other = (en as Record<string, string>)[key] ?? "";
      expect(text.length * other.length, key).toBeGreaterThan(0);
      expect(blanks(other), key).toEqual(blanks(text));
    }
  });

  test("no screen carries words of its own", () => {
    expect(SOURCES.flatMap((path) => rawWords(path, readFileSync(path, "utf8")))).toEqual([]);
  });

  test("the search for raw words finds them", () => {
    expect(
      rawWords("x.tsx", "const A = () => <p title=\"Hello\">닫기 <kbd>Esc</kbd></p>; const b = '가나';"),
    ).toHaveLength(3);
  });

  test("no word is kept that nothing says", () => {
    const code = SOURCES.map((path) => readFileSync(path, "utf8")).join("\n");
    const said = (key: string) =>
      code.includes(`"${key}"`) || code.includes(`\`${key.slice(0, key.lastIndexOf(".") + 1)}\${`);
    expect(Object.keys(ko).filter((key) => !said(key))).toEqual([]);
  });
});

test("blanks are filled and unknown ones stay visible", () => {
  expect(word("en", "queue.open", { count: 3 })).toBe("3 open");
  expect(word("en", "queue.open")).toBe("{count} open");
});

test("a text is said in the language asked for, and a plain string as it is", () => {
  expect(said("ko", both("word.cancel"))).toBe(ko["word.cancel"]);
  expect(said("en", "as sent")).toBe("as sent");
  expect(said("en", null)).toBe("");
});
