/**
 * Guest: a technician at the simulated board goes through the self-test twice, once with the cables of two keys crossed. Keys
 * bounce; lamps are believed only when they are seen. Then the report is looked at, here and at the gateway.
 */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { controlSocketPath } from "#firmware/control/control-socket.ts";
import { LAMP_PINS, type PICTOGRAM_PINS } from "#hardware/wiring.ts";
import type { Key } from "#schemas/code-list.ts";
import {
  type ControlLine,
  type ReadinessReport,
  type SelfTestProgress,
  TESTED_LAMPS,
} from "#schemas/self-test.ts";
import { startKillsGateway } from "../../kills/kills-gateway.ts";
import { LAB_TOTEM } from "../totem-folder.ts";
import { openBoard } from "./board.ts";
import { type Bounce, LAMP_MS, moveKey, seen } from "./citizen.ts";
import { check } from "./report.ts";
import { setSynchronized } from "./time.ts";
import { startTotem } from "./totem.ts";
import { SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

/** Milliseconds of chatter and then rest, as a lit arcade button has on a bad day. */
const chatter = (closed: boolean): Bounce =>
  [0, 2, 4, 6]
    .map((atMs, index) => ({ atMs, closed: index % 2 === 0 ? closed : !closed }))
    .concat({ atMs: 8, closed });
const HOLD_MS = 100;
/** A key's lock-out is over, and the next thing is asked for. */
const BETWEEN_MS = 700;
const REACHES_GATEWAY_MS = 20_000;
/** A change that took longer than a clean one: bins after the first. */
const CLEAN_BINS = 1;

setSynchronized(true);
const board = openBoard();
const scanner = usbScanner();
await scanner.plug();
const gateway = await startKillsGateway("/run/data", [LAB_TOTEM], Date.now, 0);
const env = gateway.environment(LAB_TOTEM);
const totem = await startTotem({
  env: {
    ...env,
    FACCINE_SCANNER_PATH: SERIAL_LINK,
    FACCINE_VOICE_ON: "false",
    // A person's times again: who tests keys is in no hurry, and raw contacts chatter when they open, too.
    FACCINE_SESSION_LOCK_OUT_MS: "500",
    FACCINE_SESSION_RELEASE_MS: "50",
  },
});
await totem.hasSettings();

const sound = await selfTest((key) => key);
const broken = sound.items.filter(({ result }) => result === "failed" || result === "skipped");
check("a sound totem is ready", sound.ready && broken.length === 0, JSON.stringify(broken));
const silent = (sound.bounce ?? []).filter(({ changes }) => changes < 2).map(({ key }) => key);
check("every key's contacts were watched", sound.bounce !== null && silent.length === 0, silent.join(" "));
const clean = (sound.bounce ?? []).filter(({ counts }) =>
  counts.slice(CLEAN_BINS).every((count) => count === 0),
);
check("every key's bounce was seen", clean.length === 0, clean.map(({ key }) => key).join(" "));

const crossed = await selfTest((key) => (({ wait: "staff", staff: "wait" })[key as string] as Key) ?? key);
const answers = crossed.items.filter(({ problem }) => problem === "other-key");
check(
  "two crossed cables are found and named",
  !crossed.ready &&
    answers.map(({ item, answered }) => `${item} ${answered}`).join() === "key-wait staff,key-staff wait",
  JSON.stringify(answers),
);
check("both reports reach the gateway", await reached([crossed, sound]));
check("nobody has voted", gateway.votes().length === 0);
await totem.stop();
await gateway.close();

/** Begins a self-test and does what it asks. @param at the key at whose place a key's cable ends. */
async function selfTest(at: (key: Key) => Key): Promise<ReadinessReport> {
  const socket = createConnection(controlSocketPath(env["FACCINE_DATA_DIR"] ?? ""));
  await once(socket, "connect");
  socket.write(`${JSON.stringify({ do: "self-test" })}\n`);
  try {
    for await (const text of createInterface({ input: socket })) {
      const said = JSON.parse(text) as ControlLine;
      if (said.kind === "asks") await obey(said.asks, at);
      if (said.kind === "refused") throw new Error(`the self-test was refused: ${said.why}`);
      if (said.kind !== "finished") continue;
      const missing = said.files.filter((file) => !existsSync(file));
      check(
        "its report lies where it says",
        said.files.length >= 3 && missing.length === 0,
        missing.join(" "),
      );
      return said.report;
    }
    throw new Error(`the self-test ended without a report:\n${totem.lastWords()}`);
  } finally {
    // One is served at a time: the next may come once the totem has seen this one go.
    const gone = once(socket, "close");
    socket.resume();
    socket.end();
    await gone;
  }
}

async function obey({ step, item }: SelfTestProgress, at: (key: Key) => Key): Promise<void> {
  const [, name = ""] = /^[a-z]+-(.+)$/.exec(item) ?? [];
  if (step === "scanner") scanner.sendSerial(gateway.newTicket().code);
  else if (step === "keys") await press(at(name as Key));
  else if (step === "lamps") await press(await onlyLit());
  else if (step === "pictograms") {
    const isLit = (await seen(board, name as keyof typeof PICTOGRAM_PINS, LAMP_MS)) !== null;
    if (isLit) await press("green");
  } else if (step === "buzzer") await press("green");
}

/** The key whose lamp is lit; the service key skips when it is not exactly one. */
async function onlyLit(): Promise<Key> {
  for (const untilMs = performance.now() + LAMP_MS; performance.now() < untilMs; await pause(20)) {
    const lit = TESTED_LAMPS.filter((key) => board.isHigh(LAMP_PINS[key]));
    if (lit.length === 1 && lit[0] !== undefined) return lit[0];
  }
  return "service";
}

async function press(key: Key): Promise<void> {
  await moveKey(board, key, chatter(true));
  await pause(HOLD_MS);
  await moveKey(board, key, chatter(false));
  await pause(BETWEEN_MS);
}

async function reached(expected: readonly ReadinessReport[]): Promise<boolean> {
  for (
    const untilMs = performance.now() + REACHES_GATEWAY_MS;
    performance.now() < untilMs;
    await pause(100)
  ) {
    const kept = (await gateway.readiness(LAB_TOTEM)).map(({ report }) => report.startedMs);
    if (kept.join() === expected.map(({ startedMs }) => startedMs).join()) return true;
  }
  return false;
}
