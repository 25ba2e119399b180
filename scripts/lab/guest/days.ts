/**
 * Guest, in virtual time: the real firmware and the real gateway live for weeks, while citizens vote at all hours, around
 * changes of daylight saving and of the year, and through days without a network. Then every sum must hold.
 */
import { mkdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { openPty } from "#firmware/devices/scanner/pty.fixture.ts";
import { simulatedNetwork } from "#firmware/simulated/simulated-network.ts";
import { FACES } from "#schemas/code-list.ts";
import { localClock, localDayOf } from "#schemas/local-day.ts";
import { seeded } from "#schemas/seeded.fixture.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { residentMb } from "../../bench/process-figures.ts";
import { median } from "../../bench/statistics.ts";
import { ZONE } from "../../bench/town.ts";
import { type KillsGateway, startKillsGateway } from "../../kills/kills-gateway.ts";
import { LAB_TOTEM } from "../totem-folder.ts";
import { type Board, openBoard } from "./board.ts";
import { vote } from "./citizen.ts";
import { readJob, report } from "./report.ts";
import { setSynchronized } from "./time.ts";
import { type GuestTotem, startTotem } from "./totem.ts";

export type DaysJob = {
  readonly days: number;
  readonly votesPerDay: number;
  readonly seed: number;
  /** Days without a network, counted from 0; none when both are 0. */
  readonly outageFromDay: number;
  readonly outageDays: number;
};

export type DaysResult = {
  readonly voted: number;
  readonly counted: number;
  /** What does not add up, in words. */
  readonly problems: readonly string[];
  /** Resident memory of the firmware in the first and the last third of the days. */
  readonly earlyMb: number;
  readonly lateMb: number;
};

/** Longest wait for the rest to be delivered: several of the slowest reconnects. */
const DRAIN_MS = HOUR_MS;
/** Nobody votes in the minute around midnight: which day it would be in depends on a millisecond. */
const NEAR_MIDNIGHT_MINUTES = 1;
const FOLDER = "/run/data";

const job = readJob<DaysJob>();
setSynchronized(true);
mkdirSync(FOLDER, { recursive: true });
const gateway = await startKillsGateway(FOLDER, [LAB_TOTEM], Date.now, 0);
const env = gateway.environment(LAB_TOTEM);
const cable = await simulatedNetwork({
  host: "127.0.0.1",
  port: Number(new URL(env["FACCINE_MQTT_URL"] ?? "").port),
});
const board = openBoard();
// No USB here: its simulated host asks every 125 microseconds, in virtual time too, and a day would take an hour.
const scanner = openPty();
const totem = await startTotem({
  env: {
    ...env,
    FACCINE_MQTT_URL: `mqtt://127.0.0.1:${cable.port}`,
    FACCINE_SCANNER_PATH: scanner.path,
    FACCINE_VOICE_ON: "false",
    FACCINE_KEEP_RECEIPTED_DAYS: "7",
  },
});
await totem.hasSettings();
report({ days: await live(totem, board, gateway) });
await totem.stop();
await cable.close();
await gateway.close();

async function live(on: GuestTotem, at: Board, counting: KillsGateway): Promise<DaysResult> {
  const random = seeded(job.seed);
  const votedOn = new Map<string, number>();
  const memoryMb: number[] = [];
  const startMs = performance.now();
  let voted = 0;
  for (let day = 0; day < job.days; day++) {
    const isOut = day >= job.outageFromDay && day < job.outageFromDay + job.outageDays;
    cable.plug(!isOut);
    for (let nth = 0; nth < job.votesPerDay; nth++) {
      const dueMs = startMs + day * DAY_MS + ((nth + random.next()) * DAY_MS) / job.votesPerDay;
      await pause(Math.max(0, dueMs - performance.now()));
      while (isNearMidnight(Date.now())) await pause(MINUTE_MS);
      await voteOnce(at, counting);
      const local = localDayOf(Date.now(), ZONE);
      votedOn.set(local, (votedOn.get(local) ?? 0) + 1);
      voted += 1;
    }
    memoryMb.push(residentMb(on.pid));
    report({ day, memoryMb: memoryMb.at(-1) });
  }
  cable.plug(true);
  await drained(counting, voted);
  const third = Math.max(1, Math.floor(memoryMb.length / 3));
  return {
    voted,
    counted: counting.validVotes(),
    problems: [
      ...(await counting.problems()),
      ...(await counting.proofProblems()),
      ...daysThatDiffer(votedOn, counting.votesByDay()),
    ],
    earlyMb: median(memoryMb.slice(0, third)),
    lateMb: median(memoryMb.slice(-third)),
  };
}

async function voteOnce(at: Board, counting: KillsGateway): Promise<void> {
  const showTicket = () => scanner.send(`${counting.newTicket().code}\r`);
  const missing = await vote(at, showTicket, FACES[new Date().getMinutes() % FACES.length] ?? "green");
  if (missing !== null) throw new Error(`${missing} at ${new Date().toISOString()}`);
  // The thanks end, and the draft is sealed, before anybody else comes.
  await pause(MINUTE_MS);
}

async function drained(counting: KillsGateway, voted: number): Promise<void> {
  const untilMs = performance.now() + DRAIN_MS;
  while (counting.validVotes() < voted && performance.now() < untilMs) await pause(MINUTE_MS);
  await counting.settled();
}

function isNearMidnight(ms: number): boolean {
  const { minuteOfDay } = localClock(ms, ZONE);
  return minuteOfDay < NEAR_MIDNIGHT_MINUTES || minuteOfDay >= 24 * 60 - NEAR_MIDNIGHT_MINUTES;
}

function daysThatDiffer(
  voted: ReadonlyMap<string, number>,
  counted: ReadonlyMap<string, number>,
): readonly string[] {
  return [...new Set([...voted.keys(), ...counted.keys()])].flatMap((day) => {
    const [had, has] = [voted.get(day) ?? 0, counted.get(day) ?? 0];
    return had === has ? [] : [`${day}: ${had} voted, ${has} counted`];
  });
}
