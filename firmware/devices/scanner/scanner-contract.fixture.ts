/**
 * What every scanner must do, simulated or real, whatever it is connected by. A plain list, so that it runs under a test
 * runner as well as in a guest that has none: each entry rejects with what is wrong.
 */
import assert from "node:assert/strict";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import type { Scanner, ScannerEvent } from "../../ports.ts";

export type ScannerUnderTest = {
  readonly scanner: Scanner;
  /** The scanner reads a code and ends it. Resolves once the bytes are on their way. */
  readonly read: (text: string) => Promise<void> | void;
  /** It reads the same code that lies under it once more. */
  readonly readAgain: (text: string) => Promise<void> | void;
  /** It is pulled after it has sent the first half of a code. */
  readonly unplugInside: (text: string) => Promise<void> | void;
  readonly plug: () => Promise<void> | void;
};

export type ScannerClause = {
  readonly name: string;
  readonly run: (context: ScannerUnderTest) => Promise<void>;
};

/** Long enough for a loaded machine, short enough to see that something never comes. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 5;

/** Nothing that would still come takes longer than this: ten pauses of the framing. */
const QUIET_MS = 600;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Collects events, and waits until there are so many. */
function listen(scanner: Scanner) {
  const events: ScannerEvent[] = [];
  const stop = scanner.onEvent((event) => events.push(event));
  const until = async (count: number) => {
    for (let waitedMs = 0; events.length < count && waitedMs < PATIENCE_MS; waitedMs += LOOK_MS)
      await pause(LOOK_MS);
    assert.ok(
      events.length >= count,
      `${count} events were expected, and these came: ${JSON.stringify(events)}`,
    );
  };
  return { events, stop, until };
}

/** Texts that no test before has used: the same one within a few seconds would be no scan. */
let made = 0;
const freshText = (length = 133) => {
  made += 1;
  return `F1${made}X`.padEnd(length, "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
};

export const SCANNER_CONTRACT: readonly ScannerClause[] = [
  {
    name: "tells a ticket's code once, whole",
    run: async ({ scanner, read }) => {
      const { events, until, stop } = listen(scanner);
      const text = freshText();
      await read(text);
      await until(1);
      await pause(QUIET_MS);
      stop();
      assert.deepEqual(events, [{ type: "scanned", text }]);
    },
  },
  {
    name: "tells different codes in the order they were read",
    run: async ({ scanner, read }) => {
      const { events, until, stop } = listen(scanner);
      const texts = Array.from({ length: 20 }, () => freshText());
      for (const text of texts) await read(text);
      await until(texts.length);
      stop();
      assert.deepEqual(
        events,
        texts.map((text) => ({ type: "scanned", text })),
      );
    },
  },
  {
    name: "tells a code that is read again and again once",
    run: async ({ scanner, readAgain, read }) => {
      const { events, until, stop } = listen(scanner);
      const text = freshText();
      for (let count = 0; count < 10; count += 1) await readAgain(text);
      const other = freshText();
      await read(other);
      await until(2);
      stop();
      assert.deepEqual(events, [
        { type: "scanned", text },
        { type: "scanned", text: other },
      ]);
    },
  },
  {
    name: "tells the longest code whole, and of a longer one its length only",
    run: async ({ scanner, read }) => {
      const { events, until, stop } = listen(scanner);
      const longest = freshText(TICKET_CODE_MAX);
      await read(longest);
      await read(freshText(TICKET_CODE_MAX + 40));
      await until(2);
      stop();
      assert.deepEqual(events, [
        { type: "scanned", text: longest },
        { type: "overlong", length: TICKET_CODE_MAX + 40 },
      ]);
    },
  },
  {
    name: "tells nothing to whoever stopped listening",
    run: async ({ scanner, read }) => {
      const { events, stop } = listen(scanner);
      stop();
      await read(freshText());
      await pause(QUIET_MS);
      assert.deepEqual(events, []);
    },
  },
  {
    name: "unplugged inside a code tells that and no code, and reads again once it is back",
    run: async ({ scanner, read, unplugInside, plug }) => {
      const { events, until, stop } = listen(scanner);
      await unplugInside(freshText());
      await until(1);
      await pause(QUIET_MS);
      assert.deepEqual(events, [{ type: "unplugged" }]);
      assert.equal(scanner.isReady(), false);
      await plug();
      await until(2);
      assert.equal(scanner.isReady(), true);
      const text = freshText();
      await read(text);
      await until(3);
      stop();
      assert.deepEqual(events, [{ type: "unplugged" }, { type: "plugged" }, { type: "scanned", text }]);
    },
  },
];
