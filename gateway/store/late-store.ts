/**
 * What the gateway needs from a database to show a proved month as it was proved. Part of the `Store` port.
 */
import type { CountColumn } from "../rollups/counts.ts";

/** How much counters changed after their month was proved; a column that is missing did not. */
export type LateCounts = {
  /** Hour number or day number. */
  readonly slot: number;
  readonly siteId: string;
  readonly officeId: string;
  readonly serviceId: string;
  readonly wording: number;
  /** The month's latest proof when it was counted. */
  readonly revision: number;
  readonly counts: Readonly<Partial<Record<CountColumn, number>>>;
};

export type LateStore = {
  /** The months that are proved, each with its latest revision. */
  readonly provedMonths: () => Promise<ReadonlyMap<string, number>>;
  /** What was counted late in some days, by hour or day. By hour the revision is not known: it is 0. */
  readonly lateCounts: (
    by: "hour" | "day",
    span: { readonly fromDay: string; readonly toDay: string },
  ) => Promise<readonly LateCounts[]>;
};
