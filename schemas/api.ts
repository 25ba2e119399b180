/**
 * What the gateway takes and answers over HTTP. Reports are CSV and have their columns elsewhere.
 * No answer here holds a figure per face finer than the settings' `live.step` (promise 8): see `liveStep`.
 */
import { ALARM_NOTE_MAX } from "./alarms.ts";
import { PROFILES } from "./code-list.ts";
import { calendarDay, calendarMonth, utcMs } from "./entry-time.ts";
import {
  LISTED_MAX,
  LIVE_STEP_MAX,
  MINUTE_MAX,
  SERVED_COUNTS_MAX,
  TICKET_CODE_MAX,
  TOTEMS_MAX,
} from "./limits.ts";
import { PLAIN_CODE_MAX } from "./plain-pattern.ts";
import { readinessReport, SELF_TESTS_KEPT_MAX } from "./self-test.ts";
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
  pattern,
  record,
  shape,
  text,
} from "./shape.ts";
import { SUMS } from "./sums.ts";

/** People served by one service in one day: more than any desk could serve, so that a slip of the finger is refused. */
const SERVED_MAX = 1_000_000;
/** Longest sentence about something that does not add up, or about an alarm. */
const SENTENCE_MAX = 500;
/** Longest name of an account or a token. */
const BY_MAX = 100;
/** Open alarms shown: a page longer than this is read by nobody, and the gateway cuts it openly. */
export const ALARMS_SHOWN_MAX = 1_000;
/** Sentences about sums shown, for the same reason. */
export const PROBLEMS_SHOWN_MAX = 1_000;

/** Flags shown, the least likely first: who has more has another question than which service. */
export const FLAGS_SHOWN_MAX = 1_000;

const count = () => integer(0, Number.MAX_SAFE_INTEGER);
/** A totem's id, or empty for the gateway itself. */
const subject = () => pattern("^[a-z0-9-]{0,40}$", 40);

/** Kinds of tickets that the gateway can issue. */
export const ISSUED_PROFILES = ["signed", "short"] as const;

/** `POST /tickets`. Without `endedAtMs` the service ended now; without `profile` it is the first that the office takes. */
export const TICKET_REQUEST = shape(
  "ticket-request",
  record({ service: id(), endedAtMs: optional(utcMs()), profile: optional(oneOf(ISSUED_PROFILES)) }),
);
export type TicketRequest = Of<typeof TICKET_REQUEST>;

/** What to print. `minute` is the one printed in the code: UTC minutes since 1970. */
export const TICKET_ANSWER = shape(
  "ticket-answer",
  record({ code: text(TICKET_CODE_MAX), profile: oneOf(PROFILES), minute: integer(0, MINUTE_MAX) }),
);
export type TicketAnswer = Of<typeof TICKET_ANSWER>;

/** People served by a service on a local day; the same office, service and day again is a correction. */
export const SERVED_COUNT = shape(
  "served-count",
  record({
    office: id(),
    service: id(),
    day: calendarDay(),
    served: integer(0, SERVED_MAX),
  }),
);
export type ServedCount = Of<typeof SERVED_COUNT>;

/** `POST /served`: one count or a list of them. */
export const SERVED_REQUEST = shape(
  "served-request",
  anyOf([SERVED_COUNT.schema, list(SERVED_COUNT.schema, SERVED_COUNTS_MAX, 1)]),
);
export type ServedRequest = ServedCount | readonly ServedCount[];

/** `POST /served/receipts`: codes of receipts as they were printed; `day` where these name none and it is not today. */
export const LISTED_RECEIPTS = shape(
  "listed-receipts",
  record({
    office: id(),
    day: optional(calendarDay()),
    codes: list(text(PLAIN_CODE_MAX), LISTED_MAX, 1),
  }),
);
export type ListedReceipts = Of<typeof LISTED_RECEIPTS>;

/** `GET /status`: the sums of promise 6 and whether they hold. */
export const STATUS_ANSWER = shape(
  "status-answer",
  record({
    totems: list(
      record({
        totemId: id(),
        siteId: id(),
        online: flag(),
        seenMs: nullable(utcMs()),
        /** Entries the totem is known to have written. */
        captured: count(),
        /** Of these, the ones not yet acknowledged; null until the totem has said so. */
        pending: nullable(count()),
        sums: SUMS,
      }),
      TOTEMS_MAX,
    ),
    total: SUMS,
    addsUp: flag(),
    problems: list(text(SENTENCE_MAX), PROBLEMS_SHOWN_MAX),
    alarms: list(
      record({
        code: id(),
        subject: subject(),
        detail: text(SENTENCE_MAX),
        firstMs: utcMs(),
        lastMs: utcMs(),
        times: count(),
        /** Who looks after it; null while nobody has said so. */
        acknowledged: nullable(record({ by: text(BY_MAX), note: text(ALARM_NOTE_MAX), atMs: utcMs() })),
      }),
      ALARMS_SHOWN_MAX,
    ),
    /** Figures per face and reason are rounded down to a multiple of this. */
    liveStep: integer(1, LIVE_STEP_MAX),
  }),
);
export type StatusAnswer = Of<typeof STATUS_ANSWER>;

/** Signs of gaming, see `gateway/watch/indicators.ts`. */
export const SIGNS = [
  "burst",
  "row",
  "kept-receipts",
  "after-hours",
  "chosen-citizens",
  "switched-off",
  "more-than-issued",
] as const;
export type Sign = (typeof SIGNS)[number];

/** `GET /watch`: services of a month that show signs of gaming, the least likely first. */
export const WATCH_ANSWER = shape(
  "watch-answer",
  record({
    month: calendarMonth(),
    /** The worker agreement's reference, without which nobody looks. */
    agreement: text(200),
    /** Signs that could be judged, over all services. */
    judged: count(),
    /** Services run by fewer than three people, at which nobody looks. */
    leftOut: count(),
    /** Of a thousand months without any gaming, at most so many show a flag. */
    falseFlagPerMille: integer(0, 1_000),
    flags: list(
      record({
        siteId: id(),
        officeId: id(),
        serviceId: id(),
        sign: oneOf(SIGNS),
        /** An honest service shows as much once in so many months, at most. */
        oneIn: integer(1, 1_000_000_000),
      }),
      FLAGS_SHOWN_MAX,
    ),
  }),
);
export type WatchAnswer = Of<typeof WATCH_ANSWER>;

/** `GET /totems/{totemId}/readiness`: what a totem's self-tests found, the latest that came first. */
export const READINESS_ANSWER = shape(
  "readiness-answer",
  record({
    reports: list(record({ receivedMs: utcMs(), report: readinessReport() }), SELF_TESTS_KEPT_MAX),
  }),
);
