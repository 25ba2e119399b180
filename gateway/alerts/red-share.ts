/**
 * Services whose red votes of a day are too many to be chance: the lower end of the 95 % interval lies above a share that somebody has set. Not
 * two of four votes: that interval reaches down to 15 %. Reads no more than anybody may see. Pure.
 */
import { wilsonTenths } from "../reports/figures.ts";
import type { ReportRow } from "../reports/rows.ts";
import { isSeen, SCORE_MIN } from "../reports/scheme.ts";
import { cellIndex } from "../reports/tally.ts";

const RED = cellIndex("red");

export type RedShare = {
  /** The service; where several are shown together, their office or site. */
  readonly subject: string;
  /** Tenths of a per cent that the share is at least. */
  readonly atLeast: number;
  readonly isTooMuch: boolean;
};

/** One for each row of a day whose red votes may be seen and are enough to judge. @param percent the share that somebody wants to hear of. */
export function redShares(rows: readonly ReportRow[], percent: number): readonly RedShare[] {
  return rows.flatMap(({ line, valid }) => {
    if (valid === null || valid < SCORE_MIN || !isSeen(line.seen, RED)) return [];
    const interval = wilsonTenths(line.tally.cells[RED] ?? 0, valid);
    if (interval === null) return [];
    const { siteId, officeId, serviceId } = line.place;
    return [
      {
        subject: serviceId || officeId || siteId,
        atLeast: interval.low,
        isTooMuch: interval.low > 10 * percent,
      },
    ];
  });
}
