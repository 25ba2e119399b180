/**
 * Which keys are down, and what a changed level is told as. A level that somebody finds is never told as a press: only an
 * edge that the kernel saw is one. Pure.
 */
import type { Key } from "#schemas/code-list.ts";

/** An edge as the port tells it (`KeyEdge` in `ports.ts`, which is no place for a pure file to look). */
type ToldEdge = {
  readonly key: Key;
  readonly active: boolean;
  readonly atMs: number;
  readonly initial: boolean;
};

export type KeyLevels = {
  readonly down: ReadonlySet<Key>;
  /** The time of each key's latest edge: none is told with an earlier one. */
  readonly newestMs: ReadonlyMap<Key, number>;
};

export type KeyLevelStep = { readonly levels: KeyLevels; readonly edges: readonly ToldEdge[] };

export const ALL_UP: KeyLevels = { down: new Set(), newestMs: new Map() };

/** The kernel saw these edges. One to the level that a key has already says only that the one between was lost. */
export function edgesSeen(
  levels: KeyLevels,
  seen: readonly { readonly key: Key; readonly active: boolean; readonly atMs: number }[],
): KeyLevelStep {
  return each(
    levels,
    seen.map((edge) => ({ ...edge, initial: false })),
  );
}

/** These are the levels now, whatever was seen. A key found active is told as `initial`: stuck until it is let go, no press. */
export function levelsFound(levels: KeyLevels, found: ReadonlyMap<Key, boolean>, atMs: number): KeyLevelStep {
  return each(
    levels,
    [...found].map(([key, active]) => ({ key, active, atMs, initial: active })),
  );
}

/** Nothing can be seen any more: what is not seen is not held. */
export function allReleased(levels: KeyLevels, atMs: number): KeyLevelStep {
  return levelsFound(levels, new Map([...levels.down].map((key) => [key, false])), atMs);
}

/** The keys whose levels are others than those told. */
export function differing(levels: KeyLevels, found: ReadonlyMap<Key, boolean>): ReadonlySet<Key> {
  return new Set([...found].flatMap(([key, active]) => (levels.down.has(key) === active ? [] : [key])));
}

function each(levels: KeyLevels, changes: readonly ToldEdge[]): KeyLevelStep {
  const down = new Set(levels.down);
  const newestMs = new Map(levels.newestMs);
  const edges: ToldEdge[] = [];
  for (const change of changes) {
    if (down.has(change.key) === change.active) continue;
    if (change.active) down.add(change.key);
    else down.delete(change.key);
    const atMs = Math.max(change.atMs, newestMs.get(change.key) ?? Number.NEGATIVE_INFINITY);
    newestMs.set(change.key, atMs);
    edges.push({ ...change, atMs });
  }
  return { levels: { down, newestMs }, edges };
}
