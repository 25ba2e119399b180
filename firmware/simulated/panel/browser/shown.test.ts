/** From a state to words: what the page says of a totem. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACES, KEYS, REASON_KEYS, REFUSAL_ANSWERS } from "#schemas/code-list.ts";
import {
  LAMPS,
  PANEL_PHASES,
  PANEL_PHRASES,
  type PanelHeard,
  type PanelLamp,
  type PanelState,
} from "#schemas/panel.ts";
import { pageWords } from "../page-words.ts";
import {
  asksReason,
  DIGIT_KEYS,
  heardSince,
  journalBar,
  phraseSentence,
  statusSentence,
  withoutPower,
} from "./shown.ts";

const words = { it: pageWords(1, "it"), en: pageWords(1, "en") };

const dark = Object.fromEntries([...FACES, ...REASON_KEYS, "assist"].map((key) => [key, "off"]));

const IDLE: PanelState = {
  totemId: "totem-1",
  state: "idle",
  refusal: null,
  answer: null,
  lamps: dark as PanelState["lamps"],
  pictograms: { showReceipt: "on", choose: "off", thankYou: "off", notAccepted: "off" },
  testMode: false,
  selfTest: null,
  selfTestAsks: null,
  selfTestReport: false,
  heard: [],
  pending: 0,
  captured: 0,
  acknowledged: 0,
  connected: true,
  networkPlugged: true,
  scannerPlugged: true,
  headphones: false,
  jammed: [],
  clock: { offsetMs: 0, synchronized: true, trusted: true },
  wording: 1,
  sample: false,
  services: [],
};

describe("the sentence for a state", () => {
  const { citizen } = words.it;
  const cases: readonly (readonly [string, Partial<PanelState>, string])[] = [
    ["idle asks for the receipt", {}, citizen.pictograms.showReceipt],
    [
      "after a press without receipt it asks at length",
      { pictograms: { ...IDLE.pictograms, showReceipt: "blink" } },
      citizen.assist.showReceipt,
    ],
    ["awaiting a face it asks to choose", { state: "awaiting-face" }, citizen.pictograms.choose],
    ["thanked it thanks", { state: "thanked" }, citizen.pictograms.thankYou],
    [
      "with lit reason keys it asks for the reason too",
      { state: "thanked", lamps: { ...IDLE.lamps, staff: "on" } },
      `${citizen.pictograms.thankYou}. ${citizen.reasonQuestion}`,
    ],
    [
      "refused it gives the citizen's answer, not the reason kept in data",
      { state: "refused", refusal: "bad-signature", answer: "ask-desk" },
      citizen.refusals.askDesk,
    ],
    ["out of order it says so", { state: "out-of-order" }, citizen.outOfOrder],
    [
      "during a self-test it says how far it is and what it asks for",
      { selfTest: "running", selfTestAsks: { step: "keys", item: "key-yellow", number: 2, of: 31 } },
      "2/31 · Prema il tasto in alto al centro, la faccina con la bocca diritta: Sufficiente.",
    ],
    ["after a self-test it gives its outcome", { selfTest: "failed" }, words.it.panel.status.selfTest.failed],
  ];
  for (const [name, over, expected] of cases) {
    it(name, () => expect(statusSentence({ ...IDLE, ...over }, words.it)).toBe(expected));
  }

  it("is there for every state, in both languages, and never the same in both", () => {
    const lamp = fc.constantFrom(...LAMPS);
    const states = fc.record({
      state: fc.constantFrom(...PANEL_PHASES),
      answer: fc.option(fc.constantFrom(...REFUSAL_ANSWERS)),
      selfTest: fc.option(fc.constantFrom("running", "passed", "failed")),
      pictograms: fc.record({ showReceipt: lamp, choose: lamp, thankYou: lamp, notAccepted: lamp }),
    });
    fc.assert(
      fc.property(states, (over) => {
        const state = { ...IDLE, ...over } as PanelState;
        const [italian, english] = [statusSentence(state, words.it), statusSentence(state, words.en)];
        expect(italian).not.toBe("");
        expect(italian).not.toBe(english);
      }),
    );
  });

  it("does not depend on which reason key would be lit alone", () => {
    const sentences = REASON_KEYS.map((key) =>
      statusSentence({ ...IDLE, state: "thanked", lamps: { ...IDLE.lamps, [key]: "on" } }, words.it),
    );
    expect(new Set(sentences).size).toBe(1);
    expect(asksReason(IDLE)).toBe(false);
  });
});

describe("the voice in writing", () => {
  const phrase = (name: string, language: "it" | "en" = "it") =>
    ({ number: 1, phrase: name, language }) as const;

  it("has a sentence for every phrase in both languages", () => {
    for (const name of PANEL_PHRASES) {
      const both = [words.it, words.en].map((w) => phraseSentence(phrase(name, w.language), null, w));
      expect(both[0]).not.toBe("");
      expect(both[0]).not.toBe(both[1]);
    }
    expect(phraseSentence(phrase("refused-try-again"), null, words.it)).toBe(
      words.it.citizen.refusals.tryAgain,
    );
  });

  it("is in the citizen's language, whatever the page's is", () => {
    expect(phraseSentence(phrase("choose", "en"), null, words.it)).toBe(words.en.citizen.assist.choose);
    expect(phraseSentence(phrase("choose", "it"), null, words.en)).toBe(words.it.citizen.assist.choose);
  });

  it("names a key only to the page that pressed it", () => {
    expect(phraseSentence(phrase("key"), "red", words.it)).toContain(words.it.citizen.faces.red);
    expect(phraseSentence(phrase("key", "en"), "staff", words.it)).toContain(words.en.citizen.reasons.staff);
    expect(phraseSentence(phrase("key"), null, words.it)).toBe(words.it.panel.keyNamed);
  });
});

describe("what was heard since a page last looked", () => {
  it("is everything once and in order, however the states overlap", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 20 }), (steps) => {
        const all: PanelHeard[] = [];
        const played: number[] = [];
        let last = heardSince([], null).last;
        for (const step of steps) {
          for (let more = 0; more < step; more += 1) all.push({ number: all.length + 1, sound: "click" });
          const heard = heardSince(all.slice(-32), last);
          last = heard.last;
          played.push(...heard.fresh.map(({ number }) => number));
        }
        expect(played).toEqual(all.map(({ number }) => number));
      }),
    );
  });

  it("is nothing for a page that has just come, and nothing old after a restart", () => {
    const heard: PanelHeard[] = [1, 2, 3].map((number) => ({ number, sound: "click" }));
    expect(heardSince(heard, null)).toEqual({ fresh: [], last: 3 });
    expect(heardSince(heard, 40)).toEqual({ fresh: [], last: 3 });
    expect(heardSince([], 3)).toEqual({ fresh: [], last: 0 });
  });
});

it("A totem without power is dark everywhere and connected to nothing", () => {
  const lit = <T extends object>(lamps: T) =>
    Object.fromEntries(Object.keys(lamps).map((name) => [name, "blink"])) as Record<keyof T, PanelLamp>;
  const off = withoutPower({ ...IDLE, lamps: lit(IDLE.lamps), pictograms: lit(IDLE.pictograms) });
  expect(new Set([...Object.values(off.lamps), ...Object.values(off.pictograms)])).toEqual(new Set(["off"]));
  expect(Object.keys(off.lamps)).toEqual(Object.keys(IDLE.lamps));
  expect(off.connected).toBe(false);
});

it("The journal's bar is full when nothing is pending, also before the first entry", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (acknowledged, pending) => {
      const { max, value } = journalBar({ captured: acknowledged + pending, acknowledged });
      expect(max).toBeGreaterThan(0);
      expect(value <= max).toBe(true);
      expect(value === max).toBe(pending === 0);
    }),
  );
});

it("The keyboard has every citizen's key once, in the order of the machine, and never the service key", () => {
  const order = ["1", "2", "3", "4", "5", "6", "7", "0"].map((digit) => DIGIT_KEYS[digit]);
  expect(order).toEqual(KEYS.filter((key) => key !== "service"));
});
