/**
 * The gateway's public log: everything that anybody needs to check the published figures of a month, in the order it became known. Each
 * line is chained to the one before; the gateway signs how far it goes, and totems sign in their statements how far they saw it go.
 * `PROOF.md` says how to check it. Pure.
 */
import { type Canonical, canonicalText } from "./canonical.ts";
import { hashParts } from "./chain.ts";
import { CELLS } from "./commitments.ts";
import { calendarDay, calendarMonth } from "./entry-time.ts";
import {
  anyOf,
  hex,
  id,
  integer,
  list,
  literal,
  nullable,
  type Of,
  oneOf,
  pattern,
  record,
  shape,
  text,
} from "./shape.ts";

/** Why the valid votes of a totem's day are not those of its statement. */
export const CORRECTION_CAUSES = ["conflict", "expired-late", "listed", "difference"] as const;
export type CorrectionCause = (typeof CORRECTION_CAUSES)[number];

/** Services and wordings of one totem's day: as many lines as a statement has. */
const CELLS_MAX = 256;
/** Lines of a log: 5,000 totems for fifty years. */
const LINES_MAX = 1_000_000_000;
/** Sums of a month: every figure of every service of the largest administration, in two wordings. */
const SUMS_MAX = 200_000;
/** Services gathered in one published sum. */
const GATHERED_MAX = 5_000;
/** Votes of a month in one sum, and the same taken away. */
const VOTES_MAX = 1_000_000_000;
/** Totem-days of a month without a statement. */
const MISSING_MAX = 200_000;

const cells = () =>
  list(
    record({
      service: id(),
      wording: integer(1, 9_999),
      commitments: list(hex(32), CELLS.length, CELLS.length),
    }),
    CELLS_MAX,
  );
const logState = () => record({ size: integer(0, LINES_MAX), hash: hex(32) });

/** What a line of the log says. */
export const LOG_ENTRY = shape(
  "log-entry",
  anyOf([
    // From this day on statements of this totem are signed with this key.
    record({
      kind: literal("totem"),
      totemId: id(),
      siteId: id(),
      publicKey: hex(32),
      fromDay: calendarDay(),
    }),
    record({
      kind: literal("statement"),
      totemId: id(),
      day: calendarDay(),
      cells: cells(),
      content: hex(32),
      checkpoint: nullable(logState()),
      signature: hex(64),
    }),
    // Commitments to what is to be taken away from a totem's day.
    record({
      kind: literal("correction"),
      totemId: id(),
      day: calendarDay(),
      cause: oneOf(CORRECTION_CAUSES),
      cells: cells(),
    }),
  ]),
);
export type LogEntry = Of<typeof LOG_ENTRY>;
export type LogStatement = Extract<LogEntry, { kind: "statement" }>;
export type LogCorrection = Extract<LogEntry, { kind: "correction" }>;

/** How far the log went when days were closed up to one, in the gateway's own words. */
export const LOG_CHECKPOINT = shape(
  "log-checkpoint",
  record({ closedThrough: calendarDay(), size: integer(0, LINES_MAX), hash: hex(32), signature: hex(64) }),
);
export type LogCheckpoint = Of<typeof LOG_CHECKPOINT>;

/** Figures that are proved: valid votes, faces and reasons. */
export const FIGURES = ["valid", ...CELLS] as const;
export type Figure = (typeof FIGURES)[number];

/** One figure of a published row: the cells it is the sum of, the sum, and what opens the sum of their commitments. */
const openedSum = () =>
  record({
    // As in the month's file: the office, the service and the wording of the row, and the figure's column.
    row: record({ uo: text(64), service: pattern("^[a-z0-9-]{0,40}$", 40), wording: integer(1, 9_999) }),
    figure: oneOf(FIGURES),
    of: list(record({ service: id(), wording: integer(1, 9_999), cell: oneOf(CELLS) }), GATHERED_MAX),
    total: integer(-VOTES_MAX, VOTES_MAX),
    opening: hex(32),
  });

/** The published figures of a closed month with what opens them; nothing that is not published is opened. */
export const MONTH_PROOF = shape(
  "month-proof",
  record({
    month: calendarMonth(),
    revision: integer(1, 9_999),
    log: logState(),
    sums: list(openedSum(), SUMS_MAX),
    // Of each cause how many votes, over all services together.
    corrections: list(
      record({
        cause: oneOf(CORRECTION_CAUSES),
        votes: integer(-VOTES_MAX, VOTES_MAX),
        opening: hex(32),
      }),
      CORRECTION_CAUSES.length,
    ),
    missing: list(record({ totemId: id(), day: calendarDay() }), MISSING_MAX),
    signature: hex(64),
  }),
);
export type MonthProof = Of<typeof MONTH_PROOF>;
export type OpenedSum = MonthProof["sums"][number];

/** Months of fifty years. */
const MONTHS_MAX = 600;

/** What came into the log after months were published and is in none of their figures, as a total of valid votes; proved like a figure. */
export const LATE_VOTES = shape(
  "late-votes",
  record({
    late: list(
      record({
        month: calendarMonth(),
        // The lines after `fromSize`, up to `toSize`.
        fromSize: integer(0, LINES_MAX),
        toSize: integer(0, LINES_MAX),
        votes: integer(-VOTES_MAX, VOTES_MAX),
        opening: hex(32),
      }),
      MONTHS_MAX,
    ),
  }),
);
export type LateVotes = Of<typeof LATE_VOTES>;

/** What the log starts from. */
export const EMPTY_LOG_HEAD: string = hashParts(["faccine/v1/log"]).toString("hex");

/** The head of the log after one more line. */
export function nextLogHead(headHex: string, entry: LogEntry): string {
  const text = canonicalText(entry as unknown as Canonical);
  return hashParts(["faccine/v1/log", Buffer.from(headHex, "hex"), text]).toString("hex");
}
