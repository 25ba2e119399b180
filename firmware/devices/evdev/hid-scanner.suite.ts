/**
 * What a scanner in keyboard mode must do, whether the device is faked or a kernel's. Knows no test runner, so that it also
 * runs inside a machine that has none: each item throws when it does not hold.
 */
import assert from "node:assert/strict";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import type { Scanner, ScannerEvent } from "../../ports.ts";
import { keystrokes, type Stroke } from "./keystrokes.fixture.ts";

export type ScannerContext = {
  readonly scanner: Scanner;
  /** Everything the scanner told, oldest first. */
  readonly events: readonly ScannerEvent[];
  /** Types at a scanner's pace. */
  readonly strike: (strokes: readonly Stroke[]) => Promise<void>;
  /** Types all at once, faster than anybody can read. */
  readonly burst: (strokes: readonly Stroke[]) => void;
  /** Resolves when it is being read: a thread takes a moment to start, and a device's queue is short. */
  readonly plug: () => Promise<void>;
  readonly unplug: () => void;
  /** Waits until something is so. @throws when it does not come about. */
  readonly until: (isSo: () => boolean) => Promise<void>;
  /** Lets time pass, longer than the pause that ends a code. */
  readonly pause: () => Promise<void>;
  /** How many events a second reader of the same device has read since it was last plugged in. */
  readonly overheard: () => number;
};

export type ScannerItem = { readonly name: string; readonly run: (context: ScannerContext) => Promise<void> };

/** How often the plug is pulled in the middle of a code. */
const PULLS = 10;
/** More keys than any queue on the way holds. */
const BURST = 4_000;

/** As long as a ticket, and each one another: the same code twice is one scan. */
function ticket(number: number): string {
  return `F1${"0123456789ABCDEFGHJKMNPQRSTVWXYZ".repeat(4)}00${String(number).padStart(3, "0")}`;
}

function scanned(text: string): ScannerEvent {
  return { type: "scanned", text };
}

/** Does something and returns what the scanner told meanwhile, once it is `count` things and a pause has passed. */
async function toldBy(context: ScannerContext, count: number, act: () => Promise<void>) {
  const { events, until, pause } = context;
  const from = events.length;
  await act();
  await until(() => events.length >= from + count);
  await pause();
  return events.slice(from);
}

export const SCANNER_ITEMS: readonly ScannerItem[] = [
  {
    name: "tells what is typed as one code, capitals and all",
    run: async (context) => {
      const told = await toldBy(context, 1, () => context.strike(keystrokes(ticket(1))));
      assert.deepEqual(told, [scanned(ticket(1))]);
    },
  },
  {
    name: "tells a code that no Enter ends after a pause",
    run: async (context) => {
      const told = await toldBy(context, 1, () => context.strike(keystrokes("f1-abc*XYZ", { enter: false })));
      assert.deepEqual(told, [scanned("f1-abc*XYZ")]);
    },
  },
  {
    name: "tells the same code left under it once",
    run: async (context) => {
      const told = await toldBy(context, 1, async () => {
        for (let reading = 0; reading < 4; reading += 1) await context.strike(keystrokes("left-there"));
      });
      assert.deepEqual(told, [scanned("left-there")]);
    },
  },
  {
    name: "counts a code longer than any ticket and keeps nothing of it",
    run: async (context) => {
      const length = TICKET_CODE_MAX * 2;
      const told = await toldBy(context, 1, () => context.strike(keystrokes("7".repeat(length))));
      assert.deepEqual(told, [{ type: "overlong", length }]);
    },
  },
  {
    name: "spoils a code with a key that is none of a ticket's, instead of leaving it out",
    run: async (context) => {
      const f11 = 87;
      const strokes = [
        ...keystrokes("12", { enter: false }),
        [f11, 1],
        [f11, 0],
        ...keystrokes("34"),
      ] as const;
      assert.deepEqual(await toldBy(context, 1, () => context.strike(strokes)), [scanned("12?34")]);
    },
  },
  {
    name: "spoils a code of which the kernel dropped a part, and reads the next one as it is",
    run: async (context) => {
      const told = await toldBy(context, 1, async () => context.burst(keystrokes("8".repeat(BURST))));
      for (const event of told) {
        assert.ok(
          event.type === "overlong" || (event.type === "scanned" && event.text.includes("?")),
          event.type,
        );
      }
      const next = await toldBy(context, 1, () => context.strike(keystrokes(ticket(2))));
      assert.deepEqual(next, [scanned(ticket(2))]);
    },
  },
  {
    name: "tells nothing of a code whose plug was pulled, and the next one whole, many times over",
    run: async (context) => {
      const { scanner, until } = context;
      for (let pull = 0; pull < PULLS; pull += 1) {
        const text = ticket(100 + pull);
        const strokes = keystrokes(text);
        const told = await toldBy(context, 3, async () => {
          await context.strike(strokes.slice(0, 17 + pull * 30));
          context.unplug();
          await until(() => !scanner.isReady());
          await context.plug();
          await context.strike(strokes);
        });
        assert.deepEqual(told, [{ type: "unplugged" }, { type: "plugged" }, scanned(text)]);
      }
    },
  },
  {
    name: "lets nobody else read along",
    run: async (context) => {
      const before = context.overheard();
      await toldBy(context, 1, () => context.strike(keystrokes(ticket(3))));
      assert.equal(context.overheard(), before);
    },
  },
];
