/**
 * The items of the self-test in the order a technician goes through them: what each is about, how long it waits and
 * what it lights. Pure.
 */
import { KEYS, type Key } from "#schemas/code-list.ts";
import {
  type SelfTestItem,
  type SelfTestStepName,
  TESTED_LAMPS,
  TESTED_PICTOGRAMS,
} from "#schemas/self-test.ts";
import { LAMP_KEYS, type LampKey, PICTOGRAMS, type Pictogram, type View } from "../session/view.ts";

/** One thing a technician is asked to do; the checks of the machine itself are one wait together. */
export type AskedItem =
  | { readonly step: "keys"; readonly item: SelfTestItem; readonly key: Key }
  | { readonly step: "lamps"; readonly item: SelfTestItem; readonly key: LampKey }
  | { readonly step: "pictograms"; readonly item: SelfTestItem; readonly pictogram: Pictogram }
  | { readonly step: "buzzer"; readonly item: "buzzer" }
  | { readonly step: "voice"; readonly item: "voice" }
  | { readonly step: "scanner"; readonly item: "scanner" }
  | { readonly step: "checks"; readonly item: "clock" };

export const ASKED_ITEMS: readonly AskedItem[] = [
  ...KEYS.map((key) => ({ step: "keys", item: `key-${key}`, key }) as const),
  ...TESTED_LAMPS.map((key) => ({ step: "lamps", item: `lamp-${key}`, key }) as const),
  ...TESTED_PICTOGRAMS.map(
    (pictogram) => ({ step: "pictograms", item: `pictogram-${pictogram}`, pictogram }) as const,
  ),
  { step: "buzzer", item: "buzzer" },
  { step: "voice", item: "voice" },
  { step: "scanner", item: "scanner" },
  { step: "checks", item: "clock" },
];

/**
 * How long each item waits for an answer: to find a key and to read a lamp, a technician who holds a torch needs
 * seconds; a code has to be fetched; a journal on a worn card is tried for as long as a commit may take, and more.
 */
export const WAIT_MS: Readonly<Record<SelfTestStepName, number>> = {
  keys: 30_000,
  lamps: 30_000,
  pictograms: 30_000,
  buzzer: 30_000,
  voice: 45_000,
  scanner: 90_000,
  checks: 60_000,
};

/** All waits one after another: by then time alone has ended the test. */
export const LONGEST_MS = ASKED_ITEMS.reduce((so, { step }) => so + WAIT_MS[step], 0);

/** What is lit while an item is asked: what it tests, the faces where they answer, and nothing else. */
export function viewWhile(asked: AskedItem | null): View {
  const lamps = Object.fromEntries(LAMP_KEYS.map((key) => [key, "off"])) as Record<
    LampKey,
    View["lamps"]["red"]
  >;
  const pictograms = Object.fromEntries(PICTOGRAMS.map((name) => [name, "off"])) as Record<
    Pictogram,
    View["pictograms"]["choose"]
  >;
  if (asked?.step === "lamps") lamps[asked.key] = "on";
  if (asked?.step === "pictograms") pictograms[asked.pictogram] = "on";
  if (asked?.step === "buzzer" || asked?.step === "voice") {
    lamps.green = "on";
    lamps.yellow = "on";
    lamps.red = "on";
  }
  if (asked?.step === "scanner") pictograms.showReceipt = "on";
  if (asked === null || asked.step === "checks") pictograms.choose = "blink";
  return { state: "idle", refusal: null, lamps, pictograms, testMode: true, selfTest: "running" };
}
