/**
 * What a totem's self-test finds out, item by item, and the readiness report made of it. The report is a paper for
 * whoever signs it: it holds how the machine is, and nothing of any citizen or of any scanned text.
 */
import { CLOCK_STATES, FACES, KEYS, type Key, REASON_KEYS } from "./code-list.ts";
import { utcMs } from "./entry-time.ts";
import {
  anyOf,
  flag,
  id,
  integer,
  list,
  literal,
  nullable,
  type Of,
  oneOf,
  record,
  shape,
  text,
} from "./shape.ts";
import { DAY_MS } from "./time.ts";

/** Keys with a lamp, in printed order: every key but the service key. */
export const TESTED_LAMPS = [...FACES, ...REASON_KEYS, "assist"] as const satisfies readonly Key[];
export const TESTED_PICTOGRAMS = ["showReceipt", "choose", "thankYou", "notAccepted"] as const;

/** What the machine finds out without anybody's help. */
export const AUTOMATIC_CHECKS = [
  "clock",
  "disk",
  "data-folder",
  "journal",
  "temperature",
  "power",
  "gateway",
] as const;
export type AutomaticCheck = (typeof AUTOMATIC_CHECKS)[number];

export const SELF_TEST_STEPS = [
  "keys",
  "lamps",
  "pictograms",
  "buzzer",
  "voice",
  "scanner",
  "checks",
] as const;
export type SelfTestStepName = (typeof SELF_TEST_STEPS)[number];

/** Every item of a report, in the order it is tested. */
export const SELF_TEST_ITEMS = [
  ...KEYS.map((key) => `key-${key}` as const),
  ...TESTED_LAMPS.map((key) => `lamp-${key}` as const),
  ...TESTED_PICTOGRAMS.map((name) => `pictogram-${name}` as const),
  "buzzer",
  "voice",
  "scanner",
  ...AUTOMATIC_CHECKS,
] as const;
export type SelfTestItem = (typeof SELF_TEST_ITEMS)[number];

/** `noted` is worth knowing and decides nothing: a totem without a network, or without a loudspeaker, is ready. */
export const SELF_TEST_RESULTS = ["passed", "failed", "skipped", "noted"] as const;

export const SELF_TEST_PROBLEMS = [
  /** Another key answered than the one that was asked for: a swapped cable, most often. */
  "other-key",
  "no-answer",
  "seen-wrong",
  "not-heard",
  "not-fitted",
  "clock-untrusted",
  "too-little-room",
  "volatile",
  "read-only",
  "not-committed",
  "too-hot",
  "under-voltage",
  "not-connected",
  /** The check itself broke. */
  "broke",
] as const;
export type SelfTestProblem = (typeof SELF_TEST_PROBLEMS)[number];

/** Longest measured value told: a number with its unit, or a file system's name. */
const FOUND_MAX = 60;
/** Names of boards, kernels and versions; the longest board name known has 36 characters. */
const NAME_MAX = 200;
/** Paths as Linux allows them. */
const PATH_MAX = 4_096;
/** A report is written to the data folder and, in two languages, beside it and onto one stick. */
const FILES_MAX = 6;

/** Reports kept of one totem, by itself and by its gateway: one for each time its case is opened, for years. */
export const SELF_TESTS_KEPT_MAX = 50;

/** Upper ends of the histogram's bins, in milliseconds between a contact's first and last edge; 0 is a clean change. The
 * last one takes whatever bounced longer. */
export const BOUNCE_BINS_MS = [0, 1, 2, 5, 10, 20, 50] as const;

const count = () => integer(0, Number.MAX_SAFE_INTEGER);

const itemResult = () =>
  record({
    item: oneOf(SELF_TEST_ITEMS),
    result: oneOf(SELF_TEST_RESULTS),
    problem: nullable(oneOf(SELF_TEST_PROBLEMS)),
    // The key that answered instead of the one asked for.
    answered: nullable(oneOf(KEYS)),
    // What was measured: of a scanned code its length.
    found: nullable(text(FOUND_MAX)),
    tookMs: integer(0, DAY_MS),
  });

export const readinessReport = () =>
  record({
    totemId: id(),
    siteId: id(),
    ready: flag(),
    startedMs: utcMs(),
    tookMs: integer(0, DAY_MS),
    clock: oneOf(CLOCK_STATES),
    versions: record({ firmware: text(40), node: text(40), sqlite: text(40), schema: integer(1, 9999) }),
    machine: record({
      model: nullable(text(NAME_MAX)),
      serial: nullable(text(NAME_MAX)),
      kernel: text(NAME_MAX),
      architecture: text(40),
      chipLabel: nullable(text(40)),
    }),
    items: list(itemResult(), SELF_TEST_ITEMS.length),
    // Null where the keys' own contacts cannot be watched.
    bounce: nullable(
      list(
        record({
          key: oneOf(KEYS),
          changes: count(),
          counts: list(count(), BOUNCE_BINS_MS.length, BOUNCE_BINS_MS.length),
        }),
        KEYS.length,
      ),
    ),
  });

export const READINESS_REPORT = shape("readiness-report", readinessReport());
export type ReadinessReport = Of<typeof READINESS_REPORT>;
export type SelfTestItemResult = ReadinessReport["items"][number];

/** What is asked of the technician now: the item, and how far the test is. */
const step = () =>
  record({
    step: oneOf(SELF_TEST_STEPS),
    item: oneOf(SELF_TEST_ITEMS),
    number: integer(1, SELF_TEST_ITEMS.length),
    of: integer(1, SELF_TEST_ITEMS.length),
  });
export type SelfTestProgress = {
  readonly step: SelfTestStepName;
  readonly item: SelfTestItem;
  readonly number: number;
  readonly of: number;
};
/** The same as a field of other shapes. */
export const selfTestProgress = step;

/** What a command on the totem's own machine asks of the running firmware, one line of JSON. */
export const CONTROL_REQUEST = shape("control-request", record({ do: oneOf(["self-test"]) }));

/** What the firmware answers, line by line, until `finished` or `refused`. */
export const CONTROL_LINE = shape(
  "control-line",
  anyOf([
    record({ kind: literal("asks"), asks: step() }),
    record({ kind: literal("result"), result: itemResult() }),
    record({
      kind: literal("finished"),
      report: readinessReport(),
      files: list(text(PATH_MAX), FILES_MAX),
    }),
    record({
      kind: literal("refused"),
      why: oneOf(["not-understood", "busy", "voting", "running", "given-up"]),
    }),
  ]),
);
export type ControlLine = Of<typeof CONTROL_LINE>;
