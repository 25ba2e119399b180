/**
 * What keys on lines must do, whatever the lines are: a fake chip beside the code, the kernel's simulated one in the lab. A
 * plain list, so that a script without a test runner can go through it; each check opens its own keys and throws when
 * something is wrong.
 */
import assert from "node:assert/strict";
import type { Key } from "#schemas/code-list.ts";
import type { DeviceFault, KeyEdge, WatchableKeys } from "../../ports.ts";

/** The lines as a check moves them. */
export type KeysRig = {
  /** Resolves when edges would be told without delay. */
  readonly openKeys: () => Promise<WatchableKeys & { readonly close: () => Promise<void> }>;
  /** Closes or opens a key's contact; a closed one is at ground. */
  readonly drive: (key: Key, closed: boolean) => void;
  readonly waitMs: (ms: number) => Promise<void>;
  /** Waits until something is so, or for as long as a slow machine could need. */
  readonly until: (is: () => boolean) => Promise<void>;
  /** Moves contacts one after the other while the totem's thread does nothing else, each followed by a pause. */
  readonly whileBusy: (moves: readonly (readonly [key: Key, closed: boolean, pauseMs: number])[]) => void;
  /** While the totem's thread is busy: moves these contacts, then other keys than green and red until the oldest edges are dropped. */
  readonly overflow: (moves: readonly (readonly [key: Key, closed: boolean])[]) => void;
  readonly nowMs: () => number;
  /** Another program takes a key's line; the answer lets it go. */
  readonly takeLine: (key: Key) => () => void;
  /** Takes the chip away, and brings it back. */
  readonly unplug: () => Promise<void>;
  /** @param closed the contacts that are closed by then. */
  readonly replug: (closed: readonly Key[]) => Promise<void>;
  /** How much the kernel's stamps may be off here. Must be less than the debounce period. */
  readonly stampLateMs: number;
};

export type KeysCheck = { readonly name: string; readonly run: (rig: KeysRig) => Promise<void> };

/** What the rig's keys are debounced with. */
export const CONTRACT_DEBOUNCE_MS = 10;

/** The keys a rig must have. */
export const CONTRACT_KEYS = ["green", "yellow", "red"] as const satisfies readonly Key[];

/** A clear press: several debounce periods. */
const HOLD_MS = 60;
/** What should not come would have come by then. */
const QUIET_MS = 200;

