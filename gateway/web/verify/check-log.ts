/**
 * Checks a public log in the browser, as `schemas/PROOF.md` says: the chain, the gateway's checkpoints, the totems' statements, missing days.
 * Pure.
 */
import { canonical, fromHex, hashOfParts, isSigned } from "./bytes.ts";

type Cells = { readonly service: string; readonly wording: number; readonly commitments: readonly string[] };
type State = { readonly size: number; readonly hash: string };
export type Entry = {
  readonly kind: string;
  readonly totemId: string;
  readonly day: string;
  readonly fromDay: string;
  readonly publicKey: string;
  readonly cause: string;
  readonly cells: readonly Cells[];
  readonly content: string;
  readonly checkpoint: State | null;
  readonly signature: string;
};
export type Line = { readonly no: number; readonly entry: Entry; readonly head: string };
export type Checkpoint = State & { readonly closedThrough: string; readonly signature: string };

export type CheckedLog = {
  readonly wrong: readonly string[];
  /** The head after each number of lines. */
  readonly heads: readonly string[];
  /** `totem day` of days without a statement. */
  readonly missing: readonly string[];
  readonly statements: number;
};

const DAY_MS = 86_400_000;

/** @param tell called with how many lines were looked at. */
export function checkLog(
  lines: readonly Line[],
  checkpoints: readonly Checkpoint[],
  gatewayKey: string,
  tell: (lines: number) => void,
): CheckedLog {
  const heads = [hashOfParts("faccine/v1/log")];
  const wrong: string[] = [];
  const keys = new Map<string, string>();
  const firstDays = new Map<string, string>();
  const stated = new Set<string>();
  for (const { entry } of lines) {
    heads.push(hashOfParts("faccine/v1/log", fromHex(heads.at(-1) ?? ""), canonical(entry)));
  }
  for (const [at, { no, head, entry }] of lines.entries()) {
    const where = `log, line ${at + 1}`;
    if (no !== at + 1 || head !== heads[at + 1])
      wrong.push(`${where}: does not follow from the lines before`);
    const { totemId, day } = entry;
    const key = keys.get(totemId);
    if (entry.kind === "totem") {
      keys.set(totemId, entry.publicKey);
      if (!firstDays.has(totemId)) firstDays.set(totemId, entry.fromDay);
    } else if (key === undefined) wrong.push(`${where}: ${totemId} has not been named`);
    else if (entry.kind === "statement") {
      const place = `${where}: ${totemId} on ${day}`;
      if (!isStatementSigned(entry, key)) wrong.push(`${place} is not signed by the totem`);
      if (stated.has(`${totemId} ${day}`)) wrong.push(`${place} was stated before`);
      stated.add(`${totemId} ${day}`);
      if (entry.checkpoint !== null && heads[entry.checkpoint.size] !== entry.checkpoint.hash)
        wrong.push(`${place}: the totem saw another log`);
    }
    tell(at + 1);
  }
  wrong.push(...checkCheckpoints(checkpoints, { heads, gatewayKey, lines: lines.length }));
  const missing = missingDays(firstDays, stated, checkpoints.at(-1)?.closedThrough ?? "");
  return { wrong, heads, missing, statements: stated.size };
}

function isStatementSigned(
  { totemId, day, cells, content, checkpoint, signature }: Entry,
  key: string,
): boolean {
  return isSigned("statement", { totemId, day, cells, content, checkpoint }, signature, key);
}

function checkCheckpoints(
  checkpoints: readonly Checkpoint[],
  log: { readonly heads: readonly string[]; readonly gatewayKey: string; readonly lines: number },
): readonly string[] {
  const wrong = checkpoints.flatMap(({ signature, ...body }, at) => {
    const where = `checkpoint of ${body.closedThrough}`;
    const before = checkpoints[at - 1];
    return [
      ...(isSigned("checkpoint", body, signature, log.gatewayKey)
        ? []
        : [`${where}: is not signed by the gateway`]),
      ...(log.heads[body.size] === body.hash ? [] : [`${where}: is of another log`]),
      ...(before !== undefined && (before.size > body.size || before.closedThrough > body.closedThrough)
        ? [`${where}: says less than the one before`]
        : []),
    ];
  });
  const signed = checkpoints.at(-1)?.size ?? 0;
  return signed === log.lines
    ? wrong
    : [...wrong, `log: ${log.lines} lines are published, ${signed} are signed`];
}

function missingDays(
  firstDays: ReadonlyMap<string, string>,
  stated: ReadonlySet<string>,
  closedThrough: string,
): readonly string[] {
  return [...firstDays].flatMap(([totemId, first]) => {
    const missing: string[] = [];
    for (let day = first; day <= closedThrough; day = nextDay(day)) {
      if (!stated.has(`${totemId} ${day}`)) missing.push(`${totemId} ${day}`);
    }
    return missing;
  });
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
}
