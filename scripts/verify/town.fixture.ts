/**
 * A month of an invented town, with its public log and proof: two totems whose votes, statements and receipts are the real ones, a gateway's
 * store that closes the days, conflicts, a totem that was late and one that never stated a day.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Directory, directoryOf } from "#gateway/directory.ts";
import { type TestTotem, testTotem, verifiedBatch, voteEntry } from "#gateway/ingest/journal.fixture.ts";
import { publishLog } from "#gateway/proof/publish.ts";
import { writeProof } from "#gateway/proof/write-proof.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import type { Face, Reason } from "#schemas/code-list.ts";
import type { StatementEntry, VoteEntry } from "#schemas/entry.ts";
import { addDays, dayStartMs } from "#schemas/local-day.ts";
import { makeSigningKey, type SigningKey } from "#schemas/signature.ts";
import { signedStatement } from "#schemas/statement.ts";
import { type EntryTime, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { fullTownSettings, SITE_ID, ZONE } from "../bench/town.ts";

export const MONTH = "2026-10";
const FIRST_DAY = "2026-10-01";
/** Days of the month on which somebody votes; on the others the office is closed. */
const VOTED_DAYS = [0, 1, 5, 12, 30];
/** The day of which the second totem never says anything, and the one of which it says so late. */
export const SILENT_DAY = "2026-10-06";
const LATE_DAY = "2026-10-13";

export type Town = {
  readonly store: Store;
  readonly directory: Directory;
  readonly key: SigningKey;
  readonly folder: string;
};

type Running = { readonly totem: TestTotem; votes: VoteEntry[]; sent: number };

/** Lives through the month and publishes it. */
export async function liveThroughMonth(): Promise<Town> {
  const settings = fullTownSettings();
  const directory = directoryOf(settings);
  const key = makeSigningKey();
  const store = openSqliteStore(":memory:", 0);
  const folder = mkdtempSync(join(tmpdir(), "faccine-proof-"));
  const town = { store, directory, key, folder };
  const services =
    settings.sites[0]?.offices.flatMap((office) => office.services.map((s) => s.serviceId)) ?? [];
  const totems: Running[] = [];
  for (const totemId of ["totem-1", "totem-2"]) {
    const totem = testTotem(totemId);
    await store.registerTotem({ ...totem.record, siteId: SITE_ID, enrolledMs: dayStartMs(FIRST_DAY, ZONE) });
    totem.start();
    totems.push({ totem, votes: [], sent: 0 });
  }
  const shared = "5a".repeat(16);
  for (let day = 0; day < 33; day++) {
    const today = addDays(FIRST_DAY, day);
    for (const [at, running] of totems.entries()) {
      stateYesterday(running, today, await store.logState(), at === 1 ? [SILENT_DAY] : []);
      if (VOTED_DAYS.includes(day)) voteAll(running, today, services, at * 7 + day);
      // The same ticket at both totems: the second one is a conflict.
      if (day === 5)
        vote(running, today, 600, {
          service: services[0] ?? "",
          face: at === 0 ? "green" : "red",
          mark: shared,
        });
      if (!(at === 1 && isAway(today))) await send(town, running, today);
    }
    await closeAndPublish(town, addDays(today, -2));
  }
  await writeProof(town, folder);
  return town;
}

/** The second totem has no network for four days: its votes of the first of them are late. */
function isAway(day: string): boolean {
  return day >= LATE_DAY && day < addDays(LATE_DAY, 4);
}

function timeAt(day: string, minute: number): EntryTime {
  const wallMs = dayStartMs(day, ZONE) + minute * MINUTE_MS;
  return { wallMs, monotonicUs: wallMs * 1_000 - 1_700_000_000_000_000, bootId: "boot-1", clock: "trusted" };
}

