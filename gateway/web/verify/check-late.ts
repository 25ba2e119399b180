/**
 * Checks in the browser what is said of votes that came after their month was published, as `schemas/PROOF.md` says. Pure.
 */
import { opensTo } from "./bytes.ts";
import type { Line } from "./check-log.ts";
import type { Month } from "./check-month.ts";

export type Late = {
  readonly month: string;
  readonly fromSize: number;
  readonly toSize: number;
  readonly votes: number;
  readonly opening: string;
};

const FACES = 3;

export function checkLate(
  late: readonly Late[],
  month: Pick<Month, "month" | "log">,
  lines: readonly Line[],
): readonly string[] {
  const where = `late votes of ${month.month}`;
  const beyond = lines
    .slice(month.log.size)
    .map(({ entry }) => entry)
    .filter(({ kind, day }) => kind !== "totem" && day.startsWith(`${month.month}-`));
  const [one, ...more] = late.filter((told) => told.month === month.month);
  if (one === undefined) return beyond.length === 0 ? [] : [`${where}: are not told`];
  if (more.length > 0) return [`${where}: are told twice`];
  if (one.fromSize !== month.log.size || one.toSize !== lines.length)
    return [`${where}: are told of other lines`];
  const of = (kind: string) =>
    beyond.flatMap((entry) =>
      entry.kind === kind ? entry.cells.flatMap(({ commitments }) => commitments.slice(0, FACES)) : [],
    );
  return opensTo(of("statement"), of("correction"), one.votes, one.opening)
    ? []
    : [`${where}: ${one.votes} is not what the log's last lines open to`];
}
