/**
 * What the reason keypad must do, whether the device is faked or a kernel's. Knows no test runner: each item throws when it
 * does not hold. Every item leaves all keys up.
 */
import assert from "node:assert/strict";
import { MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import { REASON_KEYS, type ReasonKey } from "#schemas/code-list.ts";
import type { DeviceFault, KeyEdge, Keys } from "../../ports.ts";

export type KeypadContext = {
  readonly keys: Keys;
  /** Every edge and fault told, oldest first. */
  readonly edges: readonly KeyEdge[];
  readonly faults: readonly DeviceFault[];
  /** A key goes down (1), up (0) or repeats itself (2). */
  readonly key: (key: ReasonKey, value: 0 | 1 | 2) => void;
  /** Resolves when it is plugged in; without a held key, also when it is being read. */
  readonly plug: (held?: ReasonKey) => Promise<void>;
  readonly unplug: () => void;
  readonly nowMs: () => number;
  readonly until: (isSo: () => boolean) => Promise<void>;
  /** Lets everything that is on its way arrive. */
  readonly pause: () => Promise<void>;
  readonly overheard: () => number;
};

export type KeypadItem = { readonly name: string; readonly run: (context: KeypadContext) => Promise<void> };

/** Presses that no queue on the way holds. */
const BURST = 2_000;

const fault = (code: DeviceFault["code"], state: DeviceFault["state"]): DeviceFault => ({
  code,
  state,
  part: "keypad",
});

async function toldBy(context: KeypadContext, act: () => void | Promise<void>) {
  const { edges, faults, pause } = context;
  const from = [edges.length, faults.length] as const;
  await act();
  await pause();
  return { edges: edges.slice(from[0]), faults: faults.slice(from[1]) };
}

export const KEYPAD_ITEMS: readonly KeypadItem[] = [
  {
    name: "tells each reason pressed and let go, at the time the finger came",
    run: async (context) => {
      for (const key of REASON_KEYS) {
        const beforeMs = context.nowMs() - MATRIX_KEYPAD.debounceMs;
        const { edges } = await toldBy(context, () => {
          context.key(key, 1);
          context.key(key, 0);
        });
        const afterMs = context.nowMs() - MATRIX_KEYPAD.debounceMs;
        assert.deepEqual(
          edges.map(({ atMs: _, ...edge }) => edge),
          [
            { key, active: true, initial: false },
            { key, active: false, initial: false },
          ],
        );
        // The kernel stamps to the microsecond below.
        for (const { atMs } of edges) assert.ok(atMs >= beforeMs - 0.001 && atMs <= afterMs, `${atMs}`);
      }
    },
  },
  {
    name: "takes a key that repeats itself for one press",
    run: async (context) => {
      const { edges } = await toldBy(context, () => {
        for (const value of [1, 2, 2, 2, 0] as const) context.key("staff", value);
      });
      assert.deepEqual(
        edges.map((edge) => edge.active),
        [true, false],
      );
    },
  },
  {
    name: "says that it is out of reach, lets held keys go, and is found again",
    run: async (context) => {
      const { edges, faults } = await toldBy(context, async () => {
        context.key("wait", 1);
        await context.until(() => context.edges.at(-1)?.active === true);
        context.unplug();
        await context.until(() => context.faults.at(-1)?.state === "failed");
        await context.plug();
        await context.until(() => context.faults.at(-1)?.state === "recovered");
      });
      assert.deepEqual(
        edges.map(({ key, active }) => ({ key, active })),
        [
          { key: "wait", active: true },
          { key: "wait", active: false },
        ],
      );
      assert.deepEqual(faults, [fault("keys-unreachable", "failed"), fault("keys-unreachable", "recovered")]);
    },
  },
  {
    name: "tells a key that is held while it is plugged in as found, not as pressed",
    run: async (context) => {
      const { edges } = await toldBy(context, async () => {
        context.unplug();
        await context.until(() => context.faults.at(-1)?.state === "failed");
        await context.plug("return");
        await context.until(() => context.edges.at(-1)?.active === true);
        context.key("return", 0);
        await context.until(() => context.edges.at(-1)?.active === false);
      });
      assert.deepEqual(
        edges.map(({ atMs: _, ...edge }) => edge),
        [
          { key: "return", active: true, initial: true },
          { key: "return", active: false, initial: false },
        ],
      );
    },
  },
  {
    name: "notices what the kernel dropped, counts it, and ends with the levels as they are",
    run: async (context) => {
      const lostBefore = context.keys.lostEdges();
      const { edges, faults } = await toldBy(context, async () => {
        for (let press = 0; press < BURST; press += 1) {
          context.key("outcome", 1);
          context.key("outcome", 0);
        }
        context.key("outcome", 1);
        await context.until(() => context.keys.lostEdges() > lostBefore);
      });
      assert.deepEqual(
        [...new Set(faults.map(({ code, state }) => `${code} ${state}`))],
        ["edges-lost failed", "edges-lost recovered"],
      );
      assert.equal(edges.at(-1)?.active, true);
      const after = await toldBy(context, () => context.key("outcome", 0));
      assert.deepEqual(
        after.edges.map((edge) => edge.active),
        [false],
      );
    },
  },
  {
    name: "lets nobody else read along",
    run: async (context) => {
      const before = context.overheard();
      await toldBy(context, () => {
        context.key("wait", 1);
        context.key("wait", 0);
      });
      assert.equal(context.overheard(), before);
    },
  },
];
