/**
 * Guest: pulls the scanner's plug in the middle of a code and puts it back, again and again. Each time the next whole code must
 * be taken as it is, and the firmware must hold no more files than before.
 */
import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { residentMb } from "../../bench/process-figures.ts";
import type { LabTicket } from "../totem-folder.ts";
import { openBoard } from "./board.ts";
import { LAMP_MS, pressKey, seen } from "./citizen.ts";
import { readJob, report } from "./report.ts";
import { type GuestTotem, startTotem } from "./totem.ts";
import { SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

export type UnplugJob = {
  readonly env: Readonly<Record<string, string>>;
  readonly tickets: readonly LabTicket[];
  readonly kind: "serial" | "hid";
};

export type UnplugResult = {
  readonly times: number;
  readonly taken: number;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly memoryMb: number;
};

const HOLD_MS = 60;
/** A ticket is 135 characters: the plug is pulled somewhere in them. */
const CUT_FROM = 5;
const CUT_STEP = 7;
const CUT_SPAN = 120;
/** Tries of one code after a plug: the firmware looks for the scanner with a back-off. */
const TRIES = 40;
const TRY_MS = 250;
/** Plugs before files are counted: what is opened once for good is open then. */
const SETTLED_AFTER = 5;

const job = readJob<UnplugJob>();
const board = openBoard();
const scanner = usbScanner();
await scanner.plug();
const send = job.kind === "serial" ? scanner.sendSerial : scanner.typeKeys;
const totem = await startTotem({
  env: {
    ...job.env,
    FACCINE_VOICE_ON: "false",
    FACCINE_SCANNER_KIND: job.kind,
    ...(job.kind === "serial" ? { FACCINE_SCANNER_PATH: SERIAL_LINK } : {}),
  },
});
let taken = 0;
let filesBefore = 0;
for (const [number, { code }] of job.tickets.entries()) {
  if (number === SETTLED_AFTER) filesBefore = openFiles(totem);
  await send(code, CUT_FROM + ((number * CUT_STEP) % CUT_SPAN));
  await scanner.unplug();
  await scanner.plug();
  if (await isTaken(code, number)) taken += 1;
}
const result: UnplugResult = {
  times: job.tickets.length,
  taken,
  filesBefore,
  filesAfter: openFiles(totem),
  memoryMb: residentMb(totem.pid),
};
report({ unplug: result });
await totem.stop();

/** Scans until the ticket is accepted, and votes with it, so that the next one begins anew. */
async function isTaken(code: string, number: number): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    await send(code);
    if ((await seen(board, "choose", TRY_MS)) === null) continue;
    await pressKey(board, number % 2 === 0 ? "green" : "yellow", HOLD_MS);
    const thanked = (await seen(board, "thankYou", LAMP_MS)) !== null;
    await pause(HOLD_MS);
    return thanked;
  }
  return false;
}

function openFiles({ pid }: GuestTotem): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
