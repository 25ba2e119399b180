/**
 * The daily statement of a totem: what of it anybody may see, and how the one follows from the other. The public part commits to the
 * counts and to everything else without telling them; the gateway, which was told, can make it anew and see that it is the same.
 * Pure.
 */

import type { KeyObject } from "node:crypto";
import { canonicalText } from "./canonical.ts";
import { textHash } from "./chain.ts";
import type { Face, Profile, Reason } from "./code-list.ts";
import { type Asked, CELLS, type CellCounts, commitmentsOf } from "./commitments.ts";
import type { StatementEntry } from "./entry.ts";
import type { LocalDay } from "./local-day.ts";
import { isSignatureGood, type SigningKey, signBody } from "./signature.ts";

/** Votes that count by themselves: proved by a signature or a MAC. Others are published apart and committed to by nobody. */
const COMMITTED_PROFILES: readonly Profile[] = ["signed", "short"];

/** Commitments of one service and wording. */
export type CommittedCells = Asked & { readonly commitments: readonly string[] };

/** Exact counts of one service and wording. */
export type CountedCells = Asked & { readonly counts: CellCounts };

/** What anybody may see of a statement. */
export type PublicStatement = {
  readonly totemId: string;
  readonly day: LocalDay;
  /** Of each service and wording with a vote on the day, in their order, the commitments in the order of `CELLS`. */
  readonly cells: readonly CommittedCells[];
  /** SHA-256 of the canonical rest: epochs, exact counts, refusals, uptime and the seed, which hides them. */
  readonly content: string;
  /** The latest state of the gateway's public log that the totem had heard of. */
  readonly checkpoint: StatementEntry["checkpoint"];
};

/** A statement before it is signed. */
export type UnsignedStatement = Omit<StatementEntry, "signature">;

/** The exact counts of the cells that are committed to, by service and wording, in the order of their names. */
export function committedCells(counts: StatementEntry["counts"]): readonly CountedCells[] {
  return gatheredCells(
    counts.flatMap(({ service, profile, mode, ...line }) =>
      service === null || mode !== "live" || !isCommitted(profile) ? [] : [{ service, ...line }],
    ),
  );
}

/** True for kinds of tickets whose votes count by themselves. */
export function isCommitted(profile: Profile): boolean {
  return COMMITTED_PROFILES.includes(profile);
}

/** Counts of faces and reasons gathered into cells, by service and wording, in the order of their names. */
export function gatheredCells(
  lines: readonly (Asked & {
    readonly face: Face;
    readonly reason: Reason | null;
    readonly count: number;
  })[],
): readonly CountedCells[] {
  const all = new Map<string, Asked & { readonly counts: number[] }>();
  for (const { service, wording, face, reason, count } of lines) {
    const name = `${service}/${String(wording).padStart(4, "0")}`;
    const cells = all.get(name) ?? { service, wording, counts: CELLS.map(() => 0) };
    all.set(name, cells);
    for (const cell of reason === null ? [face] : [face, reason]) {
      const at = CELLS.indexOf(cell);
      cells.counts[at] = (cells.counts[at] ?? 0) + count;
    }
  }
  return [...all].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, cells]) => cells);
}

/** The commitments to counted cells under one seed. */
export function commitToCells(seedHex: string, cells: readonly CountedCells[]): readonly CommittedCells[] {
  return cells.map(({ service, wording, counts }) => ({
    ...{ service, wording },
    commitments: commitmentsOf(seedHex, { service, wording }, counts),
  }));
}

/** The public part of a statement. */
export function publicStatement(totemId: string, statement: UnsignedStatement): PublicStatement {
  const { day, epochs, counts, refusals, uptimeMinutes, seed, checkpoint } = statement;
  return {
    ...{ totemId, day, checkpoint },
    cells: commitToCells(seed, committedCells(counts)),
    content: textHash(canonicalText({ day, epochs, counts, refusals, uptimeMinutes, seed })).toString("hex"),
  };
}

/** The statement with its signature. */
export function signedStatement(
  totemId: string,
  statement: UnsignedStatement,
  key: SigningKey,
): StatementEntry {
  return { ...statement, signature: signBody("statement", publicStatement(totemId, statement), key) };
}

/** True when the totem of this key signed this public statement. */
export function isStatementGood(
  statement: PublicStatement,
  signature: string,
  publicKey: KeyObject,
): boolean {
  return isSignatureGood("statement", statement, signature, publicKey);
}
