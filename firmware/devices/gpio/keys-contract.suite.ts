/**
 * What keys on lines must do, whatever the lines are: a fake chip beside the code, the kernel's simulated one in the lab. A
 * plain list, so that a script without a test runner can go through it; each check opens its own keys and throws when
 * something is wrong.
 */
import assert from "node:assert/strict";
import type { Key } from "#schemas/code-list.ts";
import type { DeviceFault, KeyEdge, Keys } from "../../ports.ts";

/** The lines as a check moves them. */
export type KeysRig = {
  readonly openKeys: () => Keys & { readonly close: () => Promise<void> };
  /** Closes or opens a key's contact; a closed one is at ground. */
  readonly drive: (key: Key, closed: boolean) => void;
  readonly waitMs: (ms: number) => Promise<void>;
  /** Moves contacts one after the other while the totem's thread does nothing else, each followed by a pause. */
  readonly whileBusy: (moves: readonly (readonly [key: Key, closed: boolean, pauseMs: number])[]) => void;
  /** While the totem's thread is busy: moves contacts first, then all the other keys until the oldest edges are dropped. */
  readonly overflow: (
    moves: readonly (readonly [key: Key, closed: boolean])[],
    others: readonly Key[],
  ) => void;
  readonly nowMs: () => number;
  /** Another program takes a key's line; the answer lets it go. */
  readonly takeLine: (key: Key) => () => void;
  /** Takes the chip away, and brings it back. */
  readonly unplug: () => Promise<void>;
  readonly replug: () => Promise<void>;
  /** How late the kernel's stamps may be here. Must be less than the debounce period. */
  readonly stampLateMs: number;
  /** How long until what was read is told, at most. */
  readonly tellMs: number;
};

export type KeysCheck = { readonly name: string; readonly run: (rig: KeysRig) => Promise<void> };

/** What the rig's keys are debounced with. */
export const CONTRACT_DEBOUNCE_MS = 10;

/** The keys a rig must have. */
export const CONTRACT_KEYS = ["green", "yellow", "red"] as const satisfies readonly Key[];

/** A clear press: several debounce periods. */
const HOLD_MS = 60;
/** Retries begin at a second and double; two of them and the thread's own second. */
const RETRY_MS = 8_000;

