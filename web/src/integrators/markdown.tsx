/** How a linkage's own README is shown: the few signs of Markdown our pages use, and never any HTML. */
import { Fragment, type ReactNode } from "react";

type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "code"; text: string }
  | { kind: "list"; ordered: boolean; items: string[] }
  | { kind: "table"; rows: string[][] }
  | { kind: "text"; text: string };

const cells = (line: string) =>
  line
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

function takeWhile(lines: string[], from: number, fits: (line: string) => boolean): string[] {
  let until = from;
  while (until < lines.length && fits(lines[until] as string)) until += 1;
  return lines.slice(from, until);
}

/** The blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const lines = page.split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as string;
    const heading = /^(#{1,4}) (.*)$/.exec(line);
    const item = /^(?:[-*]|\d+\.) /;
    if (line.startsWith("```")) {
      const inside = takeWhile(lines, at + 1, (one) => !one.startsWith("```"));
      blocks.push({ kind: "code", text: inside.join("\n") });
      at += inside.length + 2;
    } else if (heading) {
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, text: heading[2] ?? "" });
      at += 1;
    } else if (line.startsWith("|")) {
      const rows = takeWhile(lines, at, (one) => one.startsWith("|"));
      blocks.push({ kind: "table", rows: rows.filter((one) => !/^\|[\s:|-]+\|?$/.test(one)).map(cells) });
      at += rows.length;
    } else if (item.test(line)) {
      const taken = takeWhile(lines, at, (one) => item.test(one) || /^\s+\S/.test(one));
      const items: string[] = [];
      for (const one of taken)
        if (item.test(one)) items.push(one.replace(item, ""));
        else items[items.length - 1] += ` ${one.trim()}`;
      blocks.push({ kind: "list", ordered: /^\d/.test(line), items });
      at += taken.length;
    } else if (line.trim() === "") {
      at += 1;
    } else {
      const taken = takeWhile(lines, at, (one) => one.trim() !== "" && !/^(#{1,4} |```|\||[-*] |\d+\. )/.test(one));
      blocks.push({ kind: "text", text: taken.join(" ") });
      at += Math.max(1, taken.length);
    }
  }
  return blocks;
}

/** Bold, code and links within a line; a link is shown by its words, since its target lies in the repository. */
function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).map((part, index) => {
    const key = `${index}${part}`;
    if (part.startsWith("`")) return <code key={key}>{part.slice(1, -1)}</code>;
    if (part.startsWith("**")) return <strong key={key}>{inline(part.slice(2, -2))}</strong>;
    const link = /^\[([^\]]+)\]\(/.exec(part);
    return <Fragment key={key}>{link ? link[1] : part}</Fragment>;
  });
}

function Drawn({ block }: { block: Block }) {
  if (block.kind === "code") return <pre>{block.text}</pre>;
  if (block.kind === "text") return <p>{inline(block.text)}</p>;
  if (block.kind === "list") {
    const items = block.items.map((item) => <li key={item}>{inline(item)}</li>);
    return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  if (block.kind === "table")
    return (
      <div className="plain-scroll">
        <table className="plain-table">
          <tbody>
            {block.rows.map((row, number) => (
              <tr key={row.join("|")}>
                {row.map((cell, place) => {
                  const Cell = number === 0 ? "th" : "td";
                  // biome-ignore lint/suspicious/noArrayIndexKey: a page does not change while it is read
                  return <Cell key={place}>{inline(cell)}</Cell>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  return block.level <= 2 ? <h3>{inline(block.text)}</h3> : <h4>{inline(block.text)}</h4>;
}

/** The page in one language: what stands before `## English`, or behind it. */
export function inLanguage(page: string, language: "ko" | "en"): string {
  const [korean = "", english] = page.split(/^## English\s*$/m);
  return language === "en" && english !== undefined ? english : korean;
}

export function Markdown({ page }: { page: string }) {
  return (
    <div className="markdown">
      {blocksOf(page).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a page does not change while it is read
        <Drawn key={index} block={block} />
      ))}
    </div>
  );
}
