/**
 * Guest: the contracts of keys on lines and of the johnny-five plugin, asked of the kernel's own simulated chip. To be run in
 * virtual time: on a busy machine a touch of 3 ms would last longer than the debounce period.
 */
import { closeSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { openChip } from "#firmware/devices/gpio/find-chip.ts";
import { openGpioKeys } from "#firmware/devices/gpio/gpio-keys.ts";
import { GPIO_SYSTEM } from "#firmware/devices/gpio/gpio-system.ts";
import { headerPins } from "#firmware/devices/gpio/header-pins-back-end.ts";
import {
  CONTRACT_DEBOUNCE_MS,
  KEYS_CONTRACT,
  type KeysRig,
} from "#firmware/devices/gpio/keys-contract.suite.ts";
import {
  encodeLineRequest,
  GPIO_REQUESTS,
  LINE_FLAGS,
  requestedFd,
} from "#firmware/devices/gpio/line-layouts.ts";
import { gpioBackEnd } from "#firmware/devices/gpio/open-lines.ts";
import { loadFive } from "#firmware/devices/johnny-five/five.ts";
import { IO_CONTRACT, type IoContractContext } from "#firmware/devices/johnny-five/io-contract.suite.ts";
import { lineOffset } from "#hardware/pins.ts";
import { KEY_PINS } from "#hardware/wiring.ts";
import type { Key } from "#schemas/code-list.ts";
import { type Board, openBoard } from "./board.ts";
import { endOfContracts, goThrough } from "./contracts.ts";

const DRIVER = "/sys/bus/platform/drivers/gpio-sim";
/** The chip's node in the device tree of the lab's board. */
const DEVICE = "gpio-simulator";
const CHOICE = { labels: ["pinctrl-bcm2711"], isSettled: true };
/** Keys that the check of a full buffer leaves to flood with. */
const OTHERS: readonly Key[] = ["yellow", "wait", "staff", "return", "outcome", "assist", "service"];
const PATIENCE_MS = 40_000;
/** More than ten debounce periods and a pause of the reader: the key is down, then up. */
const WARM_UP_MS = 30;

const nobody = new Int32Array(new SharedArrayBuffer(4));
const block = (ms: number) => Atomics.wait(nobody, 0, 0, ms);
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
let board: Board | null = openBoard();
openContacts();

await goThrough(
  "keys on lines",
  KEYS_CONTRACT.map(({ name, run }) => ({ name, run: () => run(keysRig()) })),
);
// Lines as after a start: what the keys' checks left on them is gone.
unplug();
plug();
await goThrough(
  "johnny-five plugin",
  IO_CONTRACT.map(({ name, run }) => ({ name, run: () => run(ioContext()) })),
);
endOfContracts(KEYS_CONTRACT.length + IO_CONTRACT.length);

function plug(): void {
  writeFileSync(`${DRIVER}/bind`, DEVICE);
  board = openBoard();
}

function unplug(): void {
  writeFileSync(`${DRIVER}/unbind`, DEVICE);
  board = null;
}

/** A simulated chip begins with all lines at ground. */
function openContacts(): void {
  for (const key of Object.keys(KEY_PINS)) drive(key as Key, false);
}

function drive(key: Key, closed: boolean): void {
  board?.ground(KEY_PINS[key], closed);
}

function keysRig(): KeysRig {
  return {
    openKeys,
    drive,
    waitMs: (ms) => pause(ms),
    until,
    whileBusy: (moves) => {
      for (const [key, closed, pauseMs] of moves) {
        drive(key, closed);
        block(pauseMs);
      }
    },
    overflow: (moves) => {
      // First what the reader's thread hands over, then what is to be dropped, then more than the kernel keeps.
      flood(150);
      for (const [key, closed] of moves) {
        drive(key, closed);
        block(25);
      }
      flood(190);
    },
    nowMs,
    takeLine,
    unplug: async () => unplug(),
    replug: async (closed) => {
      plug();
      openContacts();
      for (const key of closed) drive(key, true);
    },
    // A tick of the machine's timer is 1 ms, and work that was put off by it is done at the next.
    stampLateMs: 6,
  };
}

async function openKeys() {
  const backEnd = gpioBackEnd(CHOICE);
  let isTaken = false;
  const keys = openGpioKeys({
    // gpio-sim opens every contact when a pull-up is asked for, as its contacts are pulls themselves.
    backEnd: { openInputs: (request) => backEnd.openInputs({ ...request, bias: "none" }) },
    pins: KEY_PINS,
    debounceMs: CONTRACT_DEBOUNCE_MS,
    nowMs,
    log: {
      info: (event) => {
        if (event === "keys-taken") isTaken = true;
      },
      warn: () => undefined,
      error: () => undefined,
    },
  });
  if (!isTaken) return keys;
  // The thread that reads has begun when a key that no check looks at is told.
  let told = 0;
  const stop = keys.onEdge(({ key }) => {
    if (key === "service") told += 1;
  });
  for (const closed of [true, false]) {
    drive("service", closed);
    await pause(WARM_UP_MS);
  }
  await until(() => told === 2);
  stop();
  return keys;
}

async function until(is: () => boolean): Promise<void> {
  for (const endMs = nowMs() + PATIENCE_MS; !is() && nowMs() < endMs; ) await pause(10);
}

/** An edge for each of seven keys a round; the reader's thread hands over 1,024 that nobody takes, the kernel keeps 1,024 more. */
function flood(rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    for (const key of OTHERS) drive(key, round % 2 === 0);
    block(14);
  }
}

function takeLine(key: Key): () => void {
  const bytes = encodeLineRequest({
    offsets: [lineOffset(KEY_PINS[key])],
    consumer: "spi0 CS1",
    flags: LINE_FLAGS.input,
    debounceUs: 0,
    outputBits: null,
    eventBufferSize: 0,
  });
  const chip = openChip(GPIO_SYSTEM, CHOICE, []);
  GPIO_SYSTEM.ioctl(chip.fd, GPIO_REQUESTS.lines, bytes);
  closeSync(chip.fd);
  return () => closeSync(requestedFd(bytes));
}

function ioContext(): IoContractContext {
  return {
    five: loadFive(),
    backEnd: headerPins(CHOICE),
    drive: (offset, level) => board?.ground(`GPIO${offset}`, level === 0),
    sense: (offset) => (board?.isHigh(`GPIO${offset}`) ? 1 : 0),
    wait: (ms) => pause(ms),
  };
}
