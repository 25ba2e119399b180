import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { prepareDatabase } from "#schemas/sqlite.ts";
import {
  dataFolder,
  faultAt,
  hexId,
  KEY,
  NOON_MS,
  openAt,
  readAll,
  receiptFor,
  removeFolders,
  TOTEM,
  timeAt,
  votesIn,
  voteWith,
} from "./journal.fixture.ts";
import { JournalFile } from "./journal-file.ts";
import { journalMigrations, SET_ASIDE_MAX } from "./open-journal.ts";

afterEach(removeFolders);

const DAMAGE_REPORT = {
  kind: "fault",
  time: timeAt(NOON_MS),
  code: "journal-damaged",
  state: "failed",
  part: null,
} as const;

function fileIn(folder: string): string {
  return join(folder, "journal.db");
}

/** Seals a vote for each number. */
function vote(journal: JournalFile, from: number, to: number): void {
  for (let number = from; number <= to; number++) {
    expect(journal.commitDraft(voteWith(number, number)).ok).toBe(true);
    expect(journal.sealDraft(timeAt(NOON_MS)).ok).toBe(true);
  }
}

/** Overwrites bytes of a file without changing its length. */
function scribble(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

/** The page that holds some text, counted from 0. */
function pageOf(path: string, text: string, pageBytes = 4096): number {
  const at = readFileSync(path).indexOf(text);
  if (at < 0) throw new Error("the text is not in the file");
  return Math.floor(at / pageBytes);
}

describe("opening a journal", () => {
  it("makes one that commits to the disk, with STRICT tables, and leaves nothing else behind", () => {
    const folder = dataFolder();
    const { journal, setAside, sqliteVersion } = openAt(folder, 1);
    expect(setAside).toBeNull();
    expect(sqliteVersion).toMatch(/^3\./);
    journal.close();
    expect(readdirSync(folder)).toEqual(["journal.db"]);
    const database = new Database(fileIn(folder));
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    const loose = database
      .prepare("SELECT name FROM pragma_table_list WHERE schema='main' AND strict=0")
      .all();
    expect(loose.filter((row) => !(row as { name: string }).name.startsWith("sqlite_"))).toEqual([]);
    database.close();
  });

  it("is readable by its owner only, log and all, whatever the folder allows", () => {
    const folder = dataFolder();
    const { journal } = openAt(folder, 1);
    vote(journal, 1, 1);
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o077]);
    expect(modes.filter(([name]) => String(name).startsWith("journal.db")).length).toBeGreaterThan(1);
    expect(modes.filter(([, others]) => others !== 0)).toEqual([]);
    journal.close();
  });

  it("refuses a file that a newer program has changed, and leaves it alone", () => {
    const folder = dataFolder();
    openAt(folder, 1).journal.close();
    const database = new Database(fileIn(folder));
    database.prepare("INSERT INTO migration VALUES ('0999-later.sql', 'x', 1)").run();
    database.close();
    expect(() => openAt(folder, 2)).toThrow(/newer-database/);
    expect(readdirSync(folder)).toEqual(["journal.db"]);
  });

  it("finds everything again that was committed when the process was killed with the log unfinished", () => {
    const folder = dataFolder();
    const { journal } = openAt(folder, 1);
    vote(journal, 1, 5);
    const copy = dataFolder();
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(copy, name));
    journal.close();
    // Half a frame at the end of the log is what a power cut in the middle of a commit leaves.
    const wal = `${fileIn(copy)}-wal`;
    writeFileSync(wal, Buffer.concat([readFileSync(wal), Buffer.alloc(2_000, 7)]));
    const again = openAt(copy, 2);
    expect(again.setAside).toBeNull();
    expect(votesIn(readAll(again.journal))).toEqual([1, 2, 3, 4, 5]);
    again.journal.close();
  });
});

/** A journal of `votes` votes, closed so that all of it is in the one file. */
function filled(votes: number): string {
  const folder = dataFolder();
  const { journal } = openAt(folder, 1);
  vote(journal, 1, votes);
  journal.close();
  return folder;
}

