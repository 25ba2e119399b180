/**
 * The daily statement of a totem: what of it anybody may see, and how the one follows from the other. The public part commits to the
 * counts and to everything else without telling them; the gateway, which was told, can make it anew and see that it is the same.
 * Pure.
 */

import type { KeyObject } from "node:crypto";
import { canonicalText } from "./canonical.ts";
import { textHash } from "./chain.ts";
import type { Profile } from "./code-list.ts";
import { CELLS, type CellCounts, commitmentsOf } from "./commitments.ts";
import type { StatementEntry } from "./entry.ts";
import type { LocalDay } from "./local-day.ts";
import { isSignatureGood, type SigningKey, signBody } from "./signature.ts";

/** Votes that count by themselves: proved by a signature or a MAC. Others are published apart and committed to by nobody. */
const COMMITTED_PROFILES: readonly Profile[] = ["signed", "short"];

/** What anybody may see of a statement. */
export type PublicStatement = {
  readonly totemId: string;
  readonly day: LocalDay;
  /** Of each service with a vote on the day, in their order, the commitments in the order of `CELLS`. */
  readonly cells: readonly { readonly service: string; readonly commitments: readonly string[] }[];
  /** SHA-256 of the canonical rest: epochs, exact counts, refusals, uptime and the seed, which hides them. */
  readonly content: string;
  /** The latest state of the gateway's public log that the totem had heard of. */
  readonly checkpoint: StatementEntry["checkpoint"];
};

/** A statement before it is signed. */
export type UnsignedStatement = Omit<StatementEntry, "signature">;

/** The exact counts of the cells that are committed to, by service, in the order of their names. */
export function committedCells(
  counts: StatementEntry["counts"],
): readonly { readonly service: string; readonly counts: CellCounts }[] {
  const services = new Map<string, number[]>();
  for (const { service, face, reason, profile, mode, count } of counts) {
    if (service === null || mode !== "live" || !COMMITTED_PROFILES.includes(profile)) continue;
    const cells = services.get(service) ?? CELLS.map(() => 0);
    services.set(service, cells);
    for (const cell of reason === null ? [face] : [face, reason]) {
      const at = CELLS.indexOf(cell);
      cells[at] = (cells[at] ?? 0) + count;
    }
  }
  return [...services]
    .map(([service, cells]) => ({ service, counts: cells }))
    .toSorted((one, other) => (one.service < other.service ? -1 : 1));
}

/** The public part of a statement. */
export function publicStatement(totemId: string, statement: UnsignedStatement): PublicStatement {
  const { day, epochs, counts, refusals, uptimeMinutes, seed, checkpoint } = statement;
  return {
    ...{ totemId, day, checkpoint },
    cells: committedCells(counts).map((one) => ({
      service: one.service,
      commitments: commitmentsOf(seed, one.service, one.counts),
    })),
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
