/**
 * How fast a backlog leaves a totem: journal, MQTT, verification, commit, receipt, by the two real programs, each its own
 * process. Beside it what one writer could at most store, and what a plain script of the kind everybody writes stores.
 */
import { join } from "node:path";
import Database from "better-sqlite3";
import { connectAsync } from "mqtt";
import { seeded } from "#schemas/seeded.fixture.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { PLAIN_TOPIC } from "./plain-peer.ts";
import { processorMs } from "./process-figures.ts";
import { type Program, pause, startProgram } from "./program.ts";
import { readStored, type StoredBatches, writeRaw } from "./raw-writer.ts";
import { type Goal, judged, type Row, told } from "./row.ts";
import { median, perSecond, ratio } from "./statistics.ts";
import { makeBacklog, makeTotemFolder, totemEnvironmentFor } from "./totem-folder.ts";
import { FIRST_OFFICE_SERVICES } from "./town.ts";
import { startTownGateway, type TownGateway } from "./town-gateway.ts";
import { makeVote } from "./votes.ts";

/** Votes in the totem's backlog. 600 a day: the full one is what a busy totem gathers in eleven weeks without a network. */
const VOTES: Readonly<Record<Size, number>> = { full: 50_000, short: 15_000, tiny: 300 };
/** Votes the plain peer is given: its rate does not change with more. */
const PEER_VOTES: Readonly<Record<Size, number>> = { full: 10_000, short: 3_000, tiny: 100 };
/** The raw writer is quick and alone: its middle run of some is taken. */
const RAW_RUNS: Readonly<Record<Size, number>> = { full: 5, short: 3, tiny: 1 };

const DRAIN_GOAL: Goal = {
  kind: "at least",
  value: 0.5,
  reason: "verifying, counting and answering may cost as much as storing, not more",
};

const TOTEM_ID = "totem-1";
/** Often enough to time a drain of seconds within a hundredth; a look is one short query. */
const LOOK_EVERY_MS = 20;

export const DRAIN: Measurement = {
  name: "drain",
  about: "a totem's backlog to the gateway and back as receipts, against one raw SQLite writer",
  run: async (size, place) => {
    const drained = await drain(VOTES[size], place);
    const { votes, commits, databaseFile } = drained;
    const stored = readStored(databaseFile);
    if (stored.votes !== votes) throw new Error(`${votes} votes were receipted, ${stored.votes} are stored`);
    const perCommit = stored.batches.length / commits;
    place.say(`drained; now one raw writer, ${perCommit.toFixed(1)} batches in a commit`);
    const raw = rawRate(stored, perCommit, { ...place, runs: RAW_RUNS[size] });
    place.say("now the plain script");
    const peer = await plainRate(PEER_VOTES[size], place);
    return rowsOf(drained, { raw, peer });
  },
};

type Drained = {
  readonly votes: number;
  readonly ms: number;
  /** Processor time each program spent on the whole drain. */
  readonly workMs: { readonly firmware: number; readonly gateway: number };
  readonly commits: number;
  readonly databaseFile: string;
};

async function drain(votes: number, { dir, say }: Place): Promise<Drained> {
  const dataDir = join(dir, TOTEM_ID);
  const record = makeTotemFolder(dataDir, TOTEM_ID);
  say(`writing a backlog of ${votes} votes`);
  makeBacklog(dataDir, TOTEM_ID, votes);
  const gateway = await startTownGateway({ dir, totems: [record] });
  try {
    const totem = startProgram({
      main: "firmware/main.ts",
      env: totemEnvironmentFor(dataDir, TOTEM_ID, gateway),
      logFile: join(dir, "totem.log"),
    });
    try {
      const { time } = await totem.logged("uplink-ready");
      const before = workOf(totem, gateway);
      const endMs = await emptied(join(dataDir, "journal.db"), votes, say);
      const after = workOf(totem, gateway);
      return {
        votes,
        ms: endMs - time,
        workMs: { firmware: after.firmware - before.firmware, gateway: after.gateway - before.gateway },
        commits: await commitsOf(gateway),
        databaseFile: gateway.databaseFile,
      };
    } finally {
      await totem.stop();
    }
  } finally {
    await gateway.stop();
  }
}