describe("a damaged journal is set aside byte for byte, and reported until the report is in the journal:", () => {
  const cases: readonly [string, (folder: string) => void][] = [
    ["an emptied file", (folder) => truncateSync(fileIn(folder))],
    ["a garbage header", (folder) => scribble(fileIn(folder), 0, Buffer.alloc(100, 0xa5))],
    ["a file of another kind", (folder) => writeFileSync(fileIn(folder), "Sehr geehrte Damen und Herren,\n")],
    [
      "a torn page in the middle",
      (folder) => {
        const path = fileIn(folder);
        scribble(path, pageOf(path, hexId(50)) * 4096, Buffer.alloc(4096, 0xff));
      },
    ],
    ["a file cut short", (folder) => truncateSync(fileIn(folder), statSync(fileIn(folder)).size - 4096)],
  ];

  for (const [name, harm] of cases) {
    it(name, () => {
      const folder = filled(100);
      harm(folder);
      const damaged = readFileSync(fileIn(folder));
      const opened = openAt(folder, 2);
      expect(opened.setAside).toBe(join(folder, "damaged-1"));
      expect(readFileSync(join(folder, "damaged-1", "journal.db")).equals(damaged)).toBe(true);
      opened.journal.close();
      // The report is still owed: nobody has written it yet.
      const again = openAt(folder, 3);
      expect(again.setAside).toBe(join(folder, "damaged-1"));
      expect(again.journal.append(DAMAGE_REPORT).ok).toBe(true);
      again.journal.close();
      const later = openAt(folder, 4);
      expect(later.setAside).toBeNull();
      vote(later.journal, 201, 202);
      later.journal.close();
      expect(readdirSync(folder).sort()).toEqual(["damaged-1", "journal.db"]);
    });
  }
});

describe("what can still be read of a damaged journal", () => {
  it("is carried over: votes around a torn page are sent, those on it are declared lost, no ticket is good again", () => {
    const folder = filled(100);
    const path = fileIn(folder);
    scribble(path, pageOf(path, hexId(50)) * 4096, Buffer.alloc(4096, 0xff));
    const { journal } = openAt(folder, 2);
    for (let mark = 1; mark <= 100; mark++) expect(journal.isSpent(hexId(mark))).toBe(true);
    vote(journal, 201, 201);
    const batches = readAll(journal);
    const sentVotes = votesIn(batches);
    const lost = batches.flatMap((batch) => batch.parsed).filter((entry) => entry.kind === "lost");
    // Entry n + 1 of the first epoch is vote n.
    const lostVotes = lost.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index - 1),
    );
    expect(lost.every(({ epoch, cause }) => epoch === hexId(1) && cause === "damaged")).toBe(true);
    expect(lostVotes).toContain(50);
    expect([...sentVotes, ...lostVotes].sort((a, b) => a - b)).toEqual([
      ...Array.from({ length: 100 }, (_, index) => index + 1),
      201,
    ]);
    expect(lostVotes.length).toBeLessThan(20);
    const { captured, acknowledged, pending } = journal.sums();
    expect(captured).toBe(acknowledged + pending);
    expect(acknowledged).toBe(lostVotes.length);
    journal.close();
  });

  it("includes the thanked draft, the settings, what was receipted, and the place in the chain", () => {
    const folder = dataFolder();
    const { journal } = openAt(folder, 1);
    vote(journal, 1, 60);
    journal.applyReceipt(receiptFor(hexId(1), 30));
    journal.keep("settings", "as they were");
    journal.commitDraft(voteWith(61, 61));
    journal.close();
    const path = fileIn(folder);
    scribble(path, pageOf(path, hexId(40)) * 4096, Buffer.alloc(4096, 0xff));
    const again = openAt(folder, 2).journal;
    expect(again.kept("settings")).toBe("as they were");
    expect(again.sealDraft(timeAt(NOON_MS)).ok).toBe(true);
    const batches = readAll(again);
    expect(votesIn(batches)).toContain(61);
    expect(votesIn(batches).every((number) => number >= 30)).toBe(true);
    const opened = batches.flatMap((batch) => batch.parsed).find((entry) => entry.kind === "opened");
    expect(opened).toMatchObject({ ordinal: 2, previousEpoch: hexId(1), previousLast: 61 });
    again.close();
  });

  it("is declared lost again to a restored gateway that asks for it again", () => {
    const folder = filled(100);
    const path = fileIn(folder);
    scribble(path, pageOf(path, hexId(50)) * 4096, Buffer.alloc(4096, 0xff));
    const { journal } = openAt(folder, 2);
    vote(journal, 201, 201);
    const before = readAll(journal);
    for (const { epoch, last } of journal.openEpochs()) journal.applyReceipt(receiptFor(epoch, last));
    expect(journal.sums().pending).toBe(0);
    expect(journal.resendFrom(hexId(1), 1, timeAt(NOON_MS)).ok).toBe(true);
    expect(journal.append(faultAt(NOON_MS)).ok).toBe(true);
    const again = readAll(journal);
    expect(votesIn(again)).toEqual(votesIn(before).filter((number) => number <= 100));
    const lostOf = (batches: typeof before) =>
      batches
        .flatMap((batch) => batch.parsed)
        .filter((entry) => entry.kind === "lost")
        .map(({ first, last }) => [first, last]);
    expect(lostOf(again)).toEqual(lostOf(before));
    journal.close();
  });
});

