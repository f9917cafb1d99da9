// @vitest-environment jsdom
/** Whom a sighting goes to unless the operator says otherwise, and where it is said to be. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { SightingDialog, toldFirst } from "../src/incidents/SightingDialog";
import type { IncidentDetail, LngLat } from "../src/wire/types";
import { detail, grant } from "./samples";

const name = (words: string) => ({ ko: words, en: words });
const POLICE = { id: "agency-112", name: name("police"), hears: true };
const FIRE = { id: "agency-119", name: name("fire"), hears: true };
const AGENCIES = [FIRE, POLICE];
const chase = (part: Partial<IncidentDetail> = {}) =>
  detail({ agency: { id: POLICE.id, name: POLICE.name }, grants: [grant({ agency: POLICE })], ...part });

let sent: Record<string, unknown>[] = [];
beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= () => undefined;
  HTMLDialogElement.prototype.close ??= () => undefined;
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => undefined;
});
beforeEach(() => {
  sent = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    if (path !== "/api/sightings") return new Response("picture");
    sent.push(JSON.parse(String(init.body)));
    return new Response(JSON.stringify({ position: 1, told: true, picture: true }), { status: 201 });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function ask(of: IncidentDetail, spot: LngLat | null = null, agencies = AGENCIES) {
  const done = vi.fn();
  const seen = [{ cameraId: "c", viewId: "vue-1", name: "1 crossing" }];
  const { container } = render(
    <SightingDialog detail={of} seen={seen} agencies={agencies} spot={spot} done={done} cancel={vi.fn()} />,
  );
  const field = (which: string) => container.querySelector(`[name="${which}"]`) as HTMLInputElement;
  const agency = (id: string) => container.querySelector(`[name="agency"][value="${id}"]`) as HTMLInputElement;
  const send = async () => {
    fireEvent.change(field("words"), { target: { value: "white van" } });
    fireEvent.submit(container.querySelector("form") as HTMLFormElement);
    await waitFor(() => expect(done).toHaveBeenCalled());
    return sent.at(-1);
  };
  return { field, agency, send, done };
}

test("on a chase of the police a plate and Enter tells the police and every crew, never the fire service", async () => {
  const { field, send } = ask(chase());
  fireEvent.change(field("plate"), { target: { value: "12가3456" } });
  expect(screen.queryByTestId("sighting-grants")).toBeNull();
  expect(await send()).toMatchObject({ agency_ids: [POLICE.id], crews: true, plate: "12가3456" });
});

test("the fire service is one choice more, and that it may then look is said before it is sent", async () => {
  const { agency, send } = ask(chase());
  fireEvent.click(agency(FIRE.id));
  expect(screen.getByTestId("sighting-grants").textContent).toContain("fire");
  expect(await send()).toMatchObject({ agency_ids: [POLICE.id, FIRE.id], crews: true });
});

test("the reporting agency is first only while it looks on or has units there, and can be told at all", () => {
  expect(toldFirst(chase({ grants: [] }), AGENCIES)).toEqual([]);
  expect(toldFirst(chase({ grants: [grant({ agency: POLICE, state: "ended" })] }), AGENCIES)).toEqual([]);
  const car = grant({ agency: null, unit: { id: "P1", name: "P1", agency: POLICE.id } });
  expect(toldFirst(chase({ grants: [car] }), AGENCIES)).toEqual([POLICE.id]);
  expect(toldFirst(chase(), [FIRE, { ...POLICE, hears: false }])).toEqual([]);
  expect(toldFirst(detail({ agency: null, grants: [grant({ agency: FIRE })] }), AGENCIES)).toEqual([]);
});

test("an agency that no linkage speaks to cannot be chosen", () => {
  const { agency } = ask(chase(), null, [{ ...FIRE, hears: false }, POLICE]);
  expect(agency(FIRE.id).disabled).toBe(true);
});

test("without a point on the map the incident's own place is meant; with one, that point and its address", async () => {
  expect(await ask(chase()).send()).not.toHaveProperty("place");
  cleanup();
  const { field, send } = ask(chase(), [127.05, 37.25]);
  fireEvent.change(field("address"), { target: { value: " 나루로 9 " } });
  expect(await send()).toMatchObject({ place: { lon: 127.05, lat: 37.25, words: "나루로 9" } });
});

test("the point on the map can be left for the incident's own place", async () => {
  const { send } = ask(chase(), [127.05, 37.25]);
  fireEvent.click(screen.getAllByRole("radio", { hidden: true })[1] as HTMLElement);
  expect(await send()).not.toHaveProperty("place");
});
