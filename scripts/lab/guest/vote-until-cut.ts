/**
 * Guest: says what the disk holds after the last power cut, then lets citizens vote at the real firmware and tells the host
 * of every thanks it saw, until the power is cut again. Ends by itself only when it is out of tickets.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { FACES } from "#schemas/code-list.ts";
import type { LabTicket } from "../totem-folder.ts";
import { openBoard } from "./board.ts";
import { pressKey, seen } from "./citizen.ts";
import { readJob, report } from "./report.ts";
import { startTotem } from "./totem.ts";
import { SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

export type VoteUntilCutJob = {
  readonly env: Readonly<Record<string, string>>;
  readonly tickets: readonly LabTicket[];
  readonly preload: readonly string[];
  /** Only looks at what is there. */
  readonly onlyLook: boolean;
};

/** Nobody waits longer for a lamp; a slow disk's commit fits in. */
const LAMP_MS = 10_000;
/** Long enough for the kernel's debounce, short enough for a crowd. */
const HOLD_MS = 40;

const job = readJob<VoteUntilCutJob>();
report({ held: marksHeld(job.env["FACCINE_DATA_DIR"] ?? "") });
if (!job.onlyLook) await vote();

async function vote(): Promise<void> {
  const board = openBoard();
  const scanner = usbScanner();
  await scanner.plug();
  await startTotem({
    env: { ...job.env, FACCINE_SCANNER_PATH: SERIAL_LINK, FACCINE_VOICE_ON: "false" },
    preload: job.preload,
  });
  for (const [number, { code, mark }] of job.tickets.entries()) {
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
