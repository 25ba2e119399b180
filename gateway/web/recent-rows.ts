/**
 * Rows of the files as anybody may see them, kept for a minute: two hundred people who open the same page cost one reading. Exact figures
 * are never kept: each reading of them is somebody's own. A late vote is on the pages a minute after it is in the files.
 */
import { reportRows } from "../api/report-files.ts";
import type { ServerParts } from "../api/server-parts.ts";
import type { DaySpan } from "../reports/periods.ts";
import { type Place, publicPlaces } from "../reports/places.ts";
import type { ReportRow } from "../reports/rows.ts";

type Parts = Pick<ServerParts, "store" | "directory" | "settings" | "nowMs">;

export type RowsAsked = {
  readonly span: DaySpan;
  readonly by: "hour" | "day" | "week" | "month";
  readonly isExact: boolean;
  /** The only office whose rows are wanted; null for all. */
  readonly officeId: string | null;
};

export type ReadRows = (asked: RowsAsked) => Promise<readonly ReportRow[]>;

const KEPT_MS = 60_000;
/** Answers at once: the pages that a town opens in a minute. A year of a hundred services is about a megabyte. */
const KEPT_MAX = 16;

export function openRecentRows(parts: Parts): ReadRows {
  const kept = new Map<string, { readonly untilMs: number; readonly rows: Promise<readonly ReportRow[]> }>();
  return (asked) => {
    if (asked.isExact) return readRows(parts, asked);
    const key = JSON.stringify(asked);
    const known = kept.get(key);
    if (known !== undefined && parts.nowMs() < known.untilMs) return known.rows;
    kept.delete(key);
    const rows = readRows(parts, asked);
    kept.set(key, { untilMs: parts.nowMs() + KEPT_MS, rows });
    // What failed is asked again.
    rows.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return rows;
  };
}

async function readRows(
  parts: Parts,
  { span, by, isExact, officeId }: RowsAsked,
): Promise<readonly ReportRow[]> {
  const query = { kind: "aggregate", format: "csv", profile: "open", span, by, isExact } as const;
  const rows: ReportRow[] = [];
  const store = officeId === null ? parts.store : storeOfOffice(parts, isExact, officeId);
  for await (const period of reportRows({ ...parts, store }, query)) rows.push(...period);
  return rows;
}

/**
 * The store with the counts of one office alone. What is hidden of a service does not depend on other services, so that the rows are those of
 * the file, and twenty offices are not worked out for one.
 */
function storeOfOffice({ store, directory }: Parts, isExact: boolean, officeId: string) {
  const placeOf = publicPlaces(directory.sites);
  const isOwn = (place: Place) => (isExact ? place : placeOf(place).place).officeId === officeId;
  const siteOf = (own: string) => directory.office(own)?.site.siteId ?? "";
  return {
    ...store,
    countRows: async (...asked: Parameters<typeof store.countRows>) => {
      const { rows, next } = await store.countRows(...asked);
      return { rows: rows.filter(isOwn), next };
    },
    countSpans: async (spans: readonly DaySpan[]) => (await store.countSpans(spans)).filter(isOwn),
    servedSpans: async (spans: readonly DaySpan[]) =>
      (await store.servedSpans(spans)).filter((one) => isOwn({ ...one, siteId: siteOf(one.officeId) })),
  };
}
