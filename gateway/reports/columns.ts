/**
 * The columns of the two files, each with its type and meaning, and how a row fills them. Pure.
 */
import type { Column, ColumnOf } from "./csv.ts";
import type { ReportRow } from "./rows.ts";
import { isSeen } from "./scheme.ts";
import { cellIndex, type SideCell, type VoteCell } from "./tally.ts";

/** What the rows need to know of the settings. */
export type Labels = {
  readonly ipaCode: string;
  readonly uoCodeOf: (officeId: string) => string;
  readonly officeName: (officeId: string) => string | null;
  readonly serviceName: (serviceId: string) => string | null;
  /** The published proof of a month; null before there is one. */
  readonly proofOf: (month: string) => { readonly revision: number; readonly root: string } | null;
  /** True for a month whose last day is closed. */
  readonly isFinal: (month: string) => boolean;
};

export type ReportColumn = ColumnOf<ReportRow, Labels>;

/** Rises when a column is added, removed or changes its meaning. */
const SCHEMA_VERSION = 1;

/** All rows of one period at one site share the object. */
const BY_PERIOD = (row: ReportRow): unknown => row.name;
const BY_PLACE = (row: ReportRow): unknown => row.line.placeKey;

const ISSUED_CELL = cellIndex("issued");

const text = (name: string, meaning: string, of: ReportColumn["of"]): ReportColumn => ({
  name,
  type: "text",
  meaning,
  of,
});
const integer = (name: string, meaning: string, of: ReportColumn["of"]): ReportColumn => ({
  name,
  type: "integer",
  meaning,
  of,
});
const tenths = (name: string, meaning: string, of: ReportColumn["of"]): ReportColumn => ({
  name,
  type: "tenths",
  meaning,
  of,
});
const ofPlace = (name: string, meaning: string, of: ReportColumn["of"]): ReportColumn => ({
  ...text(name, meaning, of),
  alike: BY_PLACE,
});
/** A count, empty where it is hidden. */
const counted = (name: string, cell: VoteCell | SideCell, meaning: string): ReportColumn => {
  const index = cellIndex(cell);
  return integer(name, meaning, ({ line }) =>
    isSeen(line.seen, index) ? (line.tally.cells[index] as number) : null,
  );
};
const vote = (cell: VoteCell, meaning: string) => counted(cell, cell, meaning);
/** A column whose figures are not known yet. */
const later = (column: Column): ReportColumn => ({ ...column, of: () => null });

const WORDING = integer(
  "wording_version",
  "version of the wording that was answered; two are never added up; empty where nobody was asked",
  (row) => row.line.wording,
);
const SERVICE = ofPlace(
  "service_id",
  "id of the service; empty for scans refused before one was known, and for services shown together because fewer than three people provide one of them",
  (row) => row.line.place.serviceId,
);

const VOTE_COLUMNS: readonly ReportColumn[] = [
  integer(
    "tickets_issued",
    "tickets issued by the gateway; empty when none were; tickets alone make no row, so a service nobody voted on is not listed",
    (row) => row.line.tally.cells[ISSUED_CELL] || null,
  ),
  integer(
    "served",
    "people served, as the office reported; empty when it did not; of a period with two wordings, in the newest one's row",
    (row) => row.served,
  ),
  integer("votes_valid", "valid votes: green + yellow + red", (row) => row.valid),
  vote("green", "valid votes green"),
  vote("yellow", "valid votes yellow"),
  vote("red", "valid votes red"),
  vote("reason_wait", "red votes for the waiting time"),
  vote("reason_staff", "red votes for the behaviour of staff"),
  vote("reason_return", "red votes for the need to come back"),
  vote("reason_outcome", "red votes for a negative outcome"),
  vote("reason_none", "red votes without a reason"),
  tenths("participation_pct", "valid votes per 100 people served", (row) => row.participation),
  tenths("green_pct", "green votes per 100 valid votes, of 10 votes or more", (row) =>
    row.score === null ? null : row.score.share,
  ),
  tenths("green_ci_low", "lower end of green_pct's 95 % confidence interval (Wilson)", (row) =>
    row.score === null ? null : row.score.low,
  ),
  tenths("green_ci_high", "upper end of green_pct's 95 % confidence interval (Wilson)", (row) =>
    row.score === null ? null : row.score.high,
  ),
  counted("rejected_used", "rejected_used", "scans refused because the ticket had been used"),
  counted("rejected_expired", "rejected_expired", "scans refused because the ticket had expired"),
  counted("rejected_bad_sig", "rejected_bad_sig", "scans refused because the signature was not good"),
  counted("rejected_other", "rejected_other", "scans refused for any other reason"),
  counted("unverified_votes", "unverified", "votes without proof of a service; counted apart"),
];

