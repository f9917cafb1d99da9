/** How the console asks the server; the only place that adds credentials, and it keeps a viewer's token in memory only. */
import { both } from "../words/words";
import type { Text } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Text,
    readonly field: string | null = null,
  ) {
    super(text.en);
  }
}

let bearer: string | null = null;
let onUnauthenticated: () => void = () => {};

export function carryToken(token: string | null): void {
  bearer = token;
}

export const hasToken = (): boolean => bearer !== null;

export function whenUnauthenticated(act: () => void): void {
  onUnauthenticated = act;
}

/** Headers that every request carries; HLS and the live stream use them too. */
export function credentials(): Record<string, string> {
  return bearer === null ? { "X-Goldentime": "1" } : { "X-Goldentime": "1", Authorization: `Bearer ${bearer}` };
}

/** The code of an answer that is not the server's own: a proxy's, a portal's, or nothing at all. */
export const NOT_OURS = "error";

async function failure(answer: Response): Promise<ApiError> {
  const fallback = both("error.server", { status: answer.status });
  try {
    const body = (await answer.json()) as { error?: { code?: unknown; text?: Text; field?: string | null } } | null;
    const { code, text, field } = body?.error ?? {};
    // a proxy's own JSON may have an "error" too; words in two languages are ours
    if (typeof code === "string" && typeof text?.ko === "string")
      return new ApiError(answer.status, code, text, field ?? null);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return new ApiError(answer.status, NOT_OURS, fallback);
}

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, headers: { ...credentials(), ...init.headers }, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error; // the page's own wish
    throw new ApiError(0, "unreachable", both("error.unreachable"));
  }
  if (answer.ok) return answer;
  const error = await failure(answer);
  if (answer.status === 401 && error.code !== NOT_OURS && path !== "/api/session") onUnauthenticated();
  throw error;
}

/** A body read to its end; a link that breaks off in the middle is told as one that was never there. */
export async function whole<T>(body: Promise<T>): Promise<T> {
  try {
    return await body;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", both("error.unreachable"));
  }
}

async function send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { method, ...(signal ? { signal } : {}) };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  const answer = await request(path, init);
  const words = await whole(answer.text());
  return (words === "" ? null : JSON.parse(words)) as T;
}

export const api = {
  /** A `signal` that times out gives the error "unreachable". */
  get: <T>(path: string, signal?: AbortSignal) => send<T>("GET", path, undefined, signal),
  post: <T>(path: string, body: unknown = {}, signal?: AbortSignal) => send<T>("POST", path, body, signal),
  put: <T>(path: string, body: unknown) => send<T>("PUT", path, body),
  remove: <T>(path: string) => send<T>("DELETE", path),
};
