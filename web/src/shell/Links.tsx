/** The lights of the linkages in one row, the agencies' first; what has no room is counted and opens as a list. */
import { useEffect, useRef, useState } from "react";
import { type Known, live } from "../wire/store";
import type { Link } from "../wire/types";
import { age, useNow } from "../words/time";
import { useWords } from "../words/words";
import { Icon } from "./icons";

const LIGHT_PX = 118; // the least a light is read in, with the space before it
const MORE_PX = 52;

/** Agencies before services, and among each those that have failed before the others. */
export const agenciesFirst = (links: readonly Link[]): Link[] =>
  [...links].sort(
    (one, other) =>
      Number(one.is_agency === false) - Number(other.is_agency === false) ||
      Number(other.state === "failed") - Number(one.state === "failed"),
  );

/** How many of `count` lights are shown in so many pixels: all, or as many as leave room for the count of the others. */
export function roomFor(count: number, width: number): number {
  if (count * LIGHT_PX <= width) return count;
  return Math.min(count, Math.max(1, Math.floor((width - MORE_PX) / LIGHT_PX)));
}

function LinkLight({ link }: { link: Link }) {
  const now = useNow();
  const { t, say, language } = useWords();
  const since = link.last_at ? age((now - Date.parse(link.last_at)) / 1000, language) : t("link.neverAge");
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
      <strong>{say(link.name)}</strong>
      <span className="meta">
        {link.state === "healthy" ? since : `${words} ${link.state === "never" ? "" : since}`}
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
  const shown = Math.min(links.length, roomFor(links.length, cut ? width - LIGHT_PX : width));
  const rest = links.slice(shown);
  const failed = rest.some((link) => link.state === "failed");
  return (
    <div className="links">
      <div className="links-row" ref={row}>
        <Connection known={known} />
        {links.slice(0, shown).map((link) => (
          <LinkLight key={link.id} link={link} />
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
            <LinkLight key={link.id} link={link} />
          ))}
        </div>
      ) : null}
    </div>
  );
}
