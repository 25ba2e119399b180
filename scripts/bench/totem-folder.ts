/**
 * A provisioned totem's data folder, with a backlog in its journal when asked: written by the journal itself, entry by
 * entry, only that many share one commit.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { ensureJournalKey, identityFiles } from "#firmware/identity.ts";
import { JournalFile } from "#firmware/journal/journal-file.ts";
import { journalMigrations } from "#firmware/journal/open-journal.ts";
import type { TotemRecord } from "#gateway/store/store.ts";
import { writeSecret } from "#schemas/secret-file.ts";
import { seeded } from "#schemas/seeded.fixture.ts";
import { prepareDatabase } from "#schemas/sqlite.ts";
import { FIRST_OFFICE_SERVICES, SITE_ID } from "./town.ts";
import { type TownGateway, totemRecord } from "./town-gateway.ts";
import { backlogStartMs, castAtMs, makeVote } from "./votes.ts";

/** 256 bits, as for every secret. */
const SECRET_BYTES = 32;
/** Entries in one commit while a backlog is made: it is not the making that is measured. */
const ENTRIES_PER_COMMIT = 1_000;

/** Makes the folder of a totem; gives what the gateway must know of it. */
export function makeTotemFolder(dataDir: string, totemId: string): TotemRecord {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const files = identityFiles(dataDir);
  const password = randomBytes(SECRET_BYTES).toString("hex");
  writeSecret(files.mqttPassword, `${password}\n`);
  return totemRecord(totemId, ensureJournalKey(dataDir).publicKeyHex, password);
}

/** Fills the journal with votes that wait to be sent: one a minute of opening hours, up to yesterday evening. */
export function makeBacklog(dataDir: string, totemId: string, votes: number): void {
  const nowMs = Date.now();
  const database = new Database(join(dataDir, "journal.db"));
  try {
    prepareDatabase(database, journalMigrations(), nowMs);
    const random = seeded(votes);
    const epoch = random.bytes(16).toString("hex");
    const journal = new JournalFile({ database, totemId, epoch, key: ensureJournalKey(dataDir) });
    const firstDayMs = backlogStartMs(nowMs, votes);
    const boot = { bootId: "bench-boot", bootMs: firstDayMs };
    const appendRun = database.transaction((from: number, to: number) => {
      for (let number = from; number < to; number++) {
        const vote = makeVote(random, {
          atMs: castAtMs(firstDayMs, number),
          boot,
          services: FIRST_OFFICE_SERVICES,
        });
        const appended = journal.append(vote);
        if (!appended.ok) throw new Error(`the backlog could not be written: ${appended.problem}`);
      }
    });
    for (let from = 0; from < votes; from += ENTRIES_PER_COMMIT) {
      appendRun(from, Math.min(from + ENTRIES_PER_COMMIT, votes));
    }
  } finally {
    database.close();
  }
}

/** The environment of a totem that talks to this gateway. */
export function totemEnvironmentFor(
  dataDir: string,
  totemId: string,
  gateway: Pick<TownGateway, "mqttUrl" | "publicKeyHex">,
): Readonly<Record<string, string>> {
  return {
    FACCINE_TOTEM_ID: totemId,
    FACCINE_SITE_ID: SITE_ID,
    FACCINE_DATA_DIR: dataDir,
    FACCINE_MQTT_URL: gateway.mqttUrl,
    FACCINE_GATEWAY_PUBLIC_KEY: gateway.publicKeyHex,
    FACCINE_PANEL_PORT: "0",
  };
}
