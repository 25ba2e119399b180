/**
 * A totem in the simulated world: the real journal and the real outbox, in virtual time. Restarts at any moment, and
 * cuts its batches anywhere.
 */
import type { KeyObject } from "node:crypto";
import Database from "better-sqlite3";
import { JournalFile } from "#firmware/journal/journal-file.ts";
import { journalMigrations } from "#firmware/journal/open-journal.ts";
import { readReceipt } from "#firmware/sync/downlink.ts";
import {
  EMPTY_OUTBOX,
  gatewayHeard,
  nextOutboxDeadlineMs,
  nextToSend,
  type Outbox,
  progressed,
  sent,
  waited,
} from "#firmware/sync/outbox.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import type { Random } from "#schemas/seeded.fixture.ts";
import type { SigningKey } from "#schemas/signature.ts";
import { prepareDatabase } from "#schemas/sqlite.ts";
import type { VirtualTime } from "./virtual-time.ts";

export type FaultTotem = {
  readonly totemId: string;
  /** Writes a vote into the journal; it may count from now on. */
  readonly cast: (vote: VoteEntry) => void;
  readonly receive: (receipt: Buffer) => void;
  /** Power off and on: a new epoch, and nothing remembered but the journal. */
  readonly restart: () => void;
  /** Stops cutting batches shorter than they need be. */
  readonly heal: () => void;
  readonly pending: () => number;
  readonly close: () => void;
};

type Parts = {
  readonly totemId: string;
  readonly key: SigningKey;
  readonly gatewayKey: KeyObject;
  readonly random: Random;
  readonly time: VirtualTime;
  readonly send: (batch: Buffer) => void;
};

/** Of ten batches this many are cut short somewhere, so that runs never meet the same way twice. */
const CUT_CHANCE = 0.3;

export function openFaultTotem(parts: Parts): FaultTotem {
  const { totemId, key, random, time } = parts;
  const database = new Database(":memory:");
  prepareDatabase(database, migrations, time.nowMs());
  const open = () => new JournalFile({ database, totemId, key, epoch: random.bytes(16).toString("hex") });
  let journal = open();
  let outbox: Outbox = EMPTY_OUTBOX;
  let cuts = CUT_CHANCE;
  let wakesAtMs = Number.POSITIVE_INFINITY;

  const pump = () => {
    outbox = waited(progressed(outbox, journal.openEpochs()), time.nowMs(), random.next());
    for (let run = nextToSend(outbox, time.nowMs()); run !== null; run = nextToSend(outbox, time.nowMs())) {
      const to = random.chance(cuts) ? run.from + random.below(run.to - run.from + 1) : run.to;
      const batch = journal.readBatch(run.epoch, run.from, to);
      if (batch === null) throw new Error("the journal does not hold what the outbox wants to send");
      parts.send(Buffer.from(batch.text));
      outbox = sent(outbox, batch, time.nowMs());
    }
    wake();
  };
  const wake = () => {
    const atMs = nextOutboxDeadlineMs(outbox, time.nowMs()) ?? Number.POSITIVE_INFINITY;
    if (atMs >= wakesAtMs) return;
    wakesAtMs = atMs;
    time.after(atMs - time.nowMs(), () => {
      wakesAtMs = Number.POSITIVE_INFINITY;
      pump();
    });
  };

  return {
    totemId,
    cast: (vote) => {
      const appended = journal.append(vote);
      if (!appended.ok) throw new Error(`the journal failed: ${appended.problem}`);
      pump();
    },
    receive: (payload) => {
      const receipt = readReceipt(payload, parts.gatewayKey);
      // What was cut on the way is refused by its form or its signature.
      if (!receipt.ok) return;
      const outcome = journal.applyReceipt(receipt.value);
      if (!outcome.ok || outcome.value.headMismatch) throw new Error("a receipt does not fit the journal");
      outbox = gatewayHeard(outbox, time.nowMs());
      pump();
    },
    restart: () => {
      journal = open();
      outbox = EMPTY_OUTBOX;
      pump();
    },
    heal: () => {
      cuts = 0;
    },
    pending: () => journal.sums().pending,
    close: () => database.close(),
  };
}

const migrations = journalMigrations();
