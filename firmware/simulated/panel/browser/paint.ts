/**
 * Brings the page to a state: lamps, pictograms, figures, check marks. Changes only what differs.
 */
import type { PanelLamp, PanelState } from "#schemas/panel.ts";
import type { PageWords } from "../page-words.ts";
import { byId, setChecked, setShown, setText } from "./elements.ts";
import { journalBar, statusSentence, withoutPower } from "./shown.ts";

/** The totem as it is. */
export function paint(state: PanelState, words: PageWords): void {
  paintMachine(state, "on", words);
  setText("status", statusSentence(state, words));
  paintJournal(state);
  paintWorld(state, words);
  for (const mark of document.querySelectorAll<HTMLElement>("[data-sample]")) mark.hidden = !state.sample;
}

/** The totem without power, or out of reach: dark, and said so. What was known of it last stays, marked as old. */
export function paintOff(last: PanelState | null, words: PageWords): void {
  setText("status", words.panel.status.off);
  if (last === null) return;
  const off = withoutPower(last);
  paintMachine(off, "off", words);
  paintWorld(off, words);
}

function paintMachine(state: PanelState, power: "on" | "off", { language, panel }: PageWords): void {
  const totem = byId("totem", HTMLElement);
  totem.dataset["power"] = power;
  totem.dataset["state"] = state.state;
  totem.dataset["refusal"] = state.refusal ?? "";
  totem.dataset["testMode"] = String(state.testMode);
  byId("workshop", HTMLElement).dataset["power"] = power;
  byId("power-state", HTMLElement).dataset["power"] = power;
  setText("power-state", power === "on" ? panel.workshop.on : panel.workshop.off);
  setText("journal-note", power === "on" ? panel.journal.now : panel.journal.old);
  setShown("self-test-report", state.selfTestReport && power === "on");
  // A link to a report that is not there yet leads nowhere.
  if (state.selfTestReport) {
    byId("self-test-report-link", HTMLAnchorElement).href = `/panel/self-test-report?lang=${language}`;
  }
  setShown("test-mode", state.testMode && power === "on");
  for (const [key, lamp] of Object.entries(state.lamps))
    light(`key-${key}`, `lamp-${key}`, lamp, panel.lamps);
  for (const [name, lamp] of Object.entries(state.pictograms)) {
    const id = name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    light(`pictogram-${id}`, `lamp-${id}`, lamp, panel.lamps);
  }
}

function light(id: string, descriptionId: string, lamp: PanelLamp, names: PageWords["panel"]["lamps"]): void {
  const element = byId(id, HTMLElement);
  if (element.dataset["lamp"] === lamp) return;
  element.dataset["lamp"] = lamp;
  setText(descriptionId, names[lamp]);
}

function paintJournal(state: PanelState): void {
  for (const name of ["captured", "acknowledged", "pending"] as const) {
    setText(`journal-${name}`, String(state[name]));
  }
  const bar = byId("journal-bar", HTMLProgressElement);
  const { max, value } = journalBar(state);
  bar.max = max;
  bar.value = value;
}

function paintWorld(state: PanelState, { panel }: PageWords): void {
  byId("connected", HTMLElement).dataset["connected"] = String(state.connected);
  setText("connected", state.connected ? panel.cables.connected : panel.cables.disconnected);
  byId("clock-trust", HTMLElement).dataset["trusted"] = String(state.clock.trusted);
  setText("clock-trust", state.clock.trusted ? panel.clock.trusted : panel.clock.untrusted);
  byId("scanner", HTMLElement).dataset["plugged"] = String(state.scannerPlugged);
  setText("scanner-state", state.scannerPlugged ? panel.totem.scannerReady : panel.totem.scannerUnplugged);
  setShown("refusal-line", state.refusal !== null);
  setText("refusal", state.refusal ?? "");
  setChecked("network-plugged", state.networkPlugged);
  setChecked("scanner-plugged", state.scannerPlugged);
  setChecked("headphones-plugged", state.headphones);
  for (const box of document.querySelectorAll<HTMLInputElement>("#jams input")) {
    setChecked(box.id, (state.jammed as readonly string[]).includes(box.id.slice("jam-".length)));
  }
}
