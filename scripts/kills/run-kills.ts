/**
 * Kills the real firmware again and again, at named steps of a vote's way, and says what became of every press: what
 * was thanked for must be counted once, what was cut off before its commit must not be a vote, and every sum must hold.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { STEPS, type StepName } from "#firmware/steps.ts";
import { type Random, seeded } from "#schemas/seeded.fixture.ts";
import { Citizens } from "./citizens.ts";
import { act, type KilledTotem, panelState, startKilledTotem } from "./killed-totem.ts";
import { type KillsGateway, startKillsGateway } from "./kills-gateway.ts";
import { cutOffAt, type Findings, findings, type Session } from "./ledger.ts";
import { type Cut, planCuts } from "./plan.ts";

export type KillsOptions = {
  readonly kills: number;
  readonly seed: number;
  /** On which disk; the temporary folder's when left out. */
  readonly folder?: string;
  /** Totems killed side by side: as many as there are cores. */
  readonly totems?: number;
  readonly cuts?: readonly Cut[];
  /** Modules preloaded into the firmware beside the killer: faults planted on purpose. */
  readonly preload?: readonly string[];
  readonly onProgress?: (done: number) => void;
};

export type KillsResult = Findings & {
  readonly kills: number;
  /** Power cuts at each step. */
  readonly bySteps: Readonly<Record<StepName, number>>;
  /** Cuts whose step did not come while a whole crowd voted: cut off at a moment of chance instead. */
  readonly atChance: number;
  readonly pressed: number;
  /** Entries the totems deleted after their term: without any, the cuts in pruning would prove nothing. */
  readonly pruned: number;
  /** What does not add up besides single votes, in words. */
  readonly problems: readonly string[];
};

/** Citizens served before a step that does not come is given up. */
const CITIZENS_MAX = 25;

/** A totem that has not delivered everything by then is stuck. */
const DRAIN_MS = 60_000;

/** Tickets scanned once more at the end, besides looking into the table of marks. */
const TICKETS_TRIED = 12;

/** One totem with all that was done at it. */
type Lane = {
  readonly totemId: string;
  readonly sessions: Session[];
  readonly codes: Map<string, string>;
  readonly random: Random;
  readonly cuts: readonly Cut[];
};

