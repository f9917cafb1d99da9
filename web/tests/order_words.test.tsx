// @vitest-environment jsdom
/** Words typed with an order go with every later one of that incident too, and the guide names who is joined. */
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Guide } from "../src/integrators/Guide";
import type { Linkage } from "../src/integrators/types";
import { Dispatch } from "../src/units/Dispatch";
import type { IncidentDetail } from "../src/wire/types";

const none = { ko: "", en: "" };
const fire = { id: "agency-119", name: { ko: "119", en: "119" } };
const candidate = (id: string) => ({
  unit: {
    id,
    call_sign: `팔달${id}호`,
    kind: "engine",
    kind_name: none,
    state: "available",
    state_name: none,
    agency: fire,
    incident: null,
    capabilities: [],
    may: [],
    place: { lon: 127, lat: 37, age_s: 1 },
  },
  fitness: "suggested",
  seconds: 60,
  fills: null,
  reasons: [],
  last_of_beat: false,
  needs_sharing: false,
});
const incident = (id: string) => ({ id, state: "open", timeline: [{ position: 1 }] }) as unknown as IncidentDetail;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("words typed for the first units go with one added later, and never to another incident", async () => {
  const told: string[] = [];
  vi.stubGlobal("fetch", async (path: string, asked?: RequestInit) => {
    if (String(path) === "/api/orders" && asked?.method === "POST") {
      told.push((JSON.parse(String(asked.body)) as { words: string }).words);
      return Response.json({ items: [] });
    }
    const suggested = [candidate("1"), candidate("2")];
    const of = String(path).includes("inc-2") ? "inc-2" : "inc-1";
    return Response.json({
      incident_id: of,
      at: new Date(Date.now() + 60_000).toISOString(), // made after the order
      card: null,
      wants: [],
      suggested,
      notes: [],
      orders: [],
      may_order: true,
      items: [],
    });
  });
  const { rerender } = render(<Dispatch detail={incident("inc-1")} />);
  const field = async () => (await screen.findByTestId("order-words-field")) as HTMLInputElement;
  fireEvent.change(await field(), { target: { value: "후문으로" } });
  for (const count of [1, 2]) {
    const send = () => screen.getByTestId("order-suggested") as HTMLButtonElement;
    await waitFor(() => expect(send().disabled).toBe(false));
    fireEvent.click(send());
    await waitFor(() => expect(told.length).toBe(count));
  }
  expect(told).toEqual(["후문으로", "후문으로"]);
  rerender(<Dispatch detail={incident("inc-2")} />);
  await waitFor(async () => expect((await field()).value).toBe(""));
});

test("the key to try with is of an agency that is joined over the linkage", () => {
  const light = {
    state: "never",
    direction: "in",
    detail: none,
    counts: { passed: 0, failed: 0, repeats: 0, logins: 0 },
  };
  const lights = [{ ...light, agency_id: fire.id, agency: fire.name }];
  const linkage = { name: "fixed_head_tcp", title: none, addresses: [], wires: [], readme: "", settings: {}, lights };
  render(<Guide linkage={linkage as unknown as Linkage} />);
  expect(screen.getByTestId("linkage-try").textContent).toBe("goldentime keys issue agency-119 --sandbox");
});
