/**
 * The report to the ministry: one form for all administrations. `report.json` holds the figures of all its other files; `manifest.json` names
 * these files by their hashes, signed by the gateway.
 */
import { calendarDay, calendarMonth } from "./entry-time.ts";
import { PUBLIC_ROWS_MAX } from "./limits.ts";
import {
  flag,
  hex,
  integer,
  list,
  nullable,
  type Of,
  optional,
  pattern,
  record,
  shape,
  text,
} from "./shape.ts";

const NAME_MAX = 200;
/** Months of fifty years. */
const MONTHS_MAX = 600;
const count = () => integer(0, Number.MAX_SAFE_INTEGER);
/** Tenths of a per cent. */
const tenths = () => integer(0, 10_000_000);
const score = () => nullable(record({ share: tenths(), low: tenths(), high: tenths() }));
const administration = () => record({ name: text(NAME_MAX), ipaCode: pattern("^[a-z0-9_]{0,20}$", 20) });
/** Red votes by reason; null for one that no month shows. `hidden` are those of which the months hide the reason. */
const reasons = () => {
  const known = () => nullable(count());
  return record({
    ...{ wait: known(), staff: known(), return: known(), outcome: known(), none: known() },
    hidden: count(),
  });
};
/** Sums of what was published; hidden figures are in none of them. */
const sums = { valid: count(), green: count(), yellow: count(), red: count() };

export const MINISTRY_REPORT = shape(
  "ministry-report",
  record({
    schemaVersion: integer(1, 9_999),
    administration: administration(),
    sample: flag(),
    from: calendarMonth(),
    to: calendarMonth(),
    /** The latest day on which one of its months was published. */
    day: calendarDay(),
    months: list(
      record({
        month: calendarMonth(),
        revision: integer(1, 9_999),
        ...sums,
        score: score(),
        /** People served on the services whose votes are shown; null where no office said. */
        served: nullable(count()),
        participation: nullable(tenths()),
        /** Services of which votes are shown, and of which they are hidden. */
        shown: count(),
        hidden: count(),
        conflict: count(),
        expiredLate: count(),
        missingDays: count(),
        /** Hours that totems stated to have been in service. */
        upHours: count(),
      }),
      MONTHS_MAX,
    ),
    /** Months of the period that are not published. */
    missing: list(calendarMonth(), MONTHS_MAX),
    services: list(
      record({
        uo: text(64),
        serviceId: pattern("^[a-z0-9-]{0,40}$", 40),
        officeName: optional(text(NAME_MAX)),
        serviceName: optional(text(NAME_MAX)),
        wording: integer(1, 9_999),
        ...sums,
        score: score(),
        reasons: reasons(),
        /** Months of which its votes are shown, and of which they are hidden. */
        monthsShown: count(),
        monthsHidden: count(),
      }),
      PUBLIC_ROWS_MAX,
    ),
  }),
);
export type MinistryReport = Of<typeof MINISTRY_REPORT>;

/** Files of a package. */
const FILES_MAX = 20;

export const REPORT_MANIFEST = shape(
  "report-manifest",
  record({
    schemaVersion: integer(1, 9_999),
    administration: administration(),
    from: calendarMonth(),
    to: calendarMonth(),
    files: list(
      record({ name: pattern("^[a-z0-9.-]{1,60}$", 60), bytes: count(), sha256: hex(32) }),
      FILES_MAX,
      1,
    ),
    /** The key that signed it, as its public log names it. */
    publicKey: hex(32),
    signature: hex(64),
  }),
);
export type ReportManifest = Of<typeof REPORT_MANIFEST>;