export const KEYS_CONTRACT: readonly KeysCheck[] = [
  {
    name: "a press and its release are told once each, with the times of the contact",
    run: (rig) =>
      withKeys(rig, async ({ edges }) => {
        const pressedMs = await press(rig, "green");
        const releasedMs = await release(rig, "green");
        assert.deepEqual(told(edges), ["green down", "green up"]);
        for (const [index, contactMs] of [pressedMs, releasedMs].entries()) {
          const lateMs = (edges[index]?.atMs ?? Number.NaN) - contactMs;
          assert.ok(
            lateMs >= -2 && lateMs <= rig.stampLateMs,
            `edge ${index} is stamped ${lateMs} ms after its contact`,
          );
        }
      }),
  },
  {
    name: "a bouncing contact is one edge",
    run: (rig) =>
      withKeys(rig, async ({ edges }) => {
        rig.whileBusy([1, 0, 1, 0, 1, 0, 1].map((closed) => ["red", closed === 1, 1] as const));
        await rig.waitMs(HOLD_MS);
        await release(rig, "red");
        assert.deepEqual(told(edges), ["red down", "red up"]);
      }),
  },
  {
    name: "a touch of 3 ms is nothing",
    run: (rig) =>
      withKeys(rig, async ({ edges }) => {
        rig.whileBusy([
          ["yellow", true, 3],
          ["yellow", false, 1],
        ]);
        await rig.waitMs(HOLD_MS + rig.tellMs);
        assert.deepEqual(told(edges), []);
      }),
  },
  {
    name: "a key that is down at the start is told as found, to a late listener too, and works once it was let go",
    run: async (rig) => {
      rig.drive("green", true);
      await rig.waitMs(HOLD_MS);
      await withKeys(rig, async ({ keys, edges }) => {
        assert.deepEqual(told(edges), ["green found down"]);
        const late: KeyEdge[] = [];
        keys.onEdge((edge) => late.push(edge));
        assert.deepEqual(told(late), ["green found down"]);
        await release(rig, "green");
        await press(rig, "green");
        await release(rig, "green");
        assert.deepEqual(told(edges), ["green found down", "green up", "green down", "green up"]);
      });
    },
  },
  {
    name: "presses while the totem is busy for 200 ms are all told, in their order and with their own times",
    run: (rig) =>
      withKeys(rig, async ({ edges, keys }) => {
        rig.whileBusy([
          ["green", true, 40],
          ["green", false, 40],
          ["red", true, 40],
          ["red", false, 40],
          ["green", true, 40],
        ]);
        await rig.waitMs(rig.tellMs);
        await release(rig, "green");
        assert.deepEqual(told(edges).slice(0, 5), [
          "green down",
          "green up",
          "red down",
          "red up",
          "green down",
        ]);
        for (const [index, edge] of edges.slice(1, 5).entries()) {
          const apartMs = edge.atMs - (edges[index]?.atMs ?? Number.NaN);
          assert.ok(apartMs >= 30, `edge ${index + 1} is stamped only ${apartMs} ms after the one before`);
        }
        assert.equal(keys.lostEdges(), 0);
      }),
  },
  {
    name: "edges dropped by a full buffer are counted and told; a key pressed or let go meanwhile is put right without a press",
    run: (rig) =>
      withKeys(rig, async ({ edges, faults, keys }) => {
        await press(rig, "red");
        const before = edges.length;
        rig.overflow(
          [
            ["green", true],
            ["red", false],
          ],
          ["yellow"],
        );
        await rig.waitMs(rig.tellMs + 400);
        assert.ok(keys.lostEdges() > 0, "nothing was counted as lost");
        assert.deepEqual(faults, ["edges-lost failed", "edges-lost recovered"]);
        const after = told(edges.slice(before)).filter((line) => !line.startsWith("yellow"));
        assert.deepEqual(after.toSorted(), ["green found down", "red up"]);
        await release(rig, "green");
        assert.equal(told(edges).at(-1), "green up");
      }),
  },
  {
    name: "a line that another program holds leaves the totem without keys, openly, until it is let go",
    run: async (rig) => {
      const letGo = rig.takeLine("yellow");
      await withKeys(rig, async ({ edges, faults }) => {
        assert.deepEqual(faults, ["keys-unreachable failed"]);
        letGo();
        await rig.waitMs(RETRY_MS);
        assert.deepEqual(faults, ["keys-unreachable failed", "keys-unreachable recovered"]);
        await press(rig, "yellow");
        assert.deepEqual(told(edges), ["yellow down"]);
        await release(rig, "yellow");
      });
    },
  },
  {
    name: "a chip that goes lets go all keys; back again, a key found down is no press",
    run: (rig) =>
      withKeys(rig, async ({ edges, faults }) => {
        await press(rig, "green");
        await rig.unplug();
        // Older kernels do not wake who waits for the lines: the thread asks again once a second.
        await rig.waitMs(1_500 + rig.tellMs);
        assert.deepEqual(told(edges), ["green down", "green up"]);
        assert.deepEqual(faults, ["keys-unreachable failed"]);
        rig.drive("red", true);
        await rig.replug();
        rig.drive("red", true);
        rig.drive("green", false);
        await rig.waitMs(RETRY_MS);
        assert.deepEqual(faults, ["keys-unreachable failed", "keys-unreachable recovered"]);
        assert.deepEqual(told(edges).slice(2), ["red found down"]);
        await release(rig, "red");
      }),
  },
  {
    name: "closed keys give their lines back",
    run: async (rig) => {
      await withKeys(rig, async ({ faults }) => assert.deepEqual(faults, []));
      await withKeys(rig, async ({ faults }) => assert.deepEqual(faults, []));
      rig.takeLine("green")();
    },
  },
];

type Opened = {
  readonly keys: Keys;
  readonly edges: readonly KeyEdge[];
  readonly faults: readonly string[];
};

async function withKeys(rig: KeysRig, check: (opened: Opened) => Promise<void>): Promise<void> {
  const keys = rig.openKeys();
  const edges: KeyEdge[] = [];
  const faults: string[] = [];
  keys.onEdge((edge) => edges.push(edge));
  keys.onFault(({ code, state }: DeviceFault) => faults.push(`${code} ${state}`));
  try {
    await check({ keys, edges, faults });
  } finally {
    await keys.close();
    for (const key of CONTRACT_KEYS) rig.drive(key, false);
  }
}

/** @returns when the contact closed. */
async function press(rig: KeysRig, key: Key): Promise<number> {
  const atMs = rig.nowMs();
  rig.drive(key, true);
  await rig.waitMs(HOLD_MS + rig.tellMs);
  return atMs;
}

async function release(rig: KeysRig, key: Key): Promise<number> {
  const atMs = rig.nowMs();
  rig.drive(key, false);
  await rig.waitMs(HOLD_MS + rig.tellMs);
  return atMs;
}

function told(edges: readonly KeyEdge[]): readonly string[] {
  return edges.map(
    ({ key, active, initial }) => `${key} ${initial ? "found " : ""}${active ? "down" : "up"}`,
  );
}