describe("an entry that rots in a sound file", () => {
  it("is declared lost alone; its neighbours are sent", () => {
    const folder = filled(20);
    const database = new Database(fileIn(folder));
    database.prepare("UPDATE entry SET body = replace(body, 'green', 'yellow') WHERE seq = 11").run();
    database.close();
    const { journal, setAside } = openAt(folder, 2);
    expect(setAside).toBeNull();
    expect(journal.append(faultAt(NOON_MS)).ok).toBe(true);
    const batches = readAll(journal);
    expect(votesIn(batches)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    const lost = batches.flatMap((batch) => batch.parsed).filter((entry) => entry.kind === "lost");
    expect(lost).toMatchObject([{ epoch: hexId(1), first: 11, last: 11, cause: "damaged" }]);
    journal.close();
  });

  it("while the totem runs is never signed", () => {
    const folder = filled(20);
    const { journal } = openAt(folder, 2);
    const database = new Database(fileIn(folder));
    database.prepare("UPDATE entry SET body = replace(body, 'green', 'yellow') WHERE seq = 11").run();
    database.close();
    expect(journal.readBatch(hexId(1), 1, 21)).toMatchObject({ first: 1, last: 10 });
    expect(journal.readBatch(hexId(1), 11, 21)).toBeNull();
    expect(journal.readBatch(hexId(1), 12, 21)).toMatchObject({ first: 12, last: 21 });
    journal.close();
  });
});

describe("the write-ahead log", () => {
  /** A journal that was killed: its last commits are in the log only. */
  function killed(): string {
    const folder = dataFolder();
    const { journal } = openAt(folder, 1);
    vote(journal, 1, 20);
    const copy = dataFolder();
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(copy, name));
    journal.close();
    rmSync(`${fileIn(copy)}-shm`);
    return copy;
  }

  it("damaged in the middle is set aside with its database, because SQLite would drop the commits behind it", () => {
    const folder = killed();
    const wal = `${fileIn(folder)}-wal`;
    scribble(wal, Math.floor(statSync(wal).size / 2), Buffer.alloc(64, 0xff));
    const before = readFileSync(wal);
    const { journal, setAside } = openAt(folder, 2);
    expect(setAside).toBe(join(folder, "damaged-1"));
    expect(readFileSync(join(folder, "damaged-1", "journal.db-wal")).equals(before)).toBe(true);
    // What stood before the damage is carried over.
    expect(votesIn(readAll(journal)).slice(0, 3)).toEqual([1, 2, 3]);
    journal.close();
  });

  it("with a damaged header too", () => {
    const folder = killed();
    scribble(`${fileIn(folder)}-wal`, 8, Buffer.alloc(4, 0xff));
    const { journal, setAside } = openAt(folder, 2);
    expect(setAside).toBe(join(folder, "damaged-1"));
    journal.close();
  });

  it("beside an emptied database is kept, because SQLite would delete it", () => {
    const folder = killed();
    truncateSync(fileIn(folder));
    const bytes = statSync(`${fileIn(folder)}-wal`).size;
    openAt(folder, 2).journal.close();
    expect(statSync(join(folder, "damaged-1", "journal.db-wal")).size).toBe(bytes);
  });

  it("without a database is kept as well", () => {
    const folder = killed();
    rmSync(fileIn(folder));
    const bytes = statSync(`${fileIn(folder)}-wal`).size;
    openAt(folder, 2).journal.close();
    expect(statSync(join(folder, "damaged-1", "journal.db-wal")).size).toBe(bytes);
    // The next damage finds a folder of its own.
    truncateSync(fileIn(folder));
    const { journal, setAside } = openAt(folder, 3);
    expect(setAside).toBe(join(folder, "damaged-2"));
    expect(statSync(join(folder, "damaged-1", "journal.db-wal")).size).toBe(bytes);
    journal.close();
  });
});

