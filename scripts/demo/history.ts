/**
 * `npm start -- --history`: months that were lived through before the demo's first start, by the same code as in service. Each totem writes
 * votes into its own journal, states its days and sends its batches; the gateway's store takes them in, closes the days and publishes
 * its proof. Only time is made up, and the citizens: the votes are invented, and the same at every first start but for their ids.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import Database from "better-sqlite3";
import { ensureJournalKey } from "#firmware/identity.ts";
import { JournalFile } from "#firmware/journal/journal-file.ts";
import { journalMigrations } from "#firmware/journal/open-journal.ts";
import { KEPT_CLOSED_THROUGH } from "#firmware/journal/receipts.ts";
import { closedBeforeMs } from "#firmware/site-times.ts";
import { gatewayKey } from "#gateway/access/key-files.ts";
import { closeDays } from "#gateway/close-days.ts";
import { type Directory, directoryOf } from "#gateway/directory.ts";
import { verifyBatch } from "#gateway/ingest/verify.ts";
import { publishLog } from "#gateway/proof/publish.ts";
import { proofFolder, writeProof } from "#gateway/proof/write-proof.ts";
import { monthFiles } from "#gateway/publication/month-files.ts";
import { publishMonths } from "#gateway/publication/write-publication.ts";
import { dayToClose } from "#gateway/settle/closing-time.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { addDays, dayStartMs, type LocalDay, localDayOf } from "#schemas/local-day.ts";
import type { Result } from "#schemas/result.ts";
import { publicKeyFromHex, type SigningKey } from "#schemas/signature.ts";
import { keepPrivate, prepareDatabase } from "#schemas/sqlite.ts";
import { DAY_MS, type EntryTime, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { type InventedVote, votesOfDay } from "./invented-votes.ts";
import type { DemoPlan, TotemPlan } from "./plan.ts";

/** Nine months, so that two of them can be compared and the proof of all has a size worth telling. */
const MONTHS = 9;
/** When a totem states the day before: as in service, once the last session is over. */
const STATED_AT_MINUTE = 15;

type LivedTotem = {
  readonly plan: TotemPlan;
  readonly key: SigningKey;
  readonly database: Database.Database;
  readonly journal: JournalFile;
  readonly epoch: string;
  uptime: Record<LocalDay, number>;
};

type History = {
  readonly store: Store;
  readonly directory: Directory;
  readonly settings: GatewaySettings;
  readonly key: SigningKey;
  readonly zone: string;
  readonly totems: readonly LivedTotem[];
};

/** The first day of the history that a demo started now would have. */
export function historyFromDay(nowMs: number, zone: string): LocalDay {
  const [year = 0, month = 0] = localDayOf(nowMs, zone).split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 - MONTHS, 1));
  return first.toISOString().slice(0, 10);
}

/** Lives through the days from one on up to yesterday. @param say called with a line for each month. */
export async function liveThrough(
  plan: DemoPlan,
  settings: GatewaySettings,
  days: { readonly fromDay: LocalDay; readonly nowMs: number },
  say: (line: string) => void,
): Promise<void> {
  const { fromDay, nowMs } = days;
  const zone = settings.sites[0]?.zone ?? "UTC";
  const store = openSqliteStore(join(plan.gatewayDir, "gateway.db"), nowMs);
  const history: History = {
    ...{ store, settings, zone, directory: directoryOf(settings), key: gatewayKey(plan.gatewayDir) },
    totems: plan.totems.map((totem) => openTotem(totem, nowMs)),
  };
  try {
    const today = localDayOf(nowMs, zone);
    for (let day = fromDay; day < today; day = addDays(day, 1)) {
      if (day === fromDay || day.endsWith("-01")) say(`Living through ${day.slice(0, 7)} …`);
      await liveDay(history, day);
    }
    for (const totem of history.totems) await evening(history, totem, nowMs);
    await night(history, nowMs);
    await writeProof(history, proofFolder(plan.gatewayDir));
    const published = { ...history, settings: { ...settings, dataDir: plan.gatewayDir } };
    await publishMonths({ ...published, nowMs: () => nowMs, files: monthFiles(published) });
  } finally {
    for (const { database } of history.totems) database.close();
    await store.close();
  }
}

function openTotem(plan: TotemPlan, nowMs: number): LivedTotem {
  const file = join(plan.dataDir, "journal.db");
  keepPrivate(file);
  const database = new Database(file);
  prepareDatabase(database, journalMigrations(), nowMs);
  const key = ensureJournalKey(plan.dataDir);
  const epoch = randomBytes(16).toString("hex");
  const journal = new JournalFile({ database, totemId: plan.totemId, epoch, key });
  return { plan, key, database, journal, epoch, uptime: {} };
}

