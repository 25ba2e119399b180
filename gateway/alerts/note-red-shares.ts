/**
 * Raises an alarm for each service with too many red votes on a day that was closed, and clears it on the first day that is better.
 */
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { addDays } from "#schemas/local-day.ts";
import { reportRows } from "../api/report-files.ts";
import type { Directory } from "../directory.ts";
import type { ReportRow } from "../reports/rows.ts";
import type { Store } from "../store/store.ts";
import { redShares } from "./red-share.ts";

export async function noteRedShares(
  parts: {
    readonly store: Store;
    readonly directory: Directory;
    readonly settings: GatewaySettings;
    readonly nowMs: () => number;
  },
  day: string,
): Promise<void> {
  const { store, settings, nowMs } = parts;
  const { redPercent } = settings.alerts;
  if (redPercent === null) return;
  const rows: ReportRow[] = [];
  const span = { fromDay: day, toDay: addDays(day, 1) };
  const query = {
    kind: "aggregate",
    by: "day",
    span,
    format: "csv",
    profile: "open",
    isExact: false,
  } as const;
  for await (const page of reportRows({ ...parts, isUnsettledShown: true }, query)) rows.push(...page);
  for (const { subject, atLeast, isTooMuch } of redShares(rows, redPercent)) {
    const detail = `red votes of ${day} are at least ${Math.floor(atLeast / 10)} % (95 % interval)`;
    if (isTooMuch) await store.raiseAlarm("many-red", subject, detail, nowMs());
    else await store.clearAlarm("many-red", subject, nowMs());
  }
}