const SUPPRESSED = integer(
  "suppressed",
  "1 when small figures of the row are hidden: empty cells are then not zero",
  (row) => (row.isSuppressed ? 1 : 0),
);

/** `aggregate.csv`. */
export const AGGREGATE_COLUMNS: readonly ReportColumn[] = [
  {
    name: "period",
    type: "text",
    alike: BY_PERIOD,
    meaning:
      "month, ISO week, day, or hour with its offset; the first and last may hold only the days asked for",
    of: (row) => row.name.period,
  },
  {
    name: "period_start",
    type: "moment",
    alike: BY_PERIOD,
    meaning: "when the period begins, in the site's local time",
    of: (row) => row.name.periodStart,
  },
  ofPlace("site", "id of the site", (row) => row.line.place.siteId),
  ofPlace(
    "office_id",
    "id of the office; empty for scans refused before one was known, and for offices shown together because fewer than three people work in one of them",
    (row) => row.line.place.officeId,
  ),
  SERVICE,
  WORDING,
  ...VOTE_COLUMNS,
  counted("conflict_votes", "conflict", "votes with a ticket that had been counted already; not counted"),
  counted("expired_late_votes", "expired_late", "votes found to come after their ticket's time; not counted"),
  counted("time_uncertain_votes", "time_uncertain", "valid votes whose time is a guess"),
  counted("after_hours_votes", "after_hours", "valid votes outside opening hours"),
  SUPPRESSED,
  ofPlace("office_name", "name of the office", (row, labels) => labels.officeName(row.line.place.officeId)),
  ofPlace("service_name", "name of the service", (row, labels) =>
    labels.serviceName(row.line.place.serviceId),
  ),
];

/** `monthly.csv`, as the programme's report wants it. */
export const MONTHLY_COLUMNS: readonly ReportColumn[] = [
  integer("schema_version", "version of these columns", () => SCHEMA_VERSION),
  WORDING,
  text("ipa_code", "the administration in Italy's index of public administrations (IPA)", (_, { ipaCode }) =>
    emptyAsNull(ipaCode),
  ),
  text(
    "uo_code",
    "the office in the same index; its id, or its site's, where it has no code there",
    ({ line: { place } }, { uoCodeOf }) => uoCodeOf(place.officeId) || place.officeId || place.siteId,
  ),
  SERVICE,
  text("channel", "how the votes were given", () => "totem"),
  text("month", "month of the votes, in local time", (row) => row.name.period),
  text("tz", "time zone of the site", (row) => row.name.zone),
  ...VOTE_COLUMNS,
  later({
    name: "totem_hours_due",
    type: "integer",
    meaning: "hours the totems should have been on; empty until totems report them",
  }),
  later({
    name: "totem_hours_up",
    type: "integer",
    meaning: "hours they were on; empty until totems report them",
  }),
  SUPPRESSED,
  text(
    "checkpoint_root",
    "head of the public log that proves the month as it was published; empty before that",
    (row, { proofOf }) => proofOf(row.name.period)?.root ?? null,
  ),
  counted("votes_late", "late", "valid votes that arrived after their day was closed; among votes_valid"),
  text("status", "provisional until the month's last day is closed, then final", (row, { isFinal }) =>
    isFinal(row.name.period) ? "final" : "provisional",
  ),
  integer(
    "revision",
    "rises with each correction of a final month",
    (row, { proofOf }) => proofOf(row.name.period)?.revision ?? 1,
  ),
];

/** What tells one row of a file from all others. */
export const AGGREGATE_KEY = ["period", "site", "office_id", "service_id", "wording_version"] as const;
export const MONTHLY_KEY = ["month", "uo_code", "service_id", "wording_version"] as const;

function emptyAsNull(value: string): string | null {
  return value === "" ? null : value;
}
