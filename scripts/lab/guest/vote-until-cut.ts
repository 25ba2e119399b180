/**
 * Guest, preloaded into the real firmware: says what the disk holds after the last power cut, then plays citizens who vote on
 * the simulated lines and tells the host of every thanks it saw, until the power is cut again. In the firmware's own process,
 * because a second one takes seconds to start here; it touches nothing of it but the environment.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import Database from "better-sqlite3";
import { FACES } from "#schemas/code-list.ts";
import type { LabTicket } from "../totem-folder.ts";
import { openBoard } from "./board.ts";
import { LAMP_MS, pressKey, seen } from "./citizen.ts";
import { readJob, report } from "./report.ts";
import { SERIAL_LINK, type UsbScanner, usbScanner } from "./usb-scanner.ts";

export type VoteUntilCutJob = {
  readonly env: Readonly<Record<string, string>>;
  readonly tickets: readonly LabTicket[];
  /** Only looks at what is there. */
  readonly onlyLook: boolean;
};

const START_MS = 120_000;
/** While the firmware starts it needs the processor for itself. */
const START_LOOK_MS = 200;
/** Long enough for the kernel's debounce, short enough for a crowd. */
const HOLD_MS = 40;

// A thread of the firmware's loads what is preloaded too.
if (isMainThread) await begin(readJob<VoteUntilCutJob>());

async function begin(job: VoteUntilCutJob): Promise<void> {
  report({ held: marksHeld(job.env["FACCINE_DATA_DIR"] ?? "") });
  if (job.onlyLook) process.exit(0);
  Object.assign(process.env, job.env, {
    FACCINE_DEVICES: "board",
    FACCINE_SCANNER_PATH: SERIAL_LINK,
    FACCINE_VOICE_ON: "false",
  });
  const scanner = usbScanner();
  await scanner.plug();
  // Not awaited: the firmware starts when this module is loaded.
  void vote(job.tickets, scanner);
}

async function vote(tickets: readonly LabTicket[], scanner: UsbScanner): Promise<void> {
  const board = openBoard();
  if ((await seen(board, "showReceipt", START_MS, START_LOOK_MS)) === null)
    throw new Error("the firmware did not start");
  for (const [number, { code, mark }] of tickets.entries()) {
    scanner.sendSerial(code);
    if ((await seen(board, "choose", LAMP_MS)) === null) throw new Error("a good ticket was not accepted");
    const face = FACES[number % FACES.length] ?? "green";
    const pressed = pressKey(board, face, HOLD_MS);
    if ((await seen(board, "thankYou", LAMP_MS)) === null) throw new Error("a press was not thanked for");
    // Told only once the lamp was seen: what was told must be on the disk.
    report({ thanked: mark, face });
    await pressed;
    await pause(HOLD_MS);
  }
}

/** Marks spent, and those of votes and the draft, by what SQLite makes of the disk. */
function marksHeld(dataDir: string): {
  readonly spent: readonly string[];
  readonly votes: Record<string, string>;
} {
  const file = join(dataDir, "journal.db");
  if (!existsSync(file)) throw new Error(`${file} is gone`);
  const database = new Database(file);
  try {
    const intact = database.pragma("integrity_check", { simple: true });
    if (intact !== "ok") throw new Error(`the journal is damaged: ${String(intact)}`);
    const spent = database.prepare("SELECT lower(hex(mark)) AS mark FROM spent").all() as { mark: string }[];
    const bodies = database.prepare("SELECT body FROM entry UNION ALL SELECT body FROM draft").all() as {
      body: string;
    }[];
    const votes = bodies.flatMap(({ body }) => {
      const entry = JSON.parse(body) as { kind: string; face: string; ticket: { mark: string } };
      return entry.kind === "vote" ? [[entry.ticket.mark, entry.face] as const] : [];
    });
    return { spent: spent.map(({ mark }) => mark), votes: Object.fromEntries(votes) };
  } finally {
    database.close();
  }
}
