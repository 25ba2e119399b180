/**
 * What is published of a month, frozen with its revision: the file `publication.json` of the month's public folder, from which the page is
 * drawn as often as its words change.
 */
import { calendarDay, calendarMonth } from "./entry-time.ts";
import { PUBLIC_ROWS_MAX } from "./limits.ts";
import { flag, integer, list, nullable, type Of, optional, pattern, record, shape, text } from "./shape.ts";

/** Names as in the gateway's settings. */
const NAME_MAX = 200;
const TENTHS_MAX = 10_000_000;

const placeId = () => pattern("^[a-z0-9-]{0,40}$", 40);
/** Null where it is hidden because few people stand behind it. */
const figure = () => nullable(integer(0, Number.MAX_SAFE_INTEGER));
const tenths = () => integer(0, TENTHS_MAX);

export const PUBLICATION = shape(
  "publication",
  record({
    month: calendarMonth(),
    revision: integer(1, 9_999),
    /** The local day on which this revision was made. */
    day: calendarDay(),
    sample: flag(),
    administration: record({ name: text(NAME_MAX), ipaCode: pattern("^[a-z0-9_]{0,20}$", 20) }),
    /** Valid votes taken away, by cause, and days that totems did not state. */
    taken: record({
      conflict: integer(0, Number.MAX_SAFE_INTEGER),
      expiredLate: integer(0, Number.MAX_SAFE_INTEGER),
    }),
    missingDays: integer(0, Number.MAX_SAFE_INTEGER),
    rows: list(
      record({
        uo: text(64),
        siteId: placeId(),
        officeId: placeId(),
        serviceId: placeId(),
        /** Missing where several are shown together. */
        officeName: optional(text(NAME_MAX)),
        serviceName: optional(text(NAME_MAX)),
        wording: integer(1, 9_999),
        valid: figure(),
        green: figure(),
        yellow: figure(),
        red: figure(),
        reasons: record({
          wait: figure(),
          staff: figure(),
          return: figure(),
          outcome: figure(),
          none: figure(),
        }),
        served: figure(),
        participation: nullable(tenths()),
        /** Tenths of a per cent: the share of green, and its 95 % interval. */
        score: nullable(record({ share: tenths(), low: tenths(), high: tenths() })),
        unverified: figure(),
      }),
      PUBLIC_ROWS_MAX,
    ),
  }),
);
export type Publication = Of<typeof PUBLICATION>;
export type PublishedRow = Publication["rows"][number];
