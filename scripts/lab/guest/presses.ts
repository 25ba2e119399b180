/**
 * Guest: presses all keys of the real firmware with contacts that bounce, while its event loop is blocked at random, with
 * taps too short to count among them and one key that jams after its first press; then asks the totem how many it took.
 */
import { setTimeout as pause } from "node:timers/promises";
import { bounce } from "#firmware/simulated/bouncing.ts";
import { KEY_PINS } from "#hardware/wiring.ts";
import { KEYS, type Key } from "#schemas/code-list.ts";
import { type Random, seeded } from "#schemas/seeded.fixture.ts";
import { type Board, openBoard } from "./board.ts";
import { type Bounce, moveKey } from "./citizen.ts";
import { startListeningBroker } from "./listening-broker.ts";
import { readJob, report } from "./report.ts";
import { startTotem } from "./totem.ts";

export type PressesJob = {
  readonly env: Readonly<Record<string, string>>;
  readonly presses: number;
  readonly seed: number;
};

export type PressesResult = {
  readonly sent: number;
  readonly accepted: number;
  readonly taps: number;
  readonly lostEdges: number;
  readonly jammedKey: string;
  readonly jammedState: string;
};

/** Longest bounce of a worn contact that still counts as one press: shorter than the kernel's debounce of 10 ms. */
const BOUNCE_MAX_MS = 9;
/** A tap that is no press: shorter than the debounce by more than the timer's grain. */
const TAP_MAX_MS = 7;
const HOLD_MIN_MS = 30;
const HOLD_MAX_MS = 150;
/** Keys in turn come back no sooner than their lock-out of 500 ms: eight of them at this pace. */
const PACE_MS = 90;
/** One press in so many is followed by a tap. */
const TAP_EVERY = 5;
/**
 * Pressed once and never let go. (A key found closed at the start is the keys' own contract: the simulated chip opens every
 * contact when a pull is asked for.)
 */
const JAMMED: Key = "yellow";

const job = readJob<PressesJob>();
const random = seeded(job.seed);
const board = openBoard();
const broker = await startListeningBroker();
const totem = await startTotem({
  env: { ...job.env, FACCINE_MQTT_URL: broker.url, FACCINE_VOICE_ON: "false" },
  preload: [new URL("./block-loop.ts", import.meta.url).href],
});
board.ground(KEY_PINS[JAMMED], true);
const pressed = KEYS.filter((key) => key !== JAMMED && key !== "service");
let taps = 0;
for (let number = 0; number < job.presses; number++) {
  const key = pressed[number % pressed.length] ?? "green";
  await press(board, key, random);
  if (random.below(TAP_EVERY) === 0) {
    await pause(HOLD_MIN_MS);
    await tap(board, pressed[(number + 3) % pressed.length] ?? "green", random);
    taps += 1;
  }
  await pause(PACE_MS);
}
const health = await broker.next("/health");
const keys = health["keys"] as readonly { key: string; state: string }[];
const result: PressesResult = {
  // And the one of the key that jams.
  sent: job.presses + 1,
  accepted: Number(health["totalPresses"]),
  taps,
  lostEdges: Number(health["lostEdges"]),
  jammedKey: JAMMED,
  jammedState: keys.find(({ key }) => key === JAMMED)?.state ?? "",
};
report({ presses: result });
await totem.stop();
await broker.close();

async function press(on: Board, key: Key, by: Random): Promise<void> {
  await moveKey(on, key, bounced(true, by));
  await pause(HOLD_MIN_MS + by.below(HOLD_MAX_MS - HOLD_MIN_MS));
  await moveKey(on, key, bounced(false, by));
}

async function tap(on: Board, key: Key, by: Random): Promise<void> {
  on.ground(KEY_PINS[key], true);
  await pause(1 + by.below(TAP_MAX_MS - 1));
  on.ground(KEY_PINS[key], false);
}

/** A change of level as a switch makes it: some contacts, then it settles. */
function bounced(closed: boolean, by: Random): Bounce {
  const bounceMs = by.next() * BOUNCE_MAX_MS;
  return bounce(closed, bounceMs, by.next).map((edge) => ({
    atMs: bounceMs + edge.offsetMs,
    closed: edge.active,
  }));
}
