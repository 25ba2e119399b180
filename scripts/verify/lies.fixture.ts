/**
 * Lies that a gateway could publish: the log's chain and everything it signs itself made anew, so that nothing but the lie gives it away.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  EMPTY_LOG_HEAD,
  type LogCorrection,
  type LogEntry,
  type LogStatement,
  type MonthProof,
  nextLogHead,
} from "#schemas/public-log.ts";
import { makeSigningKey, type SigningKey, signBody, signMessage } from "#schemas/signature.ts";
import { commitToCells } from "#schemas/statement.ts";
import type { PublishedLog } from "./check-log.ts";
import type { ReadProof } from "./read-proof.ts";
import { MONTH } from "./town.fixture.ts";

export const LIES = [
  "drops a vote from a figure",
  "changes a face",
  "changes a reason",
  "forgets a totem's day",
  "forgets a day without votes",
  "changes what a totem stated",
  "states a day for a totem with a key of its own",
  "tells a statement twice",
  "shows totems one log and the public another",
  "takes votes away without saying how many",
  "leaves out the end of the log",
  "does not say that a totem was silent",
  "counts a service's votes in another row, too",
  "does not tell of a vote that came late",
] as const;
export type Lie = (typeof LIES)[number];

type Republish = (change: Parameters<typeof republished>[2]) => ReadProof;
type Lies = Readonly<Record<string, () => ReadProof>>;

/** What a gateway with this key could make of an honest proof of one month. */
export function liarWith(honest: ReadProof, key: SigningKey) {
  const publish: Republish = (change) => republished(honest, key, change);
  const lies: Lies = { ...liesAboutFigures(publish), ...liesInTheLog(publish, honest) };
  return { republished: publish, lie: (name: Lie) => (lies[name] as () => ReadProof)() };
}

/** What a gateway that lies would publish: the chain and its own signatures made anew. */
function republished(
  honest: ReadProof,
  key: SigningKey,
  change: {
    readonly entries?: (entries: readonly LogEntry[]) => readonly LogEntry[];
    readonly month?: (month: MonthProof) => MonthProof;
  },
): ReadProof {
  const entries = (change.entries ?? ((all) => all))(honest.log.lines.map(({ entry }) => entry));
  const lines: { no: number; entry: LogEntry; head: string }[] = [];
  for (const entry of entries) {
    lines.push({
      no: lines.length + 1,
      entry,
      head: nextLogHead(lines.at(-1)?.head ?? EMPTY_LOG_HEAD, entry),
    });
  }
  const state = { size: lines.length, hash: lines.at(-1)?.head ?? EMPTY_LOG_HEAD };
  const closedThrough = honest.log.checkpoints.at(-1)?.closedThrough ?? "";
  const { signature: _, ...body } = (change.month ?? ((one) => one))({
    ...(honest.months[0] as MonthProof),
    log: state,
  });
  return {
    log: {
      gatewayKey: honest.log.gatewayKey,
      lines,
      checkpoints: [signMessage("checkpoint", { closedThrough, ...state }, key)],
    },
    months: [signMessage("month", body as never, key) as unknown as MonthProof],
    late: honest.late,
  };
}

function liesAboutFigures(publish: Republish): Lies {
  return {
    "drops a vote from a figure": () =>
      publish({ month: (one) => withFigure(one, { green: -1, valid: -1 }) }),
    "changes a face": () => publish({ month: (one) => withFigure(one, { green: 1, yellow: -1 }) }),
    "changes a reason": () => publish({ month: (one) => withFigure(one, { wait: -1, none: 1 }) }),
    "does not say that a totem was silent": () => publish({ month: (one) => ({ ...one, missing: [] }) }),
    "counts a service's votes in another row, too": () =>
      publish({
        month: (one) => {
          const [first, other] = one.sums.filter(({ figure }) => figure === "valid");
          if (first === undefined || other === undefined) throw new Error("two rows are shown");
          const doubled = { ...other, of: [...other.of, ...first.of], total: other.total + first.total };
          return { ...one, sums: one.sums.map((sum) => (sum === other ? doubled : sum)) };
        },
      }),
  };
}