async function liveDay(history: History, day: LocalDay): Promise<void> {
  const { store, zone, totems, settings } = history;
  const startMs = dayStartMs(day, zone);
  const votes = votesOfDay(day, totems.length, settings);
  for (const [at, totem] of totems.entries()) {
    state(history, totem, timeAt(startMs + STATED_AT_MINUTE * MINUTE_MS));
    totem.uptime = { [day]: votes.length === 0 ? 0 : 11 * 60 };
    // One commit a day: it is not the making of the history that has to survive a power cut.
    totem.database.transaction(() => {
      for (const vote of votes.filter(({ totem: whose }) => whose === at)) write(totem, vote, startMs);
    })();
    await evening(history, totem, startMs + 19 * HOUR_MS);
  }
  if (votes.length > 0) await store.putServed(servedOn(day, votes, settings), startMs + 20 * HOUR_MS);
  await night(history, startMs + 3 * HOUR_MS + MINUTE_MS);
}

function timeAt(wallMs: number): EntryTime {
  return { wallMs, monotonicUs: (wallMs % (400 * DAY_MS)) * 1_000, bootId: "history", clock: "trusted" };
}

function state({ zone }: History, { journal, uptime }: LivedTotem, time: EntryTime): void {
  for (;;) {
    const seed = randomBytes(32).toString("hex");
    if (value(journal.stateNextDay({ time, zone, uptimeMinutes: uptime, seed })) === null) return;
  }
}

function write({ journal }: LivedTotem, vote: InventedVote, startMs: number): void {
  const { minute, service, wording, face, reason, mark, flags } = vote;
  const wallMs = startMs + minute * MINUTE_MS + vote.second * 1_000;
  const id = randomBytes(16).toString("hex");
  const ticket = {
    ...({ profile: "signed", proof: "signature", issuerKeyId: "history" } as const),
    ...{ minute: Math.floor(wallMs / MINUTE_MS) - 4, mark: mark ?? randomBytes(16).toString("hex") },
  };
  const choice = { service, wording, face, reason, flags: [...flags] };
  value(journal.append({ kind: "vote", time: timeAt(wallMs), id, mode: "live", ticket, ...choice }));
}

/** Sends what is written, and hears what became of it. */
async function evening(history: History, totem: LivedTotem, atMs: number): Promise<void> {
  const { store, directory, zone } = history;
  const { journal, epoch, plan, key } = totem;
  if (localDayOf(atMs, zone) !== localDayOf(atMs - 19 * HOUR_MS, zone)) state(history, totem, timeAt(atMs));
  const open = journal.openEpochs().find((one) => one.epoch === epoch);
  if (open === undefined) return;
  for (let next = open.oldestUnreceipted; next <= open.last; ) {
    const batch = journal.readBatch(epoch, next, open.last);
    if (batch === null) throw new Error(`${plan.totemId}: the journal lacks entry ${next}`);
    const journalKey = publicKeyFromHex(key.publicKeyHex);
    const verified = verifyBatch(Buffer.from(batch.text), {
      totemId: plan.totemId,
      receivedMs: atMs,
      journalKey,
    });
    if (!verified.ok) throw new Error(`${plan.totemId}: a batch is ${verified.problem}`);
    const [outcome] = await store.ingest([verified.value], directory.rules);
    if (outcome?.kind !== "stored") throw new Error(`${plan.totemId}: a batch was not stored`);
    const { upTo, head } = outcome.watermark;
    const { size, hash } = await store.logState();
    value(
      journal.applyReceipt({
        ...{ epoch, upTo, head, ranges: [], rejected: [], closedThrough: outcome.closedThrough },
        ...{ checkpoint: size === 0 ? null : { size, hash }, timeMs: atMs, signature: "" },
      }),
    );
    next = batch.last + 1;
  }
  const before = closedBeforeMs(journal.kept(KEPT_CLOSED_THROUGH), { zone });
  value(journal.prune({ nowMs: atMs, keepMs: 7 * DAY_MS, closedBeforeMs: before }));
}

/** What the gateway does at three in the morning. */
async function night({ store, key, zone, settings }: History, nowMs: number): Promise<void> {
  const day = dayToClose(nowMs, [zone]);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const isWatching = settings.campaign.agreement !== null;
  const parts = { store, isWatching, nowMs: () => nowMs };
  const publish = async () => {
    await publishLog({ ...parts, key, zoneOf: () => zone, randomBytes, log: quiet });
  };
  // Of an invented past there is nothing to save.
  await closeDays({ ...parts, publish, backUp: async () => undefined }, day);
}

/** People served: somewhat more than voted, by service. */
function servedOn(day: LocalDay, votes: readonly InventedVote[], { sites }: GatewaySettings) {
  const services = Map.groupBy(votes, ({ service }) => service);
  return (sites[0]?.offices ?? []).flatMap(({ officeId, services: all }) =>
    all.flatMap(({ serviceId, number }) => {
      const voted = services.get(serviceId)?.length ?? 0;
      return voted === 0 ? [] : [{ officeId, serviceId, day, served: Math.ceil(voted * (2 + number / 3)) }];
    }),
  );
}

function value<T>(result: Result<T, unknown>): T {
  if (result.ok) return result.value;
  throw new Error(`the journal could not be written: ${String(result.problem)}`);
}
