/** Which incident is open, where the browser keeps nothing for the page as where it does. */
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { keptDocked, useDocked } from "../src/shell/useDocked";

const real = Object.getOwnPropertyDescriptor(window, "sessionStorage");
const closed = () => {
  throw new DOMException("The operation is insecure.", "SecurityError");
};
afterEach(() => {
  cleanup();
  if (real) Object.defineProperty(window, "sessionStorage", real);
  window.sessionStorage.clear();
});
const docking = () => renderHook(() => useDocked("acc", null, () => {}));

describe("the incident that is open", () => {
  it("is opened where storage is closed, and not found again", () => {
    Object.defineProperty(window, "sessionStorage", { get: closed, configurable: true });
    const { result } = docking();
    expect(result.current.docked).toBeNull();
    act(() => result.current.setDocked("inc-1"));
    expect([result.current.docked, keptDocked("acc")]).toEqual(["inc-1", null]);
  });
  it("is found again by a page loaded anew, for its own account", () => {
    const { result, unmount } = docking();
    act(() => result.current.setDocked("inc-1"));
    unmount();
    expect([docking().result.current.docked, keptDocked("other")]).toEqual(["inc-1", null]);
  });
});
