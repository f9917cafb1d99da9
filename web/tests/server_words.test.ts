/** Every value that the server can send has its word in both languages; the values are read from the server itself. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import en from "../src/words/en.json";
import ko from "../src/words/ko.json";

const SERVER = "../src/goldentime";

/** The values of one StrEnum, as the server's source has them. */
function valuesOf(path: string, name: string): string[] {
  const source = readFileSync(`${SERVER}/${path}`, "utf8");
  const body = new RegExp(`class ${name}\\(StrEnum\\):\\n((?: {4}.*\\n|\\n)+)`).exec(source)?.[1] ?? "";
  return [...body.matchAll(/^ {4}[A-Z][A-Z0-9_]* = "(\w+)"/gm)].map((found) => found[1] ?? "");
}

const SPOKEN: [string, string, string][] = [
  ["disposition", "city/incidents/incident.py", "Disposition"],
  ["service", "city/incidents/incident.py", "Service"],
  ["severity", "city/incidents/incident.py", "Severity"],
  ["sender", "messages/report.py", "ReportState"],
  ["facing", "city/cameras/reasons.py", "Facing"],
  ["status", "city/cameras/inventory.py", "Status"],
  ["role", "city/people/account.py", "Role"],
  ["log.topic", "messages/news.py", "Topic"],
];

test.each(SPOKEN)("every %s the server knows has its word", (prefix, path, name) => {
  const values = valuesOf(path, name);
  expect(values.length).toBeGreaterThan(2);
  for (const book of [ko, en] as Record<string, string>[])
    expect(values.filter((value) => !book[`${prefix}.${value}`])).toEqual([]);
});

/** The literals behind a key in a place where the server writes plain words instead of an enum. */
const literals = (path: string, part: RegExp): string[] =>
  [...(part.exec(readFileSync(`${SERVER}/${path}`, "utf8"))?.[0] ?? "").matchAll(/"(\w+)"/g)].map((f) => f[1] ?? "");

test("every state of a grant, a link and a key has its word", () => {
  const grants = literals("edges/wire/incidents.py", /state = "active"(?:.|\n)*?state = "revoked"/);
  const keys = literals("edges/http/keys.py", /(?<="state": )"revoked".*?(?=,\n)/);
  expect([[...new Set(grants)].sort(), keys.sort()]).toEqual([
    ["active", "ended", "revoked"],
    ["active", "ending", "revoked"],
  ]);
  for (const book of [ko, en] as Record<string, string>[]) {
    expect(keys.filter((value) => !book[`admin.${value}`])).toEqual([]);
    expect(["ended", "revoked"].filter((value) => !book[`grant.${value}`])).toEqual([]);
    expect(["healthy", "quiet", "failed", "never"].filter((value) => !book[`link.${value}`])).toEqual([]);
  }
});
