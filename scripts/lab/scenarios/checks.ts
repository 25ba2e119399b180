/**
 * A guest that looks at things: runs it to its end and makes one row of what it found.
 */
import type { Place } from "../../bench/measurement.ts";
import { type Goal, judged, type Row } from "../../bench/row.ts";
import { boot, type MachineOptions, type Report } from "../machine.ts";

/** @throws with the machine's last words when the guest does not end well, or looked at nothing. */
export async function checkedGuest(
  { say }: Pick<Place, "say">,
  options: Omit<MachineOptions, "onReport" | "job">,
  row: { readonly name: string; readonly unit: string; readonly goal: Goal },
): Promise<Row> {
  const checks: Report[] = [];
  const machine = boot({
    ...options,
    job: {},
    onReport: (report) => {
      if ("check" in report) checks.push(report);
    },
  });
  const { status } = await machine.ended;
  if (status !== 0 || checks.length === 0) {
    throw new Error(`${options.program} ended with ${status}:\n${machine.lastWords()}`);
  }
  const failed = checks.filter(({ ok }) => ok !== true);
  for (const { check, detail } of failed) say(`not so: ${check} ${detail}`);
  const note =
    failed.length === 0 ? `${checks.length} looked at` : failed.map(({ check }) => check).join("; ");
  return judged(row.name, failed.length, row.unit, { goal: row.goal, note });
}
