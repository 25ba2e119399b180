/**
 * What the contract tests of stores share: the week they play in, and figures read through the port.
 */
import { SUM_COLUMNS, type Sums } from "#schemas/sums.ts";
import type { CountColumn } from "../rollups/counts.ts";
import type { DaySpan, Store } from "./store.ts";

/** Opens an empty store; `reopen` closes it and opens it again where a store can outlive its process. */
export type OpenStore = () => Promise<{
  readonly store: Store;
  readonly reopen: (() => Promise<Store>) | null;
  readonly cleanUp: () => Promise<void>;
}>;

export const MONDAY = "2026-07-06";
export const TUESDAY = "2026-07-07";
export const WEEK: DaySpan = { fromDay: "2026-06-29", toDay: "2026-07-13" };

/** The sums of all totems. */
export async function total(store: Store): Promise<Sums> {
  const statuses = await store.totemStatuses();
  return Object.fromEntries(
    SUM_COLUMNS.map((column) => [column, statuses.reduce((sum, { sums }) => sum + sums[column], 0)]),
  ) as Sums;
}

/** The counters of a day over all places, without zeroes: by day and by hour, which must agree. */
export async function countsOn(store: Store, day: string): Promise<Partial<Record<CountColumn, number>>> {
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const span = { fromDay: day, toDay: next };
  const [byDay, byHour] = await Promise.all(
    (["day", "hour"] as const).map(async (by) => {
      const { rows } = await store.countRows(by, span, { fromSlot: null, limit: 10_000 });
      const sums: Partial<Record<CountColumn, number>> = {};
      for (const { counts } of rows) {
        for (const [column, count] of Object.entries(counts) as [CountColumn, number][]) {
          if (count !== 0) sums[column] = (sums[column] ?? 0) + count;
        }
      }
      return Object.fromEntries(
        Object.entries(sums)
          .filter(([, count]) => count !== 0)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    }),
  );
  if (JSON.stringify(byDay) !== JSON.stringify(byHour)) {
    throw new Error(`days and hours differ: ${JSON.stringify({ byDay, byHour })}`);
  }
  return byDay ?? {};
}