function liesInTheLog(publish: Republish, honest: ReadProof): Lies {
  const month = () => honest.months[0] as MonthProof;
  return {
    "forgets a totem's day": () =>
      publish({ entries: (all) => all.filter((_, at) => at !== statementAt(honest.log)) }),
    "forgets a day without votes": () =>
      publish({ entries: (all) => all.filter((_, at) => at !== statementAt(honest.log, false)) }),
    "changes what a totem stated": () =>
      publish({
        entries: (all) =>
          all.map((entry, at) => {
            if (at !== statementAt(honest.log)) return entry;
            const { cells, ...rest } = entry as LogStatement;
            return {
              ...rest,
              cells: cells.map((one) => ({ ...one, commitments: [...one.commitments].reverse() })),
            };
          }),
      }),
    "states a day for a totem with a key of its own": () =>
      publish({
        entries: (all) => {
          const forger = makeSigningKey();
          const entry = all[statementAt(honest.log)] as LogStatement;
          const { kind, signature: _, ...statement } = entry;
          const forged = { kind, ...statement, signature: signBody("statement", statement, forger) };
          return all.map((one) => (one === entry ? forged : one));
        },
      }),
    "tells a statement twice": () => {
      const at = statementAt(honest.log);
      return publish({ entries: (all) => [...all, all[at] as LogEntry] });
    },
    "shows totems one log and the public another": () =>
      publish({ entries: (all) => all.filter(({ kind }) => kind !== "correction") }),
    "takes votes away without saying how many": () =>
      publish({
        entries: (all) => [...all, correctionOf(month(), "conflict", 1)],
      }),
    "does not tell of a vote that came late": () =>
      publish({
        entries: (all) => [...all, correctionOf(month(), "difference", -1)],
        month: (one) => ({ ...one, log: month().log }),
      }),
    "leaves out the end of the log": () => ({
      ...honest,
      log: { ...honest.log, lines: honest.log.lines.slice(0, -3) },
    }),
  };
}

/** A line of the log that takes green votes of one service away. */
function correctionOf(month: MonthProof, cause: LogCorrection["cause"], green: number): LogCorrection {
  const service = month.sums[0]?.of[0]?.service ?? "";
  const cells = commitToCells("5e".repeat(32), [
    { service, wording: 1, counts: [green, 0, 0, 0, 0, 0, 0, 0] },
  ]);
  return {
    ...{ kind: "correction", totemId: "totem-1", day: `${MONTH}-02`, cause },
    cells: cells.map((one) => ({ ...one, commitments: [...one.commitments] })),
  };
}

const statementAt = (log: PublishedLog, withVotes = true) =>
  log.lines.findIndex(({ entry }) => entry.kind === "statement" && entry.cells.length > 0 === withVotes);

/** The first row that shows its yellow votes, with other figures. */
export const withFigure = (one: MonthProof, by: Readonly<Record<string, number>>): MonthProof => {
  const row = JSON.stringify(one.sums.find(({ figure }) => figure === "yellow")?.row);
  const change = (sum: MonthProof["sums"][number]) =>
    JSON.stringify(sum.row) === row ? { ...sum, total: sum.total + (by[sum.figure] ?? 0) } : sum;
  return { ...one, sums: one.sums.map(change) };
};

/** Writes a proof as a gateway would. */
export function writeReadProof(folder: string, { log, months, late }: ReadProof): void {
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const lines = (values: readonly object[]) => values.map((one) => `${JSON.stringify(one)}\n`).join("");
  mkdirSync(join(folder, "months"), { recursive: true });
  put("index.json", JSON.stringify({ months: months.map(({ month }) => month) }));
  put("late.json", JSON.stringify({ late }));
  put("gateway.json", JSON.stringify({ publicKey: log.gatewayKey }));
  put("log.ndjson", lines(log.lines));
  put("checkpoints.ndjson", lines(log.checkpoints));
  for (const one of months) put(join("months", `${one.month}.json`), JSON.stringify(one));
}
