/**
 * The real gateway the killed totems talk to, in this process: broker, ingest and store as in service, of the invented
 * town. Its clock goes three days late, so that a totem that keeps what was receipted for one day prunes at every start.
 */
import { createHash, randomBytes, randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { ensureJournalKey, identityFiles } from "#firmware/identity.ts";
import { HEALTH_ALARMS } from "#gateway/alerts/health-alarms.ts";
import { directoryOf } from "#gateway/directory.ts";
import { type Gateway, startGateway } from "#gateway/gateway.ts";
import { proofFolder } from "#gateway/proof/write-proof.ts";
import { recountAll } from "#gateway/rounds.ts";
import type { KeptReadiness } from "#gateway/store/readiness-store.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { dayKeyFile } from "#gateway/tickets/day-key-store.ts";
import { signerOf } from "#gateway/tickets/issuer-keys.ts";
import { FACES, type Face, REASONS, type Reason, VERDICTS } from "#schemas/code-list.ts";
import { type DayKey, dayKeyText, keysOn } from "#schemas/day-keys.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { dayFromNumber, type LocalDay, localDayOf } from "#schemas/local-day.ts";
import { markOf } from "#schemas/mark.ts";
import { writeSecret } from "#schemas/secret-file.ts";
import { issueSignedTicket, readSignedTicket, signedForm } from "#schemas/ticket.ts";
import { DAY_MS, MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { fullTownSettings, SITE_ID, ZONE } from "../bench/town.ts";
import { checkProof } from "../verify/check-proof.ts";
import { filesOfFolder, readProof } from "../verify/read-proof.ts";
import type { NewTicket } from "./citizens.ts";
import type { StoredVote } from "./ledger.ts";

const SERIAL_BYTES = 8;
/** The same for totems and gateway, so that it can be told what mark a ticket has. */
const SITE_KEY = Buffer.alloc(32, 0x5a);
const LATE_MS = 3 * DAY_MS;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

export type KillsGateway = {
  /** The environment of a totem of this gateway. */
  readonly environment: (totemId: string) => Readonly<Record<string, string>>;
  readonly newTicket: () => NewTicket;
  /** What the store holds of every vote of an open day. */
  readonly votes: () => readonly StoredVote[];
  /** How many votes count, of open and closed days. */
  readonly validVotes: () => number;
  /** How many votes it holds of each of the site's local days, open or closed. */
  readonly votesByDay: () => ReadonlyMap<LocalDay, number>;
  /** The readiness reports it has of a totem, the latest that came first. */
  readonly readiness: (totemId: string) => Promise<readonly KeptReadiness[]>;
  /** Entries held of a totem, without a gap. */
  readonly entriesOf: (totemId: string) => Promise<number>;
  /** Everything that does not add up, in words. */
  readonly problems: () => Promise<readonly string[]>;
  /** What a check of the public proof finds, in words; nothing while no day is closed. */
  readonly proofProblems: () => Promise<readonly string[]>;
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Provisions the totems and starts the gateway.
 * @param behindMs how late its clock goes.
 */
export async function startKillsGateway(
  dir: string,
  totemIds: readonly string[],
  nowMs: () => number,
  behindMs = LATE_MS,
): Promise<KillsGateway> {
  const dataDir = join(dir, "gateway");
  const databaseFile = join(dataDir, "gateway.db");
  const settings: GatewaySettings = { ...fullTownSettings(), dataDir };
  const lateMs = () => nowMs() - behindMs;
  const dayKeys: readonly DayKey[] = [
    { scope: `site/${SITE_ID}`, fromDay: localDayOf(lateMs(), ZONE), key: SITE_KEY },
  ];
  writeSecret(dayKeyFile(dataDir), dayKeyText(dayKeys));
  const store = openSqliteStore(databaseFile, lateMs());
  for (const totemId of totemIds) {
    await provision(store, join(dir, totemId), totemId, lateMs());
    writeSecret(identityFiles(join(dir, totemId)).dayKeys, dayKeyText(dayKeys));
  }
  const gateway = await startGateway({
    settings,
    store,
    log: SILENT,
    nowMs: lateMs,
    random: () => randomInt(1_000_000) / 1_000_000,
    randomBytes,
  });
  const newTicket = await ticketPrinter({ store, dataDir, nowMs, dayKeys });
  return {
    environment: (totemId) => environmentOf(dir, totemId, gateway),
    newTicket,
    votes: () => votesIn(databaseFile),
    validVotes: () => validVotesIn(databaseFile),
    votesByDay: () => votesByDayIn(databaseFile),
    readiness: async (totemId) => (await store.readiness(totemId)) ?? [],
    entriesOf: async (totemId) => (await store.knownEpochs(totemId)).reduce((sum, { upTo }) => sum + upTo, 0),
    problems: () => problemsOf(store, settings, lateMs),
    proofProblems: () => proofProblemsIn(proofFolder(dataDir)),
    settled: gateway.settled,
    close: gateway.close,
  };
}

async function provision(store: Store, dataDir: string, totemId: string, nowMs: number): Promise<void> {
  const password = randomBytes(16).toString("hex");
  const files = identityFiles(dataDir);
  writeSecret(files.mqttPassword, `${password}\n`);
  await store.registerTotem({
    totemId,
    siteId: SITE_ID,
    serves: null,
    publicKey: ensureJournalKey(dataDir).publicKeyHex,
    passwordSha256: createHash("sha256").update(password).digest("hex"),
    enrolledMs: nowMs,
  });
}

function environmentOf(dir: string, totemId: string, gateway: Gateway): Readonly<Record<string, string>> {
  return {
    FACCINE_TOTEM_ID: totemId,
    FACCINE_SITE_ID: SITE_ID,
    FACCINE_DATA_DIR: join(dir, totemId),
    FACCINE_MQTT_URL: `mqtt://127.0.0.1:${gateway.mqttPort}`,
    FACCINE_GATEWAY_PUBLIC_KEY: gateway.publicKey,
    FACCINE_PANEL_PORT: "0",
    FACCINE_KEEP_RECEIPTED_DAYS: "1",
    // A crowd of citizens in a hurry: no bounces, the shortest lock-out, no flood.
    FACCINE_SIMULATED_BOUNCE: "false",
    FACCINE_SESSION_LOCK_OUT_MS: "50",
    FACCINE_SESSION_RELEASE_MS: "1",
    FACCINE_SESSION_FLOOD_PRESSES_PER_MINUTE: "200",
    // A busy machine must not make a session end while its citizen is still pressing.
    FACCINE_SESSION_AWAITING_FACE_MS: "300000",
    FACCINE_SESSION_THANKS_MS: "30000",
    FACCINE_SESSION_REASON_MS: "120000",
    FACCINE_SESSION_SAVING_MS: "60000",
  };
}

/** Tickets signed with the key of the first office's issuer, as the gateway itself would. */
async function ticketPrinter({
  store,
  dataDir,
  nowMs,
  dayKeys,
}: {
  readonly store: Store;
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly dayKeys: readonly DayKey[];
}): Promise<() => NewTicket> {
  const office = fullTownSettings().sites[0]?.offices[0];
  const service = office?.services[0];
  if (office === undefined || service === undefined) throw new Error("the town has no office");
  const signer = await signerOf({ store, dataDir, nowMs, randomBytes }, office.officeId, "live");
  if (signer === null) throw new Error("the office has no issuer key");
  const { record, key: issuerKey } = signer;
  return () => {
    const ticket = {
      issuerKey: record.number,
      office: office.number,
      service: service.number,
      minute: minuteOf(nowMs()),
      serial: randomBytes(SERIAL_BYTES).toString("hex"),
    };
    const code = issueSignedTicket(ticket, issuerKey);
    if (!readSignedTicket(code).ok) throw new Error("the ticket cannot be read back");
    const [key] = keysOn(dayKeys, `site/${SITE_ID}`, localDayOf(ticket.minute * MINUTE_MS, ZONE));
    if (key === undefined) throw new Error("there is no key for a ticket of today");
    return { code, mark: markOf(signedForm(ticket), key) };
  };
}

function votesIn(databaseFile: string): readonly StoredVote[] {
  const rows = rowsIn<{ mark: string; face: number; reason: number | null; verdict: number }>(
    databaseFile,
    "SELECT hex(mark) AS mark, face, reason, verdict FROM vote",
  );
  return rows.map(({ mark, face, reason, verdict }) => ({
    mark: mark.toLowerCase(),
    face: FACES[face] as Face,
    reason: reason === null ? null : (REASONS[reason] as Reason),
    verdict: VERDICTS[verdict] as string,
  }));
}

function validVotesIn(databaseFile: string): number {
  const verdicts = (["accepted", "late"] as const).map((verdict) => VERDICTS.indexOf(verdict)).join(", ");
  const [row] = rowsIn<{ votes: number | null }>(
    databaseFile,
    `SELECT sum(votes) AS votes FROM (${ALL_VOTES}) WHERE verdict IN (${verdicts})`,
  );
  return row?.votes ?? 0;
}

function votesByDayIn(databaseFile: string): ReadonlyMap<LocalDay, number> {
  const rows = rowsIn<{ day: number; votes: number }>(
    databaseFile,
    `SELECT day, sum(votes) AS votes FROM (${ALL_VOTES}) GROUP BY day`,
  );
  return new Map(rows.map(({ day, votes }) => [dayFromNumber(day), votes]));
}

/** Of open days one by one, of closed ones as the counts they have become. */
const ALL_VOTES =
  "SELECT day, verdict, 1 AS votes FROM vote UNION ALL SELECT day, verdict, votes FROM settled";

function rowsIn<T>(databaseFile: string, sql: string): readonly T[] {
  const database = new Database(databaseFile, { readonly: true });
  try {
    return database.prepare<[], T>(sql).all();
  } finally {
    database.close();
  }
}

async function proofProblemsIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(join(folder, "index.json"))) return [];
  const { findings, missing } = checkProof(await readProof(filesOfFolder(folder)));
  return [
    ...findings.map(({ where, what }) => `${where}: ${what}`),
    ...missing.map(({ totemId, day }) => `${totemId} stated nothing on ${day}`),
  ];
}

/**
 * Counts again and looks for alarms. Those about a totem's health are left out: votes in memory and clocks that jump are what the machines
 * of these runs are for, and are rightly told.
 */
async function problemsOf(
  store: Store,
  settings: GatewaySettings,
  nowMs: () => number,
): Promise<readonly string[]> {
  const mismatches = await recountAll({ store, log: SILENT, nowMs, directory: directoryOf(settings) });
  const alarms = (await store.alarms()).filter(({ code }) => !HEALTH_ALARMS.includes(code));
  return [
    ...mismatches.map((m) => `recount of ${m.day} ${m.column}: ${m.counted} counted, ${m.recounted} found`),
    ...alarms.map(({ code, subject, detail }) => `alarm ${code} ${subject}: ${detail}`),
  ];
}
