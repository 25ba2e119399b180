/**
 * The path to the gateway cut and restored at random while people vote: the machine's own network, slirp, and the real
 * gateway on the host. Everything arrives, once.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { simulatedNetwork } from "#firmware/simulated/simulated-network.ts";
import { seeded } from "#schemas/seeded.fixture.ts";
import type { Measurement, Place, Size } from "../../bench/measurement.ts";
import { judged, type Row, told } from "../../bench/row.ts";
import { type KillsGateway, startKillsGateway } from "../../kills/kills-gateway.ts";
import type { NetworkVotesJob } from "../guest/network-votes.ts";
import { boot, newDisk } from "../machine.ts";
import { type Bench, DISK_BYTES, setUp } from "../place.ts";
import { GUEST_DATA, LAB_TOTEM } from "../totem-folder.ts";

const VOTES: Readonly<Record<Size, number>> = { full: 200, short: 40, tiny: 5 };
const EVERY_MS = 300;
/** The path is there, or not, for up to so long. */
const SPELL_MS = 2_500;
const SEED = 8;
const LIMIT_MS = 600_000;
/** The slowest reconnect is 120 s. */
const DRAIN_MS = 150_000;
const SLIRP_STARTS_MS = 5_000;

export const NETWORK_SCENARIO: Measurement = {
  name: "network",
  about: "the path to the gateway cut and restored at random, through slirp",
  run: async (size, place) => {
    const bench = await setUp(place);
    const gateway = await startKillsGateway(place.dir, [LAB_TOTEM], Date.now, 0);
    try {
      return await vote(size, place, bench, gateway);
    } finally {
      await gateway.close();
    }
  },
};

async function vote(
  size: Size,
  { dir, say }: Place,
  bench: Bench,
  gateway: KillsGateway,
): Promise<readonly Row[]> {
  const env = gateway.environment(LAB_TOTEM);
  const broker = { host: "127.0.0.1", port: Number(new URL(env["FACCINE_MQTT_URL"] ?? "").port) };
  const cable = await simulatedNetwork(broker);
  const slirp = await startSlirp(dir);
  const job: NetworkVotesJob = {
    env: { ...env, FACCINE_DATA_DIR: GUEST_DATA, FACCINE_MQTT_URL: `mqtt://10.0.2.2:${cable.port}` },
    tickets: Array.from({ length: VOTES[size] }, gateway.newTicket),
    everyMs: EVERY_MS,
  };
  const voting = Promise.withResolvers<void>();
  const votedAll = Promise.withResolvers<void>();
  const machine = boot({
    ...bench,
    program: "network-votes.ts",
    job,
    disk: totemDisk(dir),
    kernelArgs: [`vec0:transport=bess,dst=${slirp.socket},depth=128,gro=1`],
    limitMs: LIMIT_MS,
    onReport: (report) => {
      if ("voting" in report) voting.resolve();
      if ("votedAll" in report) votedAll.resolve();
    },
  });
  const died = machine.ended.then(() => {
    throw new Error(`the machine ended by itself:\n${machine.lastWords()}`);
  });
  died.catch(() => undefined);
  try {
    await Promise.race([voting.promise, died]);
    const cuts = await cutAtRandom(cable, Promise.race([votedAll.promise, died]));
    say(`${cuts} cuts while ${job.tickets.length} people voted`);
    await drained(gateway, job.tickets.length);
    return await rowsOf(gateway, job.tickets.length, cuts);
  } finally {
    await machine.cutPower();
    await slirp.stop();
    await cable.close();
  }
}

async function cutAtRandom(
  cable: { readonly plug: (plugged: boolean) => void },
  until: Promise<void>,
): Promise<number> {
  const random = seeded(SEED);
  let isDone = false;
  const done = until.finally(() => {
    isDone = true;
  });
  let cuts = 0;
  while (!isDone) {
    await Promise.race([pause(random.below(SPELL_MS)), done]);
    cable.plug(false);
    cuts += 1;
    await Promise.race([pause(random.below(SPELL_MS)), done]);
    cable.plug(true);
  }
  await done;
  return cuts;
}

async function drained(gateway: KillsGateway, votes: number): Promise<void> {
  const untilMs = performance.now() + DRAIN_MS;
  // The last vote is sealed when its thanks end.
  while (gateway.votes().length < votes && performance.now() < untilMs) await pause(200);
  await gateway.settled();
}

async function rowsOf(gateway: KillsGateway, voted: number, cuts: number): Promise<readonly Row[]> {
  const counted = gateway.votes().filter(({ verdict }) => verdict === "accepted").length;
  const problems = await gateway.problems();
  const goal = { kind: "at most", value: 0, reason: "once and only once (promise 3)" } as const;
  return [
    told("network: cuts of the path to the gateway", cuts, "cuts"),
    judged("network: votes lost or doubled by them", Math.abs(voted - counted) + problems.length, "votes", {
      goal,
      note: problems.length === 0 ? `${counted} of ${voted} counted` : problems.slice(0, 3).join("; "),
    }),
  ];
}

/** A disk with the provisioned totem, which has not heard its settings yet. */
function totemDisk(dir: string): string {
  const root = join(dir, "root");
  mkdirSync(root);
  renameSync(join(dir, LAB_TOTEM), join(root, LAB_TOTEM));
  const disk = join(dir, "disk.ext4");
  newDisk(disk, DISK_BYTES, root);
  return disk;
}

/** The machine's network in user space (Debian's slirp4netns): no rights needed, and nothing but this host's loopback reached. */
async function startSlirp(
  dir: string,
): Promise<{ readonly socket: string; readonly stop: () => Promise<void> }> {
  const socket = join(dir, "bess.sock");
  const child = spawn("slirp4netns", ["--target-type=bess", socket], { stdio: "ignore" });
  const exited = once(child, "exit");
  const untilMs = performance.now() + SLIRP_STARTS_MS;
  while (!existsSync(socket)) {
    if (performance.now() > untilMs) throw new Error("slirp4netns did not start");
    await pause(20);
  }
  return {
    socket,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
