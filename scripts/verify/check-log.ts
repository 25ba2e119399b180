/**
 * Checks a public log as anybody can: its chain, the gateway's checkpoints, every statement's signature, what totems saw of the log, and
 * that no totem's day is missing or stated twice. Trusts nobody; says where something is wrong. Pure.
 */
import { addDays, type LocalDay } from "#schemas/local-day.ts";
import {
  EMPTY_LOG_HEAD,
  type LogCheckpoint,
  type LogEntry,
  type LogStatement,
  nextLogHead,
} from "#schemas/public-log.ts";
import { isMessageGood, publicKeyFromHex } from "#schemas/signature.ts";
import { isStatementGood } from "#schemas/statement.ts";

/** Something that is not as it should be: where, and what. */
export type Finding = { readonly where: string; readonly what: string };

export type PublishedLine = { readonly no: number; readonly entry: LogEntry; readonly head: string };

export type PublishedLog = {
  readonly gatewayKey: string;
  readonly lines: readonly PublishedLine[];
  readonly checkpoints: readonly LogCheckpoint[];
};

/** Everything that is wrong with a log; totem-days without a statement are told apart, they are no lie by themselves. */
export function checkLog(log: PublishedLog): {
  readonly findings: readonly Finding[];
  readonly missing: readonly { readonly totemId: string; readonly day: LocalDay }[];
} {
  return {
    findings: [...checkChain(log), ...checkCheckpoints(log), ...checkStatements(log)],
    missing: missingIn(log),
  };
}

/** The head after each line, the empty log's first. */
function headsOf(lines: readonly PublishedLine[]): readonly string[] {
  const heads = [EMPTY_LOG_HEAD];
  for (const { entry } of lines) heads.push(nextLogHead(heads.at(-1) as string, entry));
  return heads;
}

/** From when on a totem signs with another key than before: no lie by itself, but whoever enrolled it must know of it. */
export function keyChangesIn({ lines }: Pick<PublishedLog, "lines">) {
  const named = new Set<string>();
  return lines.flatMap(({ entry }) => {
    if (entry.kind !== "totem") return [];
    const { totemId, fromDay } = entry;
    const isAnother = named.has(totemId);
    named.add(totemId);
    return isAnother ? [{ totemId, fromDay }] : [];
  });
}

function checkChain({ lines }: PublishedLog): readonly Finding[] {
  const findings: Finding[] = [];
  let head = EMPTY_LOG_HEAD;
  for (const [at, line] of lines.entries()) {
    const where = `log, line ${at + 1}`;
    if (line.no !== at + 1) findings.push({ where, what: `is numbered ${line.no}` });
    if (nextLogHead(head, line.entry) !== line.head)
      findings.push({
        where,
        what: "does not follow from the line before: it, or one before it, was changed",
      });
    // From the head that is published: one change is told once.
    head = line.head;
  }
  return findings;
}

function checkCheckpoints({ gatewayKey, lines, checkpoints }: PublishedLog): readonly Finding[] {
  const key = publicKeyFromHex(gatewayKey);
  const heads = headsOf(lines);
  const last = checkpoints.at(-1);
  const findings = checkpoints.flatMap((checkpoint, at): Finding[] => {
    const where = `checkpoint of ${checkpoint.closedThrough}`;
    const before = checkpoints[at - 1];
    if (!isMessageGood("checkpoint", checkpoint, key))
      return [{ where, what: "is not signed by the gateway" }];
    if (heads[checkpoint.size] !== checkpoint.hash)
      return [{ where, what: `the log of ${checkpoint.size} lines that it signs is not the one published` }];
    if (
      before !== undefined &&
      (before.size > checkpoint.size || before.closedThrough > checkpoint.closedThrough)
    )
      return [{ where, what: "says less than the one before" }];
    return [];
  });
  if (last === undefined || last.size !== lines.length)
    findings.push({
      where: "log",
      what: `${lines.length} lines are published, ${last?.size ?? 0} are signed`,
    });
  return findings;
}

function checkStatements({ lines }: PublishedLog): readonly Finding[] {
  const heads = headsOf(lines);
  const keys = new Map<string, string>();
  const stated = new Set<string>();
  return lines.flatMap(({ entry }, at): Finding[] => {
    const where = `log, line ${at + 1}: ${entry.kind} of ${entry.totemId}`;
    if (entry.kind === "totem") {
      keys.set(entry.totemId, entry.publicKey);
      return [];
    }
    const key = keys.get(entry.totemId);
    if (key === undefined) return [{ where, what: "the log has not named this totem's key" }];
    if (entry.kind === "correction") return [];
    return checkStatement(entry, { key, heads, stated }).map((what) => ({
      where: `${where}, ${entry.day}`,
      what,
    }));
  });
}

function checkStatement(
  { kind: _, signature, ...statement }: LogStatement,
  known: { readonly key: string; readonly heads: readonly string[]; readonly stated: Set<string> },
): readonly string[] {
  const { totemId, day, checkpoint } = statement;
  const name = `${totemId} ${day}`;
  const isAgain = known.stated.has(name);
  known.stated.add(name);
  return [
    ...(isAgain ? ["the day was stated before"] : []),
    ...(isStatementGood(statement, signature, publicKeyFromHex(known.key))
      ? []
      : ["is not signed by the totem"]),
    ...(checkpoint !== null && known.heads[checkpoint.size] !== checkpoint.hash
      ? [`the totem saw another log: its ${checkpoint.size} lines are not those published`]
      : []),
  ];
}

function missingIn({ lines, checkpoints }: PublishedLog) {
  const closedThrough = checkpoints.at(-1)?.closedThrough ?? "";
  const stated = new Set(
    lines.flatMap(({ entry }) => (entry.kind === "statement" ? [`${entry.totemId} ${entry.day}`] : [])),
  );
  const named = new Map<string, LocalDay>();
  for (const { entry } of lines) {
    if (entry.kind === "totem" && !named.has(entry.totemId)) named.set(entry.totemId, entry.fromDay);
  }
  return [...named].flatMap(([totemId, fromDay]) => {
    const missing: { totemId: string; day: LocalDay }[] = [];
    for (let day = fromDay; day <= closedThrough; day = addDays(day, 1)) {
      if (!stated.has(`${totemId} ${day}`)) missing.push({ totemId, day });
    }
    return missing;
  });
}