/** Runs the cuts, lets everything drain, and compares. Leaves nothing behind. */
export async function runKills(options: KillsOptions): Promise<KillsResult> {
  const dir = mkdtempSync(join(options.folder ?? tmpdir(), "faccine-kills-"));
  const lanes = lanesOf(options);
  const gateway = await startKillsGateway(
    dir,
    lanes.map(({ totemId }) => totemId),
    Date.now,
  );
  const running = new Map<string, KilledTotem>();
  const tally = { bySteps: noSteps(), atChance: 0, done: 0 };
  try {
    const start = (lane: Lane, cut: Cut | null) => {
      // What the first start compiled need not be compiled again: half of a start's work.
      const env = { ...gateway.environment(lane.totemId), NODE_COMPILE_CACHE: join(dir, "compiled") };
      const totem = startKilledTotem({ env, cut, preload: options.preload ?? [] });
      running.set(lane.totemId, totem);
      return totem;
    };
    await Promise.all(
      lanes.map(async (lane) => {
        await firstStart(start(lane, null), lane, gateway);
        for (const cut of lane.cuts) {
          const reached = await runUntilCut(start(lane, cut), lane, cut, gateway);
          if (reached) tally.bySteps[cut.step] += 1;
          else tally.atChance += 1;
          tally.done += 1;
          options.onProgress?.(tally.done);
        }
      }),
    );
    const problems: string[] = [];
    for (const lane of lanes) problems.push(...(await finish(start(lane, null), lane, gateway)));
    problems.push(...(await gateway.problems()));
    const sessions = lanes.flatMap((lane) => lane.sessions);
    const journals = lanes.map((lane) => journalOf(join(dir, lane.totemId)));
    const spent = new Set(journals.flatMap((journal) => journal.spent));
    return {
      ...findings(sessions, gateway.votes(), spent),
      kills: tally.done,
      bySteps: tally.bySteps,
      atChance: tally.atChance,
      pressed: sessions.filter(({ presses }) => presses.length > 0).length,
      pruned: journals.reduce((sum, journal) => sum + journal.pruned, 0),
      problems,
    };
  } finally {
    for (const totem of running.values()) await totem.kill();
    await gateway.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function lanesOf(options: KillsOptions): readonly Lane[] {
  const cuts = options.cuts ?? planCuts(options.kills, options.seed);
  return Array.from({ length: options.totems ?? 2 }, (_, lane) => ({
    totemId: `totem-${lane + 1}`,
    sessions: [],
    codes: new Map(),
    random: seeded(options.seed * 100 + lane),
    cuts: cuts.filter((_, index) => index % (options.totems ?? 2) === lane),
  }));
}

/** A start without a cut, so that the totem has its settings from then on; ended properly. */
async function firstStart(totem: KilledTotem, lane: Lane, gateway: KillsGateway): Promise<void> {
  const panel = await openPanel(totem);
  const citizens = citizensAt(panel, lane, gateway);
  await citizens.waitUntilOpen();
  await citizens.serveOne((session) => lane.sessions.push(session));
  await totem.stop();
}

/** Citizens vote until the totem dies; true when it died at its step. */
async function runUntilCut(
  totem: KilledTotem,
  lane: Lane,
  cut: Cut,
  gateway: KillsGateway,
): Promise<boolean> {
  const panel = await totem.panel;
  if (panel !== null) await vote(totem, citizensAt(panel, lane, gateway), lane);
  const reached = !totem.isAlive();
  if (!reached) await totem.kill();
  const signal = await totem.death;
  if (signal !== "SIGKILL") throw new Error(`the totem ended by itself: ${totem.lastWords()}`);
  if (reached) cutOffAt(lane.sessions.at(-1), cut.step);
  return reached;
}

async function vote(totem: KilledTotem, citizens: Citizens, lane: Lane): Promise<void> {
  try {
    for (let served = 0; served < CITIZENS_MAX; served++) {
      await citizens.serveOne((session) => lane.sessions.push(session));
    }
  } catch (error) {
    // The connection breaks when the totem dies, a moment before its death is known here.
    if (!isBrokenConnection(error)) throw error;
    await totem.death;
  }
}

function isBrokenConnection(error: unknown): boolean {
  return error instanceof TypeError || (error as { name?: string }).name === "SyntaxError";
}

function citizensAt(panel: string, lane: Lane, gateway: KillsGateway): Citizens {
  return new Citizens(panel, lane.random, () => {
    const ticket = gateway.newTicket();
    lane.codes.set(ticket.mark, ticket.code);
    return ticket;
  });
}

/** The last start: everything is delivered, the sums agree, and used tickets are refused. */
async function finish(totem: KilledTotem, lane: Lane, gateway: KillsGateway): Promise<readonly string[]> {
  const panel = await openPanel(totem);
  const problems: string[] = [];
  const untilMs = performance.now() + DRAIN_MS;
  let state = await panelState(panel);
  while (state.pending > 0 && performance.now() < untilMs) {
    await pause(50);
    state = await panelState(panel);
  }
  if (state.pending > 0) problems.push(`${lane.totemId}: ${state.pending} entries are stuck`);
  if (state.captured !== state.acknowledged + state.pending) problems.push(`${lane.totemId}: sums`);
  await gateway.settled();
  const held = await gateway.entriesOf(lane.totemId);
  if (held !== state.captured) {
    problems.push(`${lane.totemId}: captured ${state.captured} entries, the gateway holds ${held}`);
  }
  problems.push(...(await tryTickets(panel, lane, gateway)));
  await totem.stop();
  return problems;
}

/** A ticket is refused as used exactly when its vote stands. */
async function tryTickets(panel: string, lane: Lane, gateway: KillsGateway): Promise<readonly string[]> {
  const counted = new Set(gateway.votes().map((vote) => vote.mark));
  const problems: string[] = [];
  for (const { mark } of lane.sessions.slice(-TICKETS_TRIED)) {
    const { state, refusal } = await act(panel, "scan", { code: lane.codes.get(mark) ?? "" });
    const isUsed = state === "refused" && refusal === "used";
    if (isUsed !== counted.has(mark)) problems.push(`${lane.totemId}: a ticket met "${state}" ${refusal}`);
  }
  return problems;
}

async function openPanel(totem: KilledTotem): Promise<string> {
  const panel = await totem.panel;
  if (panel === null) throw new Error(`the totem did not start: ${totem.lastWords()}`);
  return panel;
}

function journalOf(dataDir: string): { readonly spent: readonly string[]; readonly pruned: number } {
  const database = new Database(join(dataDir, "journal.db"), { readonly: true });
  try {
    const marks = database.prepare("SELECT hex(mark) AS mark FROM spent").all() as { mark: string }[];
    const { pruned } = database.prepare("SELECT sum(pruned_to) AS pruned FROM epoch").get() as {
      pruned: number;
    };
    return { spent: marks.map(({ mark }) => mark.toLowerCase()), pruned };
  } finally {
    database.close();
  }
}

function noSteps(): Record<StepName, number> {
  return Object.fromEntries(STEPS.map((step) => [step, 0])) as Record<StepName, number>;
}
