/** The shapes: severity by shape as well as colour, and the few line icons. */
import type { Severity } from "../wire/types";

const PATHS: Record<string, string> = {
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  search: "M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14zM16 16l5 5",
  person: "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4 21c0-4 4-6 8-6s8 2 8 6",
  check: "M5 12l5 5L19 7",
  layers: "M12 3l9 5-9 5-9-5zM3 13l9 5 9-5",
  sun: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2",
  moon: "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z",
  close: "M6 6l12 12M18 6L6 18",
  pin: "M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12zM12 7a2.500 2.500 0 1 0 0 5a2.500 2.500 0 0 0 0-5z",
  ring: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8z",
  expand: "M14 4h6v6M10 20H4v-6M20 4l-7 7M4 20l7-7",
  mute: "M4 10v4h4l5 4V6l-5 4zM17 9l4 6M21 9l-4 6",
  clock: "M12 2.500a9.500 9.500 0 1 0 0 19a9.500 9.500 0 0 0 0-19zM12 6.500V12l-3.200 2.600",
};

export function Icon({ name }: { name: keyof typeof PATHS | "triangle" }) {
  if (name === "triangle")
    return (
      <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 3L22.500 21H1.500z" fill="currentColor" />
        <path d="M12 10v5M12 17.500v1" stroke="var(--panel, #10161d)" strokeWidth="2.400" fill="none" />
      </svg>
    );
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** Diamond, triangle, square or ring: told apart without colour. */
export function Shape({ severity, label }: { severity: Severity; label?: string }) {
  return (
    <svg
      className={`shape shape-${severity}`}
      viewBox="0 0 24 24"
      role={label ? "img" : undefined}
      aria-hidden={label ? undefined : true}
      aria-label={label}
    >
      {label ? <title>{label}</title> : null}
      {severity === "critical" ? <path d="M12 1.500L22.500 12L12 22.500L1.500 12z" fill="currentColor" /> : null}
      {severity === "warning" ? <path d="M12 2L23 21.500H1z" fill="currentColor" /> : null}
      {severity === "caution" ? <rect x="3" y="3" width="18" height="18" rx="2" fill="currentColor" /> : null}
      {severity === "notice" ? (
        <circle cx="12" cy="12" r="8.500" fill="none" stroke="currentColor" strokeWidth="3.500" />
      ) : null}
      {severity === "critical" ? <path d="M12 6.500v7M12 16v1.500" className="shape-mark" /> : null}
      {severity === "warning" ? <path d="M12 9v6M12 17.500v1.500" className="shape-mark" /> : null}
      {severity === "caution" ? <path d="M7.500 12h9" className="shape-mark" /> : null}
    </svg>
  );
}
