/**
 * What a virtual totem's panel takes and shows over HTTP. Only for simulated devices. The state
 * holds what a person in front of the totem sees and hears; it has no place for a scanned text or for a pressed key.
 */
import { KEYS, REFUSAL_ANSWERS, REFUSALS } from "./code-list.ts";
import { SERVICES_PER_SITE_MAX } from "./limits.ts";
import { selfTestProgress } from "./self-test.ts";
import {
  anyOf,
  flag,
  id,
  integer,
  list,
  nullable,
  type Of,
  oneOf,
  optional,
  record,
  shape,
  text,
} from "./shape.ts";
import { DAY_MS } from "./time.ts";
import { allPhrases, phraseName, VOICE_LANGUAGES } from "./voice-texts.ts";

/** Longest text the panel's scanner slot reads: longer than any ticket, so that an overlong code can be tried. */
export const PANEL_SCAN_MAX = 4_096;

/** Two years either way, for clocks that are very wrong. */
export const CLOCK_OFFSET_MAX_MS = 731 * DAY_MS;

/** A code to read, alone, with a second one glued to it, or without the terminator that scanners send after it. */
export const PANEL_SCAN = shape(
  "panel-scan",
  record({
    code: text(PANEL_SCAN_MAX),
    glued: optional(text(PANEL_SCAN_MAX)),
    unterminated: optional(flag()),
  }),
);
export const PANEL_PRESS = shape("panel-press", record({ key: oneOf(KEYS) }));
export const PANEL_TICKET = shape("panel-ticket", record({ service: id() }));
export const PANEL_NETWORK = shape("panel-network", record({ plugged: flag() }));
/** The scanner's plug; `halfRead` is the code in the middle of which it is pulled. */
export const PANEL_SCANNER = shape(
  "panel-scanner",
  record({ plugged: flag(), halfRead: optional(text(PANEL_SCAN_MAX)) }),
);
export const PANEL_HEADPHONES = shape("panel-headphones", record({ plugged: flag() }));
export const PANEL_JAM = shape("panel-jam", record({ key: oneOf(KEYS), jammed: flag() }));
export const PANEL_CLOCK = shape(
  "panel-clock",
  record({ offsetMs: integer(-CLOCK_OFFSET_MAX_MS, CLOCK_OFFSET_MAX_MS), synchronized: flag() }),
);
export const PANEL_POWER = shape("panel-power", record({ cut: flag() }));

/** What a lamp does. */
export const LAMPS = ["off", "on", "blink"] as const;
export type PanelLamp = (typeof LAMPS)[number];

export const PANEL_PICTOGRAMS = ["showReceipt", "choose", "thankYou", "notAccepted"] as const;

/** The states a citizen meets, and the one in which no vote can be taken. */
export const PANEL_PHASES = [
  "idle",
  "awaiting-face",
  "saving",
  "thanked",
  "refused",
  "out-of-order",
] as const;
export const PANEL_SOUNDS = ["click", "ready", "thanks", "refused", "fault"] as const;
export type PanelSound = (typeof PANEL_SOUNDS)[number];
/** What the voice said, by name; of a named key only that one was named. */
export const PANEL_PHRASES: readonly string[] = [
  ...allPhrases(KEYS)
    .filter(({ say }) => say !== "key")
    .map(phraseName),
  "key",
];

/** Sounds and phrases told with a state, for a page that asks late: more than any session makes in a second. */
export const PANEL_HEARD_MAX = 32;

const count = () => integer(0, Number.MAX_SAFE_INTEGER);
const lamp = () => oneOf(LAMPS);

/** Numbered, so that a page can tell a new one from one it has already played. A named key is not told: only heard. */
const heard = () =>
  anyOf([
    record({ number: count(), sound: oneOf(PANEL_SOUNDS) }),
    record({ number: count(), phrase: oneOf(PANEL_PHRASES), language: oneOf(VOICE_LANGUAGES) }),
  ]);

/** What `GET /panel/state`, every POST and the event stream tell. */
export const PANEL_STATE = shape(
  "panel-state",
  record({
    totemId: id(),
    state: oneOf(PANEL_PHASES),
    refusal: nullable(oneOf(REFUSALS)),
    answer: nullable(oneOf(REFUSAL_ANSWERS)),
    lamps: record({
      green: lamp(),
      yellow: lamp(),
      red: lamp(),
      wait: lamp(),
      staff: lamp(),
      return: lamp(),
      outcome: lamp(),
      assist: lamp(),
    }),
    pictograms: record({ showReceipt: lamp(), choose: lamp(), thankYou: lamp(), notAccepted: lamp() }),
    testMode: flag(),
    selfTest: nullable(oneOf(["running", "passed", "failed"])),
    // What a running self-test asks for, and whether there is a report to read.
    selfTestAsks: nullable(selfTestProgress()),
    selfTestReport: flag(),
    heard: list(heard(), PANEL_HEARD_MAX),
    pending: count(),
    captured: count(),
    acknowledged: count(),
    connected: flag(),
    networkPlugged: flag(),
    scannerPlugged: flag(),
    headphones: flag(),
    jammed: list(oneOf(KEYS), KEYS.length),
    clock: record({
      offsetMs: integer(-CLOCK_OFFSET_MAX_MS, CLOCK_OFFSET_MAX_MS),
      synchronized: flag(),
      trusted: flag(),
    }),
    wording: integer(1, 9999),
    sample: flag(),
    services: list(id(), SERVICES_PER_SITE_MAX),
  }),
);
export type PanelState = Of<typeof PANEL_STATE>;
export type PanelHeard = PanelState["heard"][number];
