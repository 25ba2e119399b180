/**
 * Checks what is said of votes that came after their month was published: that it is said, and that it is as many. Pure.
 */
import { opensTo } from "#schemas/commitments.ts";
import { monthSpan } from "#schemas/local-day.ts";
import type { LateVotes, LogEntry, MonthProof } from "#schemas/public-log.ts";
import type { Finding, PublishedLog } from "./check-log.ts";

/** Green, yellow and red come first of the commitments. */
const FACES = 3;

export function checkLate(
  late: LateVotes["late"],
  months: readonly MonthProof[],
  log: Pick<PublishedLog, "lines">,
): readonly Finding[] {
  return months.flatMap(({ month, log: { size } }): Finding[] => {
    const where = `late votes of ${month}`;
    const beyond = entriesOf(month, log, size, log.lines.length);
    const said = late.filter((one) => one.month === month);
    const [one] = said;
    if (said.length > 1) return [{ where, what: "are told twice" }];
    if (one === undefined) return beyond.length === 0 ? [] : [{ where, what: "are not told" }];
    if (one.fromSize !== size || one.toSize !== log.lines.length)
      return [{ where, what: "are told of other lines than those after the month's proof" }];
    const facesOf = (kind: LogEntry["kind"]) =>
      beyond.flatMap((entry) =>
        entry.kind === kind && entry.kind !== "totem"
          ? entry.cells.flatMap(({ commitments }) => commitments.slice(0, FACES))
          : [],
      );
    return opensTo({ plus: facesOf("statement"), minus: facesOf("correction") }, one.votes, one.opening)
      ? []
      : [{ where, what: `${one.votes} is not what the log's last lines open to` }];
  });
}

function entriesOf(
  month: string,
  { lines }: Pick<PublishedLog, "lines">,
  fromSize: number,
  toSize: number,
): readonly LogEntry[] {
  const { from, to } = monthSpan(month);
  return lines
    .slice(fromSize, toSize)
    .map(({ entry }) => entry)
    .filter((entry) => entry.kind !== "totem" && from <= entry.day && entry.day < to);
}