describe("a start that is cut off while it puts a rescued journal in place", () => {
  it("is finished by the next one, and nothing is mixed up", () => {
    const folder = filled(30);
    const path = fileIn(folder);
    // As if killed after the rescued journal was ready and the log, but not yet the database, was moved.
    copyFileSync(path, `${path}.ready`);
    const ready = new Database(`${path}.ready`);
    ready.prepare("INSERT INTO kept VALUES ('set-aside', ?)").run(join(folder, "damaged-1"));
    ready.pragma("journal_mode = DELETE");
    ready.close();
    scribble(path, 0, Buffer.alloc(100, 0xa5));
    mkdirSync(join(folder, "damaged-1"));
    writeFileSync(join(folder, "damaged-1", "journal.db-wal"), "the log");
    const { journal, setAside } = openAt(folder, 2);
    expect(setAside).toBe(join(folder, "damaged-1"));
    expect(votesIn(readAll(journal))).toHaveLength(30);
    expect(readdirSync(join(folder, "damaged-1")).sort()).toEqual(["journal.db", "journal.db-wal"]);
    expect(existsSync(`${path}.ready`)).toBe(false);
    journal.close();
  });

  it("begins anew when the rescued journal was not ready", () => {
    const folder = filled(30);
    const path = fileIn(folder);
    writeFileSync(`${path}.building`, "half of a journal");
    truncateSync(path);
    const { journal, setAside } = openAt(folder, 2);
    expect(setAside).toBe(join(folder, "damaged-1"));
    expect(journal.sums().captured).toBe(0);
    journal.close();
    expect(readdirSync(folder).sort()).toEqual(["damaged-1", "journal.db"]);
  });
});

describe("a card that damages its journal again and again", () => {
  it("is refused once as many files were set aside as anybody will look at", () => {
    const folder = filled(1);
    for (let number = 1; number <= SET_ASIDE_MAX; number++) {
      mkdirSync(join(folder, `damaged-${number}`));
      writeFileSync(join(folder, `damaged-${number}`, "journal.db"), "");
    }
    truncateSync(fileIn(folder));
    expect(() => openAt(folder, 2)).toThrow(/replace the card/);
    expect(existsSync(fileIn(folder))).toBe(true);
  });
});

describe("damage that SQLite meets while the totem runs", () => {
  it("is a failure of the journal, and tells the program to end so that a start can set the file aside", () => {
    const folder = filled(400);
    const path = fileIn(folder);
    const database = new Database(path);
    prepareDatabase(database, journalMigrations(), NOON_MS);
    const met: string[] = [];
    const onDamage = (error: Error) => met.push((error as { code?: string }).code ?? "");
    const journal = new JournalFile({ database, totemId: TOTEM, epoch: hexId(2), key: KEY, onDamage });
    // All pages but the first, which holds the schema.
    scribble(path, 4096, Buffer.alloc(statSync(path).size - 4096, 0xff));
    expect(journal.commitDraft(voteWith(500, 500))).toEqual({ ok: false, problem: "journal-failed" });
    expect(met[0]).toMatch(/^SQLITE_CORRUPT/);
    journal.close();
    const again = openAt(folder, 3);
    expect(again.setAside).toBe(join(folder, "damaged-1"));
    again.journal.close();
  });
});
