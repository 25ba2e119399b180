/**
 * What the totem shows for a state: lamps and pictograms. Derived, never stored, so that a lamp cannot disagree with
 * the session. Lit reason keys after red are the one thing a bystander can tell from it; they are hooded.
 */
import { FACES, KEYS, type Key, REASON_KEYS, type Refusal } from "#schemas/code-list.ts";
import type { SessionRules } from "./rules.ts";
import type { PhaseName, Session } from "./state.ts";
import { mayChange } from "./step.ts";

export type Lamp = "off" | "on" | "blink";

/** The lamps of the keys a citizen can press; the service key has none. */
export const LAMP_KEYS = [...FACES, ...REASON_KEYS, "assist"] as const satisfies readonly Key[];
export type LampKey = (typeof LAMP_KEYS)[number];

/** The four lit pictograms of a totem without a screen. */
export const PICTOGRAMS = ["showReceipt", "choose", "thankYou", "notAccepted"] as const;
export type Pictogram = (typeof PICTOGRAMS)[number];

export type View = {
  readonly state: PhaseName;
  readonly refusal: Refusal | null;
  readonly lamps: Readonly<Record<LampKey, Lamp>>;
  readonly pictograms: Readonly<Record<Pictogram, Lamp>>;
  /** Test mode has a pattern of its own, so that nobody takes a test for a vote. */
  readonly testMode: boolean;
  readonly selfTest: Session["selfTest"];
};

/** What is lit now. */
export function viewOf(state: Session, rules: SessionRules): View {
  const { phase } = state;
  return {
    state: phase.name,
    refusal: phase.name === "refused" ? phase.refusal : null,
    lamps: lampsOf(state, rules),
    pictograms: pictogramsOf(state),
    testMode: state.mode === "test",
    selfTest: state.selfTest,
  };
}

function lampsOf(state: Session, rules: SessionRules): Record<LampKey, Lamp> {
  const { phase } = state;
  const takesReason = phase.name === "thanked" && phase.draft?.face === "red" && mayChange(phase, rules);
  const face = faceLampOf(state, rules);
  const lamps = Object.fromEntries(LAMP_KEYS.map((key) => [key, "off"])) as Record<LampKey, Lamp>;
  for (const key of FACES) lamps[key] = face;
  for (const key of REASON_KEYS) lamps[key] = takesReason ? "on" : "off";
  lamps.assist = state.assist === null ? "off" : "on";
  for (const key of KEYS) if (key !== "service" && state.keys[key].stuck) lamps[key] = "off";
  return lamps;
}

/** What all three faces show alike: the answer to a press, or whether a face is awaited. */
export function faceLampOf(state: Session, rules: SessionRules): Lamp {
  // The self-test lights what it tests, and that alone.
  if (state.selfTest === "running") return "off";
  if (state.pulse !== null) return state.pulse.faces;
  if (state.phase.name === "awaiting-face") return "on";
  if (state.phase.name !== "idle") return "off";
  if (rules.withoutTicket) return "on";
  return state.mode === "test" ? "blink" : "off";
}

function pictogramsOf(state: Session): Record<Pictogram, Lamp> {
  const lit: Record<Pictogram, Lamp> = {
    showReceipt: "off",
    choose: "off",
    thankYou: "off",
    notAccepted: "off",
  };
  switch (state.phase.name) {
    case "idle":
      lit.showReceipt = state.promptUntilMs === null ? "on" : "blink";
      break;
    case "awaiting-face":
      lit.choose = "on";
      break;
    case "saving":
      break;
    case "thanked":
      lit.thankYou = "on";
      break;
    case "refused":
      lit.notAccepted = "on";
      break;
    case "out-of-order":
      lit.notAccepted = "blink";
      break;
  }
  if (state.phase.name === "idle" || state.phase.name === "out-of-order") lightSelfTest(lit, state.selfTest);
  return lit;
}

/** The technician's answer, blinking as no citizen's ever does. */
function lightSelfTest(lit: Record<Pictogram, Lamp>, selfTest: Session["selfTest"]): void {
  if (selfTest === "running") lit.choose = "blink";
  if (selfTest === "passed") lit.thankYou = "blink";
  if (selfTest === "failed") lit.notAccepted = "blink";
}
