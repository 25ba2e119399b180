/**
 * A whole totem for tests: the real loop, session, judge and journal on a temporary folder, simulated devices, and a
 * clock that moves only when a test says so. Its journal can be made to fail, to break or to stall.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Key } from "#schemas/code-list.ts";
import type { Entry, VoteEntry } from "#schemas/entry.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { SESSION_DEFAULTS } from "#schemas/session-settings.ts";
import { makeSigningKey } from "#schemas/signature.ts";
import { monotonicNowUs, openClock } from "./clock/machine-clock.ts";
import { journalHere } from "./journal/journal-client.ts";
import { openJournal } from "./journal/open-journal.ts";
import type { Journal, JournalResult, SelfTest } from "./ports.ts";
import { promptSelfTest } from "./self-test/self-test.fixture.ts";
import type { JournalFailure } from "./session/events.ts";
import { simulatedClock } from "./simulated/simulated-clock.ts";
import { simulatedIndicators } from "./simulated/simulated-indicators.ts";
import { simulatedKeys } from "./simulated/simulated-keys.ts";
import { type SimulatedScanner, simulatedScanner } from "./simulated/simulated-scanner.ts";
import { openTicketJudge } from "./tickets/ticket-judge.ts";
import { KEYRING, NOW_MS, SETTINGS } from "./tickets/tickets.fixture.ts";
import { Totem } from "./totem.ts";

/** What the journal does instead of its work. */
export type Trouble = {
  /** Fails in the ways a totem can say openly. */
  fails: JournalFailure | null;
  /** Throws: nobody foresaw this. */
  breaks: boolean;
  /** Answers nothing until this is resolved. */
  stalls: Promise<void> | null;
};

export type TestTotem = Awaited<ReturnType<typeof openTotem>>;

/** One name for each line of the log, and what it said. */
export type LogLine = { readonly level: string; readonly event: string; readonly fields: object };

const JOURNAL_KEY = makeSigningKey();
const folders: string[] = [];
let ids = 0;

/** Stops time at ten in the morning; only a test moves it. */
export function stopTime(): void {
  vi.useFakeTimers({
    now: NOW_MS,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "hrtime"],
  });
}

/** Lets time run again and removes what the totems wrote. */
export function startTime(): void {
  vi.useRealTimers();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export type TestTotemOptions = {
  readonly dataDir?: string;
  readonly settings?: () => SiteSettings | null;
  readonly hasRoom?: () => boolean;
  readonly selfTest?: SelfTest;
  readonly trouble?: Partial<Trouble>;
  readonly whileStarting?: (parts: { readonly scanner: SimulatedScanner }) => void;
};

/** Switches a totem on, in a folder of its own or in that of an earlier start. */
export async function openTotem(options: TestTotemOptions = {}) {
  const { parts, file, ...around } = partsOf(options);
  const { clock, keys, scanner, indicators } = parts;
  const totem = new Totem(parts);
  const starting = totem.start();
  options.whileStarting?.(parts);
  await starting;
  const unplug = () => {
    keys.close();
    scanner.close();
    clock.close();
    file.close();
  };
  return {
    ...parts,
    ...around,
    totem,
    /** Presses a key and waits until everything that follows at once is done. */
    press: async (key: Key) => {
      keys.press(key);
      await totem.settled();
    },
    scan: async (code: string) => {
      scanner.scan(code);
      await totem.settled();
    },
    /** Lets time pass, with every timer on the way. */
    pass: async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      if (around.trouble.stalls === null) await totem.settled();
    },
    phase: () => totem.view().state,
    sounds: () => indicators.heard().flatMap((heard) => ("sound" in heard ? [heard.sound] : [])),
    entries: () => entriesOf(journalHere(file)),
    /** Ends it as a power cut does: nothing is written any more. */
    cutPower: unplug,
    close: async () => {
      await totem.close();
      unplug();
    },
  };
}

function partsOf(options: TestTotemOptions) {
  const dataDir = options.dataDir ?? newFolder();
  const trouble: Trouble = { fails: null, breaks: false, stalls: null, ...options.trouble };
  const opened = openJournal({
    dataDir,
    totemId: "totem-1",
    epoch: freshId(),
    key: JOURNAL_KEY,
    nowMs: NOW_MS,
  });
  const journal = troubled(journalHere(opened.journal), trouble);
  const settings = options.settings ?? (() => SETTINGS);
  const clockSet = simulatedClock();
  const lines: LogLine[] = [];
  const note =
    (level: string) =>
    (event: string, fields: object = {}) => {
      lines.push({ level, event, fields });
    };
  const parts = {
    clock: openClock(clockSet.readings, 0),
    keys: simulatedKeys({ nowMs: () => monotonicNowUs() / 1_000, random: evenly(), bounces: true }),
    scanner: simulatedScanner(),
    indicators: simulatedIndicators(),
    journal,
    judge: openTicketJudge({ journal, settings, dayKeys: KEYRING }),
    log: { info: note("info"), warn: note("warn"), error: note("error") },
    session: SESSION_DEFAULTS,
    settings,
    freshId,
    onEntries: vi.fn(),
    onSpent: vi.fn(),
    hasRoom: options.hasRoom ?? (() => true),
    selfTest: options.selfTest ?? promptSelfTest(true),
  };
  return { parts, file: opened.journal, dataDir, clockSet, trouble, lines };
}

/** Every entry in the journal, oldest first. */
async function entriesOf(journal: Journal): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const { epoch, last } of await journal.openEpochs()) {
    for (let next = 1; next <= last; ) {
      const batch = await journal.readBatch(epoch, next, last);
      if (batch === null) throw new Error(`the journal lacks entry ${next}`);
      entries.push(...(JSON.parse(batch.text) as { entries: Entry[] }).entries);
      next = batch.last + 1;
    }
  }
  return entries;
}

export function votesOf(entries: readonly Entry[]): readonly VoteEntry[] {
  return entries.filter((entry) => entry.kind === "vote");
}

/** Every byte of every file of a data folder. */
export function bytesOf(dataDir: string): Buffer {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "faccine-totem-"));
  folders.push(folder);
  return folder;
}

function freshId(): string {
  ids += 1;
  return ids.toString(16).padStart(32, "0");
}

/** Random enough for contacts that bounce, and the same in every run. */
function evenly(): () => number {
  let value = 0;
  return () => {
    value = (value + 0.618_033_988_7) % 1;
    return value;
  };
}

/** The same journal, in trouble whenever `trouble` says so. Reading it back, as a test does, is left alone. */
function troubled(journal: Journal, trouble: Trouble): Journal {
  const tried =
    <A extends readonly unknown[], T>(work: (...args: A) => Promise<JournalResult<T>>) =>
    async (...args: A): Promise<JournalResult<T>> => {
      if (trouble.stalls !== null) await trouble.stalls;
      if (trouble.breaks) throw new Error("nobody foresaw this");
      return trouble.fails === null ? work(...args) : { ok: false, problem: trouble.fails };
    };
  return {
    ...journal,
    commitDraft: tried(journal.commitDraft),
    sealDraft: tried(journal.sealDraft),
    append: tried(journal.append),
    probe: tried(journal.probe),
    isSpent: async (mark) => {
      if (trouble.stalls !== null) await trouble.stalls;
      if (trouble.breaks || trouble.fails !== null) throw new Error("the disk cannot be read");
      return journal.isSpent(mark);
    },
  };
}
