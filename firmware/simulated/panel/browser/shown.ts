/**
 * From a state to what is shown and said of it. Pure, and the same on the server and in the browser. Knows nothing but
 * the state: what it cannot tell of a citizen's choice, the page cannot either.
 */
import type { Key } from "#schemas/code-list.ts";
import type { PanelHeard, PanelLamp, PanelState } from "#schemas/panel.ts";
import type { PageWords } from "../page-words.ts";

/** What somebody in front of the totem understands from its pictograms, as one sentence. */
export function statusSentence(state: PanelState, { citizen, panel, selfTest }: PageWords): string {
  const { selfTestAsks: asks } = state;
  if (asks !== null)
    return `${asks.number}/${asks.of} · ${selfTest[asks.item] ?? panel.status.selfTest.running}`;
  switch (state.state) {
    case "idle":
      if (state.selfTest !== null) return panel.status.selfTest[state.selfTest];
      // After a press without a receipt the totem asks for one; the longer sentence is that asking.
      return state.pictograms.showReceipt === "blink"
        ? citizen.assist.showReceipt
        : citizen.pictograms.showReceipt;
    case "awaiting-face":
      return citizen.pictograms.choose;
    case "saving":
      return panel.status.saving;
    case "thanked":
      return asksReason(state)
        ? `${citizen.pictograms.thankYou}. ${citizen.reasonQuestion}`
        : citizen.pictograms.thankYou;
    case "refused":
      return state.answer === null ? citizen.pictograms.notAccepted : refusalSentence(state.answer, citizen);
    case "out-of-order":
      return citizen.outOfOrder;
  }
}

/** True while the reason keys are lit. */
export function asksReason({ lamps }: PanelState): boolean {
  return [lamps.wait, lamps.staff, lamps.return, lamps.outcome].some((lamp) => lamp !== "off");
}

/** The three answers a citizen meets instead of the reasons kept in data. */
export function refusalSentence(
  answer: NonNullable<PanelState["answer"]>,
  { refusals }: PageWords["citizen"],
): string {
  switch (answer) {
    case "already-counted":
      return refusals.alreadyCounted;
    case "try-again":
      return refusals.tryAgain;
    case "ask-desk":
      return refusals.askDesk;
  }
}

/**
 * What the voice says, in words. The state never tells which key the voice named; a page knows it only for a key it
 * pressed itself, as somebody wearing the headphones would.
 */
export function phraseSentence(
  { phrase, language }: Extract<PanelHeard, { phrase: unknown }>,
  pressedHere: Key | null,
  { panel, voice }: PageWords,
): string {
  if (phrase !== "key") return voice[language][phrase] ?? "";
  return pressedHere === null ? panel.keyNamed : (voice[language][`key-${pressedHere}`] ?? panel.keyNamed);
}

/** What was heard since a page last looked. A page that has just come hears nothing of what is past. */
export function heardSince(
  heard: readonly PanelHeard[],
  last: number | null,
): { readonly fresh: readonly PanelHeard[]; readonly last: number } {
  const newest = heard.at(-1)?.number ?? 0;
  // Numbers begin anew with each start of the totem.
  if (last === null || newest < last) return { fresh: [], last: newest };
  return { fresh: heard.filter(({ number }) => number > last), last: newest };
}

/** The same totem without power: nothing is lit. */
export function withoutPower(state: PanelState): PanelState {
  return { ...state, lamps: dark(state.lamps), pictograms: dark(state.pictograms), connected: false };
}

/** How full the bar of the journal is: an empty journal has nothing left to deliver. */
export function journalBar({ captured, acknowledged }: Pick<PanelState, "captured" | "acknowledged">): {
  readonly max: number;
  readonly value: number;
} {
  return captured === 0 ? { max: 1, value: 1 } : { max: captured, value: acknowledged };
}

/** Keys of a keyboard that press keys of the totem, left to right as the voice reads them, when somebody allowed it. */
export const DIGIT_KEYS: Readonly<Record<string, Key>> = {
  1: "green",
  2: "yellow",
  3: "red",
  4: "wait",
  5: "staff",
  6: "return",
  7: "outcome",
  0: "assist",
};

function dark<T extends Readonly<Record<string, PanelLamp>>>(lamps: T): T {
  return Object.fromEntries(Object.keys(lamps).map((name) => [name, "off"])) as T;
}
