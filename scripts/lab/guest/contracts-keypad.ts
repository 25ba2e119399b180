/**
 * Guest: the kernel's own driver of a matrix keypad, bound by the overlay that is delivered, and the firmware's reading of
 * it. A simulated chip couples no row with a column: a row at ground is seen in every column, so that both its keys are
 * pressed. Which of the two a finger meant cannot be looked at here, nor can pull-ups and ghosts.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { INPUT_FOLDERS } from "#firmware/devices/evdev/find-device.ts";
import { FIRST_SCAN_MS } from "#firmware/devices/evdev/keypad-levels.ts";
import { openMatrixKeypad } from "#firmware/devices/evdev/matrix-keypad.ts";
import { gpioBackEnd } from "#firmware/devices/gpio/open-lines.ts";
import type { KeyEdge } from "#firmware/ports.ts";
import { MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import { lineOffset } from "#hardware/pins.ts";
import { REASON_KEYS, type ReasonKey } from "#schemas/code-list.ts";
import { openBoard } from "./board.ts";
import { type ContractCheck, endOfContracts, goThrough } from "./contracts.ts";

const CHOICE = { labels: ["pinctrl-bcm2711"], isSettled: true };
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const PATIENCE_MS = 60_000;
const LOOK_MS = 5;
/** A clear press: several debounce periods. */
const HOLD_MS = 60;
/** What should not come would have come by then. */
const QUIET_MS = 200;
/** A tick of the machine's timer is 1 ms, and work that was put off by it is done at the next. */
const STAMP_LATE_MS = 6;
/** EV_SYN, EV_KEY and EV_MSC of input-event-codes.h: keys and their places in the matrix, and nothing that repeats (EV_REP). */
const KINDS = (1n << 0n) | (1n << 1n) | (1n << 4n);

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const board = openBoard();
const rows = MATRIX_KEYPAD.rowPins;
// A simulated chip begins with all lines at ground; on a board the overlay's pull-ups hold them.
for (const pin of rows) board.ground(pin, false);
// The driver reads the lines at its own time, not at the pull's.
await pause(HOLD_MS);

const CHECKS: readonly ContractCheck[] = [
  {
    name: "the driver is bound, and its device is named as the firmware looks for it",
    run: async () => {
      const driver = "/sys/bus/platform/drivers/matrix-keypad";
      assert.ok(readdirSync(driver).includes(MATRIX_KEYPAD.name), readdirSync(driver).join(" "));
      assert.equal(readFileSync(join(deviceFolder(), "name"), "utf8").trim(), MATRIX_KEYPAD.name);
    },
  },
  {
    name: "it has exactly the keys of the four reasons, and repeats none",
    run: async () => {
      const codes = REASON_KEYS.map((key) => BigInt(MATRIX_KEYPAD.keys[key].code));
      assert.equal(
        capability("key"),
        codes.reduce((bits, code) => bits | (1n << code), 0n),
      );
      assert.equal(capability("ev"), KINDS);
    },
  },
  {
    name: "rows and columns are the kernel's: the firmware is told who holds them",
    run: async () => {
      const held = [
        ...rows.map((pin) => [pin, "matrix_kbd_row"] as const),
        ...MATRIX_KEYPAD.columnPins.map((pin) => [pin, "matrix_kbd_col"] as const),
      ];
      for (const [pin, holder] of held) {
        assert.throws(() => gpioBackEnd(CHOICE).openOutputs(new Map([[lineOffset(pin), 0]])), {
          kind: "line-taken",
          message: new RegExp(`${pin} is in use by '${holder}'`),
        });
      }
    },
  },
  ...rows.map((pin, row) => ({
    name: `row ${row} at ground presses its keys once each, at the time of the contact, and lets them go`,
    run: () =>
      withKeypad(async (edges) => {
        const keys = keysOf(row);
        for (const closed of [true, false]) {
          const from = edges.length;
          const contactMs = nowMs();
          board.ground(pin, closed);
          await until(() => edges.length >= from + keys.length);
          await pause(QUIET_MS);
          const told = edges.slice(from);
          assert.deepEqual(told.map(({ key }) => key).toSorted(), keys.toSorted());
          for (const { active, initial, atMs } of told) {
            assert.deepEqual({ active, initial }, { active: closed, initial: false });
            assert.ok(Math.abs(atMs - contactMs) <= STAMP_LATE_MS, `stamped ${atMs - contactMs} ms after it`);
          }
        }
      }),
  })),
  {
    name: "a touch shorter than the debounce period is nothing",
    run: () =>
      withKeypad(async (edges) => {
        board.ground(rows[0], true);
        await pause(MATRIX_KEYPAD.debounceMs / 3);
        board.ground(rows[0], false);
        await pause(QUIET_MS);
        assert.deepEqual(edges, []);
        // A keypad that is not read tells nothing either.
        board.ground(rows[0], true);
        await until(() => edges.length >= keysOf(0).length);
        assert.equal(edges.length, keysOf(0).length);
      }),
  },
  {
    name: "a row that is at ground when the keypad is opened is found, not pressed",
    run: async () => {
      board.ground(rows[1], true);
      await pause(HOLD_MS);
      await withKeypad(async (edges) => {
        await until(() => edges.length >= keysOf(1).length);
        await pause(QUIET_MS);
        assert.deepEqual(
          edges.map(({ key, active, initial }) => ({ key, active, initial })),
          keysOf(1).map((key) => ({ key, active: true, initial: true })),
        );
      });
    },
  },
];

await goThrough("matrix keypad by its overlay", CHECKS);
endOfContracts(CHECKS.length);

async function withKeypad(run: (edges: readonly KeyEdge[]) => Promise<void>): Promise<void> {
  const keypad = openMatrixKeypad({ nowMs, log: LOG });
  const edges: KeyEdge[] = [];
  keypad.onEdge((edge) => edges.push(edge));
  try {
    // What the driver finds at its first scan is no press.
    await pause(2 * FIRST_SCAN_MS);
    await run(edges);
  } finally {
    for (const pin of rows) board.ground(pin, false);
    await pause(HOLD_MS);
    await keypad.close();
  }
}

function keysOf(row: number): ReasonKey[] {
  return REASON_KEYS.filter((key) => MATRIX_KEYPAD.keys[key].row === row);
}

/** What the kernel knows about the keypad. @throws when there is no such device. */
function deviceFolder(): string {
  const folders = readdirSync(INPUT_FOLDERS.sys)
    .filter((name) => /^input\d+$/.test(name))
    .map((name) => join(INPUT_FOLDERS.sys, name));
  const names = folders.map((folder) => readFileSync(join(folder, "name"), "utf8").trim());
  const folder = folders[names.indexOf(MATRIX_KEYPAD.name)];
  if (folder === undefined)
    throw new Error(`there are only the input devices ${names.join(", ") || "(none)"}`);
  return folder;
}

/** The kernel writes a bitmap as hexadecimal words of 64 bits, the highest first, without their leading zeros. */
function capability(name: "key" | "ev"): bigint {
  const words = readFileSync(join(deviceFolder(), "capabilities", name), "latin1")
    .trim()
    .split(" ");
  return words.reduce((bits, word) => (bits << 64n) | BigInt(`0x${word}`), 0n);
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = nowMs() + PATIENCE_MS; !isSo() && nowMs() < endMs; ) await pause(LOOK_MS);
}
