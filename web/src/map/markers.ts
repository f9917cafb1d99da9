/** The few things on the map that are elements: incidents, numbers of docked cameras, a pin. */
import type { IncidentSummary } from "../wire/types";

const SHAPES: Record<IncidentSummary["severity"], string> = {
  critical:
    '<path d="M12 1.500L22.500 12L12 22.500L1.500 12z" fill="currentColor"/><path class="shape-mark" d="M12 6.500v7M12 16v1.500"/>',
  warning: '<path d="M12 2L23 21.500H1z" fill="currentColor"/><path class="shape-mark" d="M12 9v6M12 17.500v1.500"/>',
  caution:
    '<rect x="3" y="3" width="18" height="18" rx="2" fill="currentColor"/><path class="shape-mark" d="M7.500 12h9"/>',
  notice: '<circle cx="12" cy="12" r="8.500" fill="none" stroke="currentColor" stroke-width="3.500"/>',
};

export function incidentMarker(item: IncidentSummary, title: string, chosen: boolean, act: () => void): HTMLElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `marker ${chosen ? "marker-chosen" : ""} ${item.place_estimated ? "marker-estimated" : ""} ${item.drill ? "marker-drill" : ""}`;
  element.setAttribute("aria-label", title);
  element.innerHTML = `<svg class="shape shape-${item.severity}" viewBox="0 0 24 24" aria-hidden="true">${SHAPES[item.severity]}</svg>`;
  if (chosen) {
    const label = document.createElement("span");
    label.className = "marker-label";
    label.textContent = title;
    element.append(label);
  }
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    act();
  });
  return element;
}

export function numberMarker(rank: number, name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "marker-number";
  element.textContent = String(rank);
  element.title = name;
  return element;
}

export function pinMarker(): HTMLElement {
  const element = document.createElement("div");
  element.className = "marker-pin";
  return element;
}
