/**
 * A serial scanner on a line of the real kernel, with a by-id folder of its own, and the other end of that line.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import type { ScannerEvent } from "../../ports.ts";
import { nameIt, openPty, type Pty } from "./pty.fixture.ts";
import type { ScannerUnderTest } from "./scanner-contract.fixture.ts";
import { openSerialScanner, type SerialScanner } from "./serial-scanner.ts";

export type LogLine = { readonly event: string; readonly fields: Readonly<Record<string, unknown>> };

export type ScannerOnPty = ScannerUnderTest & {
  readonly scanner: SerialScanner;
  readonly events: readonly ScannerEvent[];
  readonly log: readonly LogLine[];
  readonly folders: { readonly serial: string; readonly input: string };
  /** The line that is plugged in now. */
  readonly line: () => Pty;
  readonly unplug: () => void;
  readonly until: (isSo: () => boolean) => Promise<void>;
  readonly close: () => Promise<void>;
};

const PATIENCE_MS = 15_000;

export async function scannerOnPty(
  settings: Partial<TotemSettings["scanner"]> = {},
  startsPlugged = true,
  own: { readonly waitMs?: (failures: number) => number; readonly nowMs?: () => number } = {},
): Promise<ScannerOnPty> {
  const root = mkdtempSync(join(tmpdir(), "faccine-scanner-"));
  const folders = { serial: join(root, "by-id"), input: join(root, "input-by-id") };
  mkdirSync(folders.serial);
  const link = join(folders.serial, "usb-Lab_Scanner-if00");
  const log: LogLine[] = [];
  const note = (event: string, fields = {}) => void log.push({ event, fields });
  let line = openPty();
  if (startsPlugged) nameIt(link, line.path);
  const scanner = await openSerialScanner({
    settings: { path: null, family: "generic", baudRate: 9_600, ...settings },
    nowMs: () => performance.now(),
    log: { info: note, warn: note, error: note },
    folders,
    ...own,
  });
  const events: ScannerEvent[] = [];
  scanner.onEvent((event) => events.push(event));
  const unplug = () => {
    nameIt(link, null);
    line.unplug();
  };
  return {
    scanner,
    events,
    log,
    folders,
    line: () => line,
    read: (text) => void line.send(`${text}\r`),
    readAgain: (text) => void line.send(`${text}\r`),
    unplugInside: (text) => {
      line.send(text.slice(0, text.length / 2));
      unplug();
    },
    unplug,
    plug: () => {
      if (line.isUnplugged()) line = openPty();
      nameIt(link, line.path);
    },
    until: async (isSo) => {
      for (let waitedMs = 0; !isSo() && waitedMs < PATIENCE_MS; waitedMs += 2)
        await new Promise((resolve) => setTimeout(resolve, 2));
      if (!isSo()) throw new Error(`it did not come to that: ${JSON.stringify({ events, log })}`);
    },
    close: async () => {
      await scanner.close();
      line.unplug();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
