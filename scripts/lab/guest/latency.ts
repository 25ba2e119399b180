/**
 * Guest: how long from a key's contact to the click, the lamps and the thanks, and what the firmware costs while nobody votes.
 * Looks at the lines every millisecond, the timer's grain.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { BUZZER_PIN, KEY_PINS, LAMP_PINS, PICTOGRAM_PINS } from "#hardware/wiring.ts";
import { FACES, type Face } from "#schemas/code-list.ts";
import { residentMb } from "../../bench/process-figures.ts";
import type { LabTicket } from "../totem-folder.ts";
import { type Board, openBoard } from "./board.ts";
import { LAMP_MS, seen } from "./citizen.ts";
import { readJob, report } from "./report.ts";
import { startTotem } from "./totem.ts";
import { SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

export type LatencyJob = {
  readonly env: Readonly<Record<string, string>>;
  readonly tickets: readonly LabTicket[];
  readonly idleMs: number;
  /** How often the peer's lamp is lit. */
  readonly echoes: number;
};

export type LatencyResult = {
  /** From contact to each, in milliseconds, the kernel's debounce included; the first presses are left out. */
  readonly echoMs: readonly number[];
  readonly clickMs: readonly number[];
  readonly lampMs: readonly number[];
  readonly thanksMs: readonly number[];
  readonly firstThanksMs: number;
  readonly idlePercent: number;
  readonly memoryMb: number;
};

/** The thread that reads the keys may still be starting: the kernel keeps the edges for it. */
const ANSWER_MS = 60_000;
const HOLD_MS = 60;
/** The lock-out of a key is 50 ms in the lab's settings; a click has ended by then too. */
const BETWEEN_MS = 250;
const SETTLE_MS = 5_000;
const WARM_AFTER = 10;
/** USER_HZ is 100 for every program that reads /proc. */
const MS_PER_TICK = 10;

const job = readJob<LatencyJob>();
const board = openBoard();
const scanner = usbScanner();
await scanner.plug();
const echoMs = await bareEcho(board, job.echoes);
const totem = await startTotem({
  env: { ...job.env, FACCINE_SCANNER_PATH: SERIAL_LINK, FACCINE_VOICE_ON: "false" },
});
let firstThanksMs = Number.NaN;
const click: number[] = [];
const lamp: number[] = [];
const thanks: number[] = [];
for (const [number, { code }] of job.tickets.entries()) {
  scanner.sendSerial(code);
  if ((await seen(board, "choose", LAMP_MS)) === null) throw new Error("a good ticket was not accepted");
  await pause(BETWEEN_MS);
  const at = await press(board, FACES[number % FACES.length] ?? "green");
  // What is called for the first time has to be read and compiled.
  if (number >= WARM_AFTER) {
    click.push(at.clickMs);
    lamp.push(at.lampMs);
    thanks.push(at.thanksMs);
  } else if (number === 0) firstThanksMs = at.thanksMs;
  await pause(BETWEEN_MS);
}
await pause(SETTLE_MS);
const [beforeMs, sinceMs] = [processorMs(totem.pid), performance.now()];
await pause(job.idleMs);
const result: LatencyResult = {
  echoMs,
  clickMs: click,
  lampMs: lamp,
  thanksMs: thanks,
  firstThanksMs,
  idlePercent: (100 * (processorMs(totem.pid) - beforeMs)) / (performance.now() - sinceMs),
  memoryMb: residentMb(totem.pid),
};
report({ latency: result });
await totem.stop();

/**
 * Processor time of a process, in the hundredths of a second of /proc/pid/stat (proc(5), fields 14 and 15): this kernel keeps no
 * finer account.
 */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** From contact to lamp with the least program there can be: what this machine itself takes. */
async function bareEcho(on: Board, echoes: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [new URL("./bare-echo.ts", import.meta.url).pathname], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const tookMs: number[] = [];
  for (let number = 0; number < WARM_AFTER + echoes; number++) {
    const startMs = performance.now();
    on.ground(KEY_PINS.green, true);
    await until(() => on.isHigh(LAMP_PINS.green), startMs);
    if (number >= WARM_AFTER) tookMs.push(performance.now() - startMs);
    on.ground(KEY_PINS.green, false);
    await until(() => !on.isHigh(LAMP_PINS.green), startMs);
    await pause(HOLD_MS);
  }
  child.kill("SIGTERM");
  await once(child, "exit");
  return tookMs;
}

async function until(isSo: () => boolean, startMs: number): Promise<void> {
  while (!isSo()) {
    if (performance.now() - startMs > ANSWER_MS) throw new Error("the peer did not answer");
    await pause(1);
  }
}

/** Presses a face that is lit, and waits for the click, for its lamp to change, and for the thanks. */
async function press(on: Board, face: Face): Promise<{ clickMs: number; lampMs: number; thanksMs: number }> {
  const startMs = performance.now();
  on.ground(KEY_PINS[face], true);
  const seenMs = { clickMs: Number.NaN, lampMs: Number.NaN, thanksMs: Number.NaN };
  const lit = on.isHigh(LAMP_PINS[face]);
  while (Number.isNaN(seenMs.thanksMs) || Number.isNaN(seenMs.clickMs) || Number.isNaN(seenMs.lampMs)) {
    const nowMs = performance.now() - startMs;
    if (nowMs > ANSWER_MS) throw new Error(`a press was not answered: ${JSON.stringify(seenMs)}`);
    if (Number.isNaN(seenMs.clickMs) && on.isHigh(BUZZER_PIN)) seenMs.clickMs = nowMs;
    if (Number.isNaN(seenMs.lampMs) && on.isHigh(LAMP_PINS[face]) !== lit) seenMs.lampMs = nowMs;
    if (Number.isNaN(seenMs.thanksMs) && on.isHigh(PICTOGRAM_PINS.thankYou)) seenMs.thanksMs = nowMs;
    if (nowMs > HOLD_MS) on.ground(KEY_PINS[face], false);
    await pause(1);
  }
  on.ground(KEY_PINS[face], false);
  return seenMs;
}