/** Votes of all faces and reasons on some services: many on the first, fewer on each of the next. */
function voteAll(running: Running, day: string, services: readonly string[], seed: number): void {
  const faces: readonly (readonly [Face, Reason | null])[] = [
    ["green", null],
    ["green", null],
    ["yellow", null],
    ["red", "wait"],
    ["red", "none"],
    ["green", null],
    ["red", "staff"],
  ];
  for (const [rank, service] of services.slice(0, 4).entries()) {
    for (let n = 0; n < 14 - 4 * rank; n++) {
      const [face, reason] = faces[(n + seed) % faces.length] as readonly [Face, Reason | null];
      vote(running, day, 520 + n, { service, face, reason });
    }
  }
}

function vote(
  { totem, votes }: Running,
  day: string,
  minute: number,
  choice: {
    readonly service: string;
    readonly face: Face;
    readonly reason?: Reason | null;
    readonly mark?: string;
  },
): void {
  const {
    service,
    face,
    reason = face === "red" ? "none" : null,
    mark = randomBytes(16).toString("hex"),
  } = choice;
  const time = timeAt(day, minute);
  const entry = voteEntry({ service, face, ...(reason === null ? {} : { reason }), mark, time });
  votes.push(entry);
  totem.append(entry);
}

function stateYesterday(
  running: Running,
  today: string,
  checkpoint: { readonly size: number; readonly hash: string },
  silent: readonly string[],
): void {
  const day = addDays(today, -1);
  const votes = running.votes.splice(0);
  if (day < FIRST_DAY || silent.includes(day)) return;
  const lines = Map.groupBy(votes, ({ service, face, reason }) => `${service}/${face}/${reason}`);
  const statement = {
    ...{
      kind: "statement" as const,
      time: timeAt(today, 11),
      day,
      epochs: [],
      refusals: [],
      uptimeMinutes: 600,
    },
    counts: [...lines.values()].map((alike) => {
      const { service, wording, face, reason, ticket, mode } = alike[0] as VoteEntry;
      return { service, wording, face, reason, profile: ticket.profile, mode, count: alike.length };
    }) satisfies StatementEntry["counts"],
    ...{
      checkpoint: checkpoint.size === 0 ? null : { ...checkpoint },
      seed: randomBytes(32).toString("hex"),
    },
  };
  running.totem.append(signedStatement(running.totem.record.totemId, statement, running.totem.key));
}

async function send({ store, directory }: Town, running: Running, today: string): Promise<void> {
  const { totem } = running;
  const last = totem.epochs.at(-1)?.last ?? 0;
  for (let first = running.sent + 1; first <= last; first += 100) {
    const batch = totem.batch(first, Math.min(last, first + 99));
    await store.ingest(
      [verifiedBatch(totem, batch, dayStartMs(today, ZONE) + 20 * HOUR_MS)],
      directory.rules,
    );
  }
  running.sent = last;
}

/** A third totem that was off for weeks sends one vote of a day long closed. */
export async function lateVote(town: Town, day: string): Promise<void> {
  const { store, directory } = town;
  const totem = testTotem("totem-3");
  await store.registerTotem({
    ...totem.record,
    siteId: SITE_ID,
    enrolledMs: dayStartMs(addDays(day, 40), ZONE),
  });
  totem.start();
  const service = directory.sites[0]?.offices[0]?.services[0]?.serviceId ?? "";
  vote({ totem, votes: [], sent: 0 }, day, 600, { service, face: "green" });
  const receivedMs = dayStartMs(addDays(day, 40), ZONE);
  await store.ingest([verifiedBatch(totem, totem.batch(1, 2), receivedMs)], directory.rules);
  await closeAndPublish(town, addDays(day, 38));
}

/** What the gateway does every night. */
export async function closeAndPublish({ store, key }: Town, day: string): Promise<void> {
  const nowMs = dayStartMs(addDays(day, 2), ZONE) + 3 * HOUR_MS;
  await store.closeThrough(day, nowMs);
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  await publishLog({ store, key, zoneOf: () => ZONE, randomBytes, log: quiet, nowMs: () => nowMs });
}
