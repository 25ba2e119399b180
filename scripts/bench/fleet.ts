/**
 * What the gateway's machine must have: memory while idle, and while a thousand totems that come back at once drain what
 * they gathered in a day. The totems are the firmware's own uplinks, with their journals in memory.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openClock } from "#firmware/clock/machine-clock.ts";
import type { Uplink } from "#firmware/ports.ts";
import { simulatedClock } from "#firmware/simulated/simulated-clock.ts";
import { openUplink } from "#firmware/sync/uplink.ts";
import { SCHEMA_VERSION } from "#schemas/messages.ts";
import { makeSigningKey, publicKeyFromHex } from "#schemas/signature.ts";
import { type Backlog, makeMemoryBacklog } from "./backlog-journal.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { peakResidentMb, residentMb } from "./process-figures.ts";
import { pause } from "./program.ts";
import { type Goal, judged, type Row, told } from "./row.ts";
import { perSecond } from "./statistics.ts";
import { SITE_ID } from "./town.ts";
import { startTownGateway, type TownGateway, totemRecord } from "./town-gateway.ts";

const TOTEMS: Readonly<Record<Size, number>> = { full: 1_000, short: 200, tiny: 5 };
/** A day of a well-used totem. */
const VOTES_EACH: Readonly<Record<Size, number>> = { full: 100, short: 100, tiny: 10 };
/** How long the gateway is left alone before it is called idle. */
const IDLE_MS: Readonly<Record<Size, number>> = { full: 10_000, short: 5_000, tiny: 100 };

const IDLE_GOAL: Goal = {
  kind: "at most",
  value: 200,
  reason: "it shares a small server with whatever an office runs there",
};
const DRAIN_GOAL: Goal = {
  kind: "at most",
  value: 350,
  reason: "a network that comes back must not need another machine",
};

const LOOK_EVERY_MS = 50;
/** A fleet that has not drained by then does not: refused strangers try again for minutes, a minute each at most. */
const DRAINED_WITHIN_MS = 300_000;

type SimulatedTotem = {
  readonly totemId: string;
  readonly password: string;
  readonly key: ReturnType<typeof makeSigningKey>;
  readonly backlog: Backlog;
};

export const FLEET: Measurement = {
  name: "fleet",
  about: "the gateway's memory while idle and while a fleet of totems drains a day's backlog",
  run: async (size, place) => {
    const [count, each] = [TOTEMS[size], VOTES_EACH[size]];
    place.say(`making ${count} totems with ${each} votes each`);
    const totems = makeFleet(count, each);
    await compileOnce(place);
    const gateway = await startTownGateway({
      dir: place.dir,
      totems: totems.map(({ totemId, key, password }) => totemRecord(totemId, key.publicKeyHex, password)),
    });
    try {
      await pause(IDLE_MS[size]);
      const idleMb = residentMb(gateway.program.pid);
      const ms = await drainAll(totems, gateway, place);
      const peakMb = peakResidentMb(gateway.program.pid);
      requireAll(gateway.databaseFile, count * each);
      return rowsOf({ count, each, idleMb, peakMb, ms });
    } finally {
      await gateway.stop();
    }
  },
};

/** The first start after an update compiles, and holds the compiler: in service that is one start of very many. */
async function compileOnce({ dir }: Place): Promise<void> {
  const own = join(dir, "first-start");
  mkdirSync(own);
  const gateway = await startTownGateway({ dir: own });
  await gateway.stop();
}

function makeFleet(count: number, votes: number): readonly SimulatedTotem[] {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, number) => {
    const totemId = `totem-${number}`;
    const key = makeSigningKey();
    const password = randomBytes(32).toString("hex");
    return { totemId, password, key, backlog: makeMemoryBacklog({ totemId, number, votes, key, nowMs }) };
  });
}

/** Lets all totems come back at once; gives the time until the last entry was receipted. */
async function drainAll(
  totems: readonly SimulatedTotem[],
  gateway: TownGateway,
  { say }: Place,
): Promise<number> {
  const startMs = performance.now();
  const gatewayKey = publicKeyFromHex(gateway.publicKeyHex);
  const uplinks = totems.map((totem) => openSimulatedUplink(totem, gateway.mqttUrl, gatewayKey));
  try {
    for (let lookedMs = 0; ; lookedMs += LOOK_EVERY_MS) {
      const pending = totems.reduce((sum, { backlog }) => sum + backlog.pending(), 0);
      if (pending === 0) return performance.now() - startMs;
      if (performance.now() - startMs > DRAINED_WITHIN_MS) {
        throw new Error(`${pending} entries are still not receipted after ${DRAINED_WITHIN_MS / 1_000} s`);
      }
      if (lookedMs % 2_000 === 0) say(`${pending} entries to go`);
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    await Promise.all(uplinks.map((uplink) => uplink.close()));
  }
}

function openSimulatedUplink(
  { totemId, password, backlog }: SimulatedTotem,
  url: string,
  gatewayKey: ReturnType<typeof publicKeyFromHex>,
): Uplink {
  const nothing = () => undefined;
  return openUplink({
    ...{ totemId, siteId: SITE_ID, journalKey: makeSigningKey(), ticketKeepMs: () => 0 },
    mqtt: { url, password, ca: null },
    gatewayKey,
    epoch: backlog.epoch,
    status: {
      startCount: 1,
      bootId: "bench-boot",
      versions: { firmware: "bench", node: process.version, sqlite: "none", schema: SCHEMA_VERSION },
    },
    journal: backlog.journal,
    clock: openClock(simulatedClock().readings, 0),
    log: { info: nothing, warn: nothing, error: nothing },
    listener: {
      onSettings: nothing,
      onKeys: async () => undefined,
      onSpent: nothing,
      onTime: nothing,
      onFault: (code) => {
        throw new Error(`a simulated totem found a fault: ${code}`);
      },
      onConnection: nothing,
      onIdentify: nothing,
    },
  });
}

function requireAll(databaseFile: string, votes: number): void {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const row = database.prepare<[], { n: number }>("SELECT count(*) AS n FROM vote").get();
    if (row?.n !== votes) throw new Error(`${votes} votes were receipted, ${row?.n} are stored`);
  } finally {
    database.close();
  }
}

function rowsOf(figures: {
  readonly count: number;
  readonly each: number;
  readonly idleMb: number;
  readonly peakMb: number;
  readonly ms: number;
}): readonly Row[] {
  const { count, each, idleMb, peakMb, ms } = figures;
  return [
    judged("gateway: resident memory, idle", idleMb, "MB", {
      goal: IDLE_GOAL,
      note: `${count} totems registered, none connected`,
    }),
    judged(`gateway: peak resident memory while ${count} totems drain a day's backlog`, peakMb, "MB", {
      goal: DRAIN_GOAL,
      note: `${each} votes each, all connecting at once`,
    }),
    told(
      `fleet drain: ${count * each} votes of ${count} totems, receipted`,
      perSecond(count * each, ms),
      "votes/s",
      `in ${(ms / 1_000).toFixed(1)} s, connecting included; all totems are one process on the same machine`,
    ),
  ];
}
