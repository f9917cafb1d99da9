/** The lights of the linkages in one row, the agencies' first; what has no room is counted and opens as a list. */
import { useEffect, useRef, useState } from "react";
import { type Known, live } from "../wire/store";
import type { Link } from "../wire/types";
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import { Icon } from "./icons";

const LIGHT_PX = 118; // the least a light is read in, with the space before it
const BESIDE_PX = 28; // its lamp and the space before it
const WIDE_PX = 12.4; // a Hangul letter of its name, and any other
const NARROW_PX = 7.2;
const MORE_PX = 52;

/** Agencies before services, and among each those that have failed before the others. */
export const agenciesFirst = (links: readonly Link[]): Link[] =>
  [...links].sort(
    (one, other) =>
      Number(one.is_agency === false) - Number(other.is_agency === false) ||
      Number(other.state === "failed") - Number(one.state === "failed"),
  );

/** About how many pixels a light takes with its whole name: cut short, two agencies of one province look the same. */
export function lightWidth(name: string): number {
  const letters = [...name].reduce((sum, letter) => sum + (letter >= "\u1100" ? WIDE_PX : NARROW_PX), 0);
  return Math.max(LIGHT_PX, BESIDE_PX + letters);
}

/** The names as they are shown: whole where all fit, else by the number an agency is called by, where only one has it. */
export function shownNames(names: readonly string[], width: number): string[] {
  if (names.reduce((sum, name) => sum + lightWidth(name), 0) <= width) return [...names];
  const numbers = names.map((name) => /(?:^|\s)(\d{3,4})$/.exec(name)?.[1]);
  return names.map((name, at) => {
    const number = numbers[at];
    return number !== undefined && numbers.filter((each) => each === number).length === 1 ? number : name;
  });
}

/** How many lights of these widths are shown in so many pixels: all, or as many as leave room to count the others. */
export function roomFor(widths: readonly number[], width: number): number {
  const whole = widths.reduce((sum, each) => sum + each, 0);
  if (whole <= width) return widths.length;
  let left = width - MORE_PX;
  let shown = 0;
  for (const each of widths) {
    left -= each;
    if (left < 0) break;
    shown += 1;
  }
  return Math.min(widths.length, Math.max(1, shown));
}

/** When what a light says began: failing since, quiet since the last message of the way that is quiet, else the last. */
export function since(link: Link): string | null {
  const why = link.lights?.find((light) => light.state === link.state);
  if (link.state === "failed") return why?.failing_since ?? link.last_at;
  return (link.state === "quiet" ? why?.last_at : null) ?? link.last_at;
}

function LinkLight({ link, name }: { link: Link; name: string }) {
  const now = useNow();
  const { t, say, language } = useWords();
  const at = since(link);
  const ago = at ? age((now - Date.parse(at)) / 1000, language) : t("link.neverAge");
  const wrong = link.state === "failed";
  const failing = link.lights?.find((light) => light.state === "failed");
  const lines = (link.lights ?? []).map((light) => `${t(`linkage.${light.direction}`)}: ${say(light.detail)}`);
  const words = failing?.direction === "out" ? t("link.notSent") : t(`link.${link.state}`);
  return (
    <span
      className={`link link-${link.state}`}
      data-testid="link"
      data-state={link.state}
      title={[say(link.name), ...(lines.length > 0 ? lines : [say(link.detail)])].join("\n")}
    >
      {wrong ? <Icon name="triangle" /> : <i className="light" />}
      <strong>{name}</strong>
      <span className="meta">
        {link.state === "healthy" ? ago : `${words} ${link.state === "never" ? "" : ago}`}
        {link.waiting ? ` · ${t("linkage.waiting", { count: link.waiting })}` : null}
      </span>
    </span>
  );
}

function Connection({ known }: { known: Known }) {
  const now = useNow();
  const { t, language } = useWords();
  if (known.connected || known.lostAt === null) return null;
  return (
    <span className="link link-failed" role="alert" data-testid="disconnected">
      <Icon name="triangle" />
      <strong>{t("link.console")}</strong>
      <span className="meta">{t("link.cut", { age: age((now - live.offset - known.lostAt) / 1000, language) })}</span>
    </span>
  );
}

/** How wide the row is, in pixels; endless until it is known. */
function useWidth(row: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const box = row.current;
    if (!box || !("ResizeObserver" in window)) return;
    const seen = new ResizeObserver(() => setWidth(box.clientWidth));
    seen.observe(box);
    return () => seen.disconnect();
  }, [row]);
  return width;
}

export function Links({ known }: { known: Known }) {
  const { t, say } = useWords();
  const row = useRef<HTMLDivElement>(null);
  const width = useWidth(row);
  const [open, setOpen] = useState(false);
  const cut = !known.connected && known.lostAt !== null;
  const links = agenciesFirst(known.links);
  const room = cut ? width - LIGHT_PX : width;
  const names = shownNames(
    links.map((link) => say(link.name)),
    room,
  );
  const shown = roomFor(names.map(lightWidth), room);
  const rest = links.slice(shown);
  const failed = rest.some((link) => link.state === "failed");
  return (
    <div className="links">
      <div className="links-row" ref={row}>
        <Connection known={known} />
        {links.slice(0, shown).map((link, at) => (
          <LinkLight key={link.id} link={link} name={names[at] ?? say(link.name)} />
        ))}
        {rest.length > 0 ? (
          <button
            type="button"
            className={`small links-more ${failed ? "link-failed" : ""}`}
            aria-expanded={open}
            aria-label={t("link.more", { count: rest.length })}
            title={rest.map((link) => `${say(link.name)}: ${t(`link.${link.state}`)}`).join("\n")}
            data-testid="links-more"
            onClick={() => setOpen(!open)}
          >
            {failed ? <Icon name="triangle" /> : null}+{rest.length}
          </button>
        ) : null}
      </div>
      {open && rest.length > 0 ? (
        <div className="menu links-menu" data-testid="links-menu">
          {rest.map((link) => (
            <LinkLight key={link.id} link={link} name={say(link.name)} />
          ))}
        </div>
      ) : null}
    </div>
  );
}