export const KEYS_CONTRACT: readonly KeysCheck[] = [
  {
    name: "a press and its release are told once each, with the times of the contact",
    run: (rig) =>
      withKeys(rig, async ({ edges, toldEdges }) => {
        const pressedMs = await move(rig, "green", true);
        const releasedMs = await move(rig, "green", false);
        await toldEdges(["green down", "green up"]);
        for (const [index, contactMs] of [pressedMs, releasedMs].entries()) {
          const lateMs = (edges[index]?.atMs ?? Number.NaN) - contactMs;
          assert.ok(
            lateMs >= -rig.stampLateMs && lateMs <= rig.stampLateMs,
            `edge ${index} is stamped ${lateMs} ms after its contact`,
          );
        }
      }),
  },
  {
    name: "a bouncing contact is one edge",
    run: (rig) =>
      withKeys(rig, async ({ toldEdges }) => {
        rig.whileBusy([1, 0, 1, 0, 1, 0, 1].map((closed) => ["red", closed === 1, 1] as const));
        await rig.waitMs(HOLD_MS);
        await move(rig, "red", false);
        await toldEdges(["red down", "red up"]);
      }),
  },
  {
    name: "a touch of 3 ms is nothing",
    run: (rig) =>
      withKeys(rig, async ({ toldEdges }) => {
        rig.whileBusy([
          ["yellow", true, 3],
          ["yellow", false, 1],
        ]);
        await rig.waitMs(HOLD_MS);
        await toldEdges([]);
      }),
  },
  {
    name: "a key that is down at the start is told as found, to a late listener too, and works once it was let go",
    run: async (rig) => {
      await move(rig, "green", true);
      await withKeys(rig, async ({ keys, toldEdges }) => {
        await toldEdges(["green found down"]);
        const late: KeyEdge[] = [];
        keys.onEdge((edge) => late.push(edge));
        assert.deepEqual(words(late), ["green found down"]);
        for (const closed of [false, true, false]) await move(rig, "green", closed);
        await toldEdges(["green found down", "green up", "green down", "green up"]);
      });
    },
  },
  {
    name: "presses while the totem is busy for 200 ms are all told, in their order and with their own times",
    run: (rig) =>
      withKeys(rig, async ({ edges, keys, toldEdges }) => {
        rig.whileBusy([
          ["green", true, 40],
          ["green", false, 40],
          ["red", true, 40],
          ["red", false, 40],
          ["green", true, 40],
        ]);
        await toldEdges(["green down", "green up", "red down", "red up", "green down"]);
        for (const [index, edge] of edges.slice(1).entries()) {
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
        await move(rig, "red", true);
        await rig.until(() => edges.length === 1);
        rig.overflow([
          ["green", true],
          ["red", false],
        ]);
        await rig.until(() => faults.length >= 2);
        assert.deepEqual(faults, ["edges-lost failed", "edges-lost recovered"]);
        assert.ok(keys.lostEdges() > 0, "nothing was counted as lost");
        const ofTheTwo = () => words(edges.filter(({ key }) => key === "green" || key === "red"));
        assert.deepEqual(ofTheTwo().toSorted(), ["green found down", "red down", "red up"]);
        await move(rig, "green", false);
        await rig.until(() => ofTheTwo().length >= 4);
        assert.equal(ofTheTwo().at(-1), "green up");
      }),
  },
  {
    name: "a line that another program holds leaves the totem without keys, openly, until it is let go",
    run: async (rig) => {
      const letGo = rig.takeLine("yellow");
      await withKeys(rig, async ({ faults, toldEdges }) => {
        assert.deepEqual(faults, ["keys-unreachable failed"]);
        letGo();
        await rig.until(() => faults.length >= 2);
        assert.deepEqual(faults, ["keys-unreachable failed", "keys-unreachable recovered"]);
        await move(rig, "yellow", true);
        await toldEdges(["yellow down"]);
      });
    },
  },
  {
    name: "a chip that goes lets go all keys; back again, a key found down is no press",
    run: (rig) =>
      withKeys(rig, async ({ faults, toldEdges }) => {
        await move(rig, "green", true);
        await toldEdges(["green down"]);
        await rig.unplug();
        await toldEdges(["green down", "green up"]);
        assert.deepEqual(faults, ["keys-unreachable failed"]);
        await rig.replug(["red"]);
        await toldEdges(["green down", "green up", "red found down"]);
        assert.deepEqual(faults, ["keys-unreachable failed", "keys-unreachable recovered"]);
        await move(rig, "red", false);
        await toldEdges(["green down", "green up", "red found down", "red up"]);
      }),
  },
  {
    name: "watched, a bouncing contact is told edge by edge with its own times; not watched any more, it is one edge again",
    run: (rig) =>
      withKeys(rig, async ({ edges, keys, faults, toldEdges }) => {
        const bouncing = [true, false, true, false, true].map((closed) => ["red", closed, 4] as const);
        const stop = watch(keys);
        rig.whileBusy(bouncing);
        await move(rig, "red", false);
        await toldEdges([...bouncing.map(([, closed]) => `red ${closed ? "down" : "up"}`), "red up"]);
        for (const [index, edge] of edges.slice(1, bouncing.length).entries()) {
          const apartMs = edge.atMs - (edges[index]?.atMs ?? Number.NaN);
          assert.ok(apartMs > 0 && apartMs < CONTRACT_DEBOUNCE_MS, `edge ${index + 1} ${apartMs} ms later`);
        }
        stop();
        await rig.waitMs(HOLD_MS);
        rig.whileBusy(bouncing);
        await rig.waitMs(HOLD_MS);
        await move(rig, "red", false);
        await rig.until(() => edges.length >= bouncing.length + 3);
        await rig.waitMs(QUIET_MS);
        assert.deepEqual(words(edges.slice(bouncing.length + 1)), ["red down", "red up"]);
        assert.deepEqual([faults, keys.lostEdges()], [[], 0]);
      }),
  },
  {
    name: "a chip that goes and comes back while contacts are watched is watched again, until nobody watches",
    run: (rig) =>
      withKeys(rig, async ({ edges, keys, toldEdges }) => {
        const stops = [watch(keys), watch(keys)];
        await rig.unplug();
        await rig.until(() => isLasting(keys, "keys-unreachable"));
        stops[0]?.();
        await rig.replug([]);
        await rig.until(() => !isLasting(keys, "keys-unreachable"));
        await rig.waitMs(QUIET_MS);
        rig.whileBusy([
          ["green", true, 4],
          ["green", false, 4],
        ]);
        await toldEdges(["green down", "green up"]);
        stops[1]?.();
        stops[1]?.();
        await rig.waitMs(HOLD_MS);
        rig.whileBusy([
          ["green", true, 4],
          ["green", false, 4],
        ]);
        await rig.waitMs(QUIET_MS);
        assert.equal(edges.length, 2);
      }),
  },
  {
    name: "closed keys give their lines back",
    run: async (rig) => {
      for (let times = 0; times < 2; times++) {
        await withKeys(rig, async ({ faults }) => assert.deepEqual(faults, []));
      }
      rig.takeLine("green")();
    },
  },
];

type Opened = {
  readonly keys: WatchableKeys;
  readonly edges: readonly KeyEdge[];
  readonly faults: readonly string[];
  /** Waits for these and a moment for more, which must not come. */
  readonly toldEdges: (expected: readonly string[]) => Promise<void>;
};

async function withKeys(rig: KeysRig, check: (opened: Opened) => Promise<void>): Promise<void> {
  const keys = await rig.openKeys();
  const edges: KeyEdge[] = [];
  const faults: string[] = [];
  keys.onEdge((edge) => edges.push(edge));
  keys.onFault(({ code, state }: DeviceFault) => faults.push(`${code} ${state}`));
  const toldEdges = async (expected: readonly string[]) => {
    await rig.until(() => edges.length >= expected.length);
    await rig.waitMs(QUIET_MS);
    assert.deepEqual(words(edges), expected);
  };
  try {
    await check({ keys, edges, faults, toldEdges });
  } finally {
    await keys.close();
    for (const key of CONTRACT_KEYS) rig.drive(key, false);
  }
}

function watch({ watchContacts }: WatchableKeys): () => void {
  assert.ok(watchContacts, "contacts cannot be watched");
  return watchContacts();
}

/** Whether a fault lasts now: whoever comes late is told of it at once. */
function isLasting(keys: WatchableKeys, code: DeviceFault["code"]): boolean {
  let told = false;
  keys.onFault((fault) => {
    if (fault.code === code) told = fault.state === "failed";
  })();
  return told;
}

/** Moves a contact and leaves it there for a while. @returns when it moved. */
async function move(rig: KeysRig, key: Key, closed: boolean): Promise<number> {
  const atMs = rig.nowMs();
  rig.drive(key, closed);
  await rig.waitMs(HOLD_MS);
  return atMs;
}

function words(edges: readonly KeyEdge[]): readonly string[] {
  return edges.map(
    ({ key, active, initial }) => `${key} ${initial ? "found " : ""}${active ? "down" : "up"}`,
  );
}
