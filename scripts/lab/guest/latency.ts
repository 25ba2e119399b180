/**
 * Guest, in real time: how long from a key's contact to the click, the lamps and the thanks, and what the firmware costs
 * while nobody votes. Looks at the lines every millisecond, the timer's grain.
 */
import { setTimeout as pause } from "node:timers/promises";
import { BUZZER_PIN, KEY_PINS, LAMP_PINS, PICTOGRAM_PINS } from "#hardware/wiring.ts";
import { FACES, type Face } from "#schemas/code-list.ts";
import { processorMs, residentMb } from "../../bench/process-figures.ts";
import type { LabTicket } from "../totem-folder.ts";
import { type Board, openBoard } from "./board.ts";
import { seen } from "./citizen.ts";
import { readJob, report } from "./report.ts";
import { startTotem } from "./totem.ts";
import { SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

export type LatencyJob = {
  readonly env: Readonly<Record<string, string>>;
  readonly tickets: readonly LabTicket[];
  readonly idleMs: number;
};

export type LatencyResult = {
  /** From contact to each, in milliseconds, the kernel's debounce included. */
  readonly clickMs: readonly number[];
  readonly lampMs: readonly number[];
  readonly thanksMs: readonly number[];
  readonly idlePercent: number;
  readonly memoryMb: number;
};

const LAMP_MS = 10_000;
const HOLD_MS = 60;
/** The lock-out of a key is 50 ms in the lab's settings; a click has ended by then too. */
const BETWEEN_MS = 250;
const SETTLE_MS = 5_000;

const job = readJob<LatencyJob>();
const board = openBoard();
const scanner = usbScanner();
await scanner.plug();
const totem = await startTotem({
  env: { ...job.env, FACCINE_SCANNER_PATH: SERIAL_LINK, FACCINE_VOICE_ON: "false" },
});
const click: number[] = [];
const lamp: number[] = [];
const thanks: number[] = [];
for (const [number, { code }] of job.tickets.entries()) {
  scanner.sendSerial(code);
  if ((await seen(board, "choose", LAMP_MS)) === null) throw new Error("a good ticket was not accepted");
  await pause(BETWEEN_MS);
  const at = await press(board, FACES[number % FACES.length] ?? "green");
  click.push(at.clickMs);
  lamp.push(at.lampMs);
  thanks.push(at.thanksMs);
  await pause(BETWEEN_MS);
}
await pause(SETTLE_MS);
const [beforeMs, sinceMs] = [processorMs(totem.pid), performance.now()];
await pause(job.idleMs);
const result: LatencyResult = {
  clickMs: click,
  lampMs: lamp,
  thanksMs: thanks,
  idlePercent: (100 * (processorMs(totem.pid) - beforeMs)) / (performance.now() - sinceMs),
  memoryMb: residentMb(totem.pid),
};
report({ latency: result });
await totem.stop();

/** Presses a face that is lit, and waits for the click, for its lamp to change, and for the thanks. */
async function press(on: Board, face: Face): Promise<{ clickMs: number; lampMs: number; thanksMs: number }> {
  const startMs = performance.now();
  on.ground(KEY_PINS[face], true);
  const seenMs = { clickMs: Number.NaN, lampMs: Number.NaN, thanksMs: Number.NaN };
  const lit = on.isHigh(LAMP_PINS[face]);
  while (Number.isNaN(seenMs.thanksMs) || Number.isNaN(seenMs.clickMs) || Number.isNaN(seenMs.lampMs)) {
    const nowMs = performance.now() - startMs;
    if (nowMs > LAMP_MS) throw new Error(`a press was not answered: ${JSON.stringify(seenMs)}`);
    if (Number.isNaN(seenMs.clickMs) && on.isHigh(BUZZER_PIN)) seenMs.clickMs = nowMs;
    if (Number.isNaN(seenMs.lampMs) && on.isHigh(LAMP_PINS[face]) !== lit) seenMs.lampMs = nowMs;
    if (Number.isNaN(seenMs.thanksMs) && on.isHigh(PICTOGRAM_PINS.thankYou)) seenMs.thanksMs = nowMs;
    if (nowMs > HOLD_MS) on.ground(KEY_PINS[face], false);
    await pause(1);
  }
  on.ground(KEY_PINS[face], false);
  return seenMs;
}
