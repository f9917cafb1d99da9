// @vitest-environment jsdom
/** Why two reports may be one, in words, and what taking "not the same" back leads to. */
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { wayBack } from "../src/incidents/next";
import { Alike } from "../src/incidents/Pairs";
import type { Paired } from "../src/wire/types";

const name = (words: string) => ({ ko: words, en: words });
const pair = (part: Partial<Paired>) =>
  ({
    id: "inc-2",
    number: "GO-2",
    service_name: name("119"),
    agency: null,
    metres: 120,
    seconds: 130,
    nature: name("A"),
    other_nature: name("B"),
    cause: "likeness",
    ...part,
  }) as Paired;
afterEach(cleanup);

test("a suggestion by the caller's number says so, one by likeness does not", () => {
  const acts = { pair: vi.fn(), open: vi.fn() };
  const { rerender } = render(<Alike one={pair({ cause: "caller", metres: null })} acts={acts} first />);
  expect(screen.getByTestId("pair-alike").textContent).toMatch(/같은 신고자, 위치 모름/);
  rerender(<Alike one={pair({})} acts={acts} first />);
  expect(screen.getByTestId("pair-alike").textContent).not.toMatch(/같은 신고자/);
});

test("taken back, a suggestion is one again and what was joined is joined again", () => {
  expect(wayBack({ cause: "likeness", metres: 120 })).toBe("reconsider");
  expect(wayBack({ cause: "caller", metres: null })).toBe("reconsider");
  expect(wayBack({ cause: "caller", metres: 40 })).toBe("join");
  expect(wayBack({ cause: "hand", metres: null })).toBe("join");
});
