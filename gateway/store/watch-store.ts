/**
 * What the gateway needs from a database to look for signs of gaming. Part of the `Store` port.
 */
import type { DaySpan } from "../reports/periods.ts";
import type { DayFigures } from "../watch/day-figures.ts";

/** A service of an office on a day, and how its votes came. */
export type KeptFigures = {
  readonly day: string;
  readonly place: { readonly siteId: string; readonly officeId: string; readonly serviceId: string };
  readonly figures: DayFigures;
};

export type WatchStore = {
  /**
   * Keeps the figures of all days up to one whose votes have not been closed yet; repeated, they are made anew. To be called before
   * these days close, and only while the campaign has a worker agreement.
   */
  readonly keepDayFigures: (throughDay: string) => Promise<void>;
  /** What was kept, by day and place. */
  readonly dayFigures: (span: DaySpan) => Promise<readonly KeptFigures[]>;
  /** Minutes at work of all of a site's totems together, by the days that were stated. */
  readonly upMinutes: (
    span: DaySpan,
  ) => Promise<readonly { readonly day: string; readonly siteId: string; readonly minutes: number }[]>;
};
