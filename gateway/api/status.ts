/**
 * The sums of promise 6, per totem and in all, and whether everything adds up. Pure. The check uses the exact figures;
 * what is shown per face and reason moves only in steps, so that nobody watching learns a single choice (promise 8).
 */
import { ALARMS_SHOWN_MAX, PROBLEMS_SHOWN_MAX, type StatusAnswer } from "#schemas/api.ts";
import { FACES, REASONS } from "#schemas/code-list.ts";
import { SUM_COLUMNS, type SumColumn, type Sums, zeroSums } from "#schemas/sums.ts";
import { brokenSums } from "../rollups/counts.ts";
import type { Alarm } from "../store/alarm-store.ts";
import type { TotemStatus } from "../store/store.ts";

const CHOICE_COLUMNS: ReadonlySet<SumColumn> = new Set([
  ...FACES,
  ...REASONS.map((reason) => `reason_${reason}` as const),
]);

/** The answer to `GET /status`. @param liveStep figures per face and reason are rounded down to a multiple of this. */
export function statusOf(
  totems: readonly TotemStatus[],
  alarms: readonly Alarm[],
  liveStep: number,
): StatusAnswer {
  const total = totalOf(totems.map((totem) => totem.sums));
  const problems = [
    ...totems.flatMap((totem) => brokenSums(totem.sums).map((problem) => `${totem.totemId}: ${problem}`)),
    ...totems.flatMap(journalProblem),
    ...alarms
      .filter((alarm) => alarm.code === "recount-mismatch")
      .map((alarm) => `nightly recount: ${alarm.detail}`),
  ];
  return {
    totems: totems.map((totem) => ({
      totemId: totem.totemId,
      siteId: totem.siteId,
      online: totem.online,
      seenMs: totem.seenMs,
      captured: totem.captured,
      pending: totem.health?.queue.entries ?? null,
      sums: inSteps(totem.sums, liveStep),
    })),
    total: inSteps(total, liveStep),
    addsUp: problems.length === 0,
    problems: problems.slice(0, PROBLEMS_SHOWN_MAX),
    alarms: alarms.slice(0, ALARMS_SHOWN_MAX).map((alarm) => ({ ...alarm })),
    liveStep,
  };
}

/** Sums added up. */
export function totalOf(all: readonly Sums[]): Sums {
  const total = zeroSums();
  for (const sums of all) for (const column of SUM_COLUMNS) total[column] += sums[column];
  return total;
}

/** captured = acknowledged + pending, as the totem said it in its last health message. */
function journalProblem({ totemId, health }: TotemStatus): readonly string[] {
  if (health === null) return [];
  const { captured, acknowledged, queue } = health;
  if (captured === acknowledged + queue.entries) return [];
  return [
    `${totemId}: captured is ${captured}, but acknowledged + pending is ${acknowledged + queue.entries}`,
  ];
}

function inSteps(sums: Sums, step: number): Record<SumColumn, number> {
  return Object.fromEntries(
    SUM_COLUMNS.map((column) => [
      column,
      CHOICE_COLUMNS.has(column) ? Math.floor(sums[column] / step) * step : sums[column],
    ]),
  ) as Record<SumColumn, number>;
}