function workOf(totem: Program, gateway: TownGateway) {
  return { firmware: processorMs(totem.pid), gateway: processorMs(gateway.program.pid) };
}

/** When every entry of the journal was receipted. */
async function emptied(journalFile: string, votes: number, say: (line: string) => void): Promise<number> {
  const database = new Database(journalFile, { readonly: true });
  try {
    const look = database.prepare<[], { captured: number; acknowledged: number }>("SELECT * FROM total");
    let told = 0;
    for (;;) {
      const { captured, acknowledged } = look.get() ?? { captured: 0, acknowledged: 0 };
      if (captured > votes && acknowledged === captured) return Date.now();
      if (acknowledged - told >= votes / 5) {
        told = acknowledged;
        say(`${acknowledged} of ${captured} entries receipted`);
      }
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    database.close();
  }
}

/** How many commits the gateway's ingest made, as its own metrics tell. */
async function commitsOf({ url, token }: TownGateway): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const match = /^faccine_ingested_total\{what="commits"\} (\d+)$/m.exec(await response.text());
  if (match === null) throw new Error("the gateway's metrics tell no commits");
  return Number(match[1]);
}

function rawRate(stored: StoredBatches, perCommit: number, at: Place & { readonly runs: number }): number {
  const rates = Array.from({ length: at.runs }, (_, run) =>
    writeRaw(stored, join(at.dir, `raw-${run}.db`), perCommit),
  );
  return median(rates);
}

async function plainRate(votes: number, { dir }: Place): Promise<number> {
  const databaseFile = join(dir, "plain.db");
  const peer = startProgram({
    main: "scripts/bench/plain-peer.ts",
    args: [databaseFile],
    logFile: join(dir, "plain.log"),
  });
  try {
    const { port } = await peer.logged("ready");
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
    const random = seeded(votes);
    const messages = Array.from({ length: votes }, (_, number) => plainVote(random, number));
    const startMs = performance.now();
    // All at once, as a client with a full queue does; the broker takes what it can.
    await Promise.all(messages.map((message) => client.publishAsync(PLAIN_TOPIC, message, { qos: 1 })));
    const ms = (await stored(databaseFile, votes)) - startMs;
    await client.endAsync();
    return perSecond(votes, ms);
  } finally {
    await peer.stop();
  }
}

function plainVote(random: ReturnType<typeof seeded>, number: number): string {
  const boot = { bootId: "bench-boot", bootMs: 0 };
  const vote = makeVote(random, { atMs: number * 1_000, boot, services: FIRST_OFFICE_SERVICES });
  return JSON.stringify({ id: vote.id, service: vote.service, face: vote.face, wallMs: vote.time.wallMs });
}

async function stored(databaseFile: string, votes: number): Promise<number> {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const count = database.prepare<[], { n: number }>("SELECT count(*) AS n FROM vote");
    while ((count.get()?.n ?? 0) < votes) await pause(LOOK_EVERY_MS);
    return performance.now();
  } finally {
    database.close();
  }
}

function rowsOf(
  { votes, ms, workMs, commits }: Drained,
  { raw, peer }: { readonly raw: number; readonly peer: number },
): readonly Row[] {
  const ours = perSecond(votes, ms);
  const work = (programMs: number) => `${((programMs * 1_000) / votes).toFixed(0)} us`;
  return [
    told(
      `drain of ${votes} votes: journal to receipt`,
      ours,
      "votes/s",
      `firmware and gateway as processes, working ${work(workMs.firmware)} and ${work(workMs.gateway)} a vote; ${(votes / commits).toFixed(0)} votes in a commit`,
    ),
    told(
      "limit: one raw better-sqlite3 writer, same rows, indexes and rows per commit",
      raw,
      "votes/s",
      "entries, votes, marks, batches, audit leaves and counters",
    ),
    told(
      "peer: plain script, one MQTT message and one insert per vote",
      peer,
      "votes/s",
      "aedes, mqtt.js and better-sqlite3, synchronous=FULL; no signature, chain, receipt or counter",
    ),
    judged("drain against the raw writer", ratio(ours, raw), "x", { goal: DRAIN_GOAL }),
  ];
}
