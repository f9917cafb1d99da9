// @vitest-environment jsdom
/** How an incident ends: the ways that are offered, and that its clock stops. */
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { CloseDialog } from "../src/incidents/dialogs";
import { lastMoment } from "../src/incidents/Incident";
import { detail } from "./samples";

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  HTMLDialogElement.prototype.close ??= () => undefined;
});
afterEach(cleanup);

test("a real incident cannot be closed as a drill, by sight or by key; a drill can", () => {
  const close = vi.fn();
  const { container, rerender } = render(<CloseDialog detail={detail({})} close={close} cancel={vi.fn()} />);
  expect(screen.getAllByRole("radio", { hidden: true })).toHaveLength(4);
  const form = container.querySelector("form") as HTMLFormElement;
  fireEvent.keyDown(form, { code: "Digit5" });
  fireEvent.submit(form);
  expect(close).toHaveBeenCalledWith("handled", "");
  rerender(<CloseDialog key="drill" detail={detail({ drill: true })} close={close} cancel={vi.fn()} />);
  expect(screen.getAllByRole("radio", { hidden: true })).toHaveLength(5);
  fireEvent.submit(container.querySelector("form") as HTMLFormElement);
  expect(close).toHaveBeenLastCalledWith("drill", "");
});

test("what is closed goes on no longer", () => {
  const closed_at = "2026-11-22T12:10:00+09:00";
  const later = Date.parse("2026-11-22T13:00:00+09:00");
  expect(lastMoment(detail({ closed_at }), later)).toBe(Date.parse(closed_at));
  expect(lastMoment(detail({}), later)).toBe(later);
});
