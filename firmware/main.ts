/**
 * Starts one totem: reads its settings, opens its journal and devices, joins them. The only file that knows everything
 * of the firmware. Usage: `main.ts [settings.yaml]`; every setting can also come from the environment.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { pino } from "pino";
import { randomId } from "#schemas/ids.ts";
import { SCHEMA_VERSION, type SiteSettings } from "#schemas/messages.ts";
import { problemLine, readSettings } from "#schemas/read-settings.ts";
import { publicKeyFromHex, signingKeyPem } from "#schemas/signature.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { TOTEM_DEFAULTS, TOTEM_SETTINGS, type TotemSettings } from "#schemas/totem-settings.ts";
import packageJson from "../package.json" with { type: "json" };
import { openClock } from "./clock/machine-clock.ts";
import { countStart, type Identity, readIdentity } from "./identity.ts";
import { startJournal } from "./journal/journal-client.ts";
import type { Clock, Journal, Log, Uplink, UplinkListener } from "./ports.ts";
import { openPanel } from "./simulated/panel/panel.ts";
import { type SimulatedTotem, simulatedTotem } from "./simulated/simulated-totem.ts";
import { readSettingsMessage } from "./sync/downlink.ts";
import { KEPT_SETTINGS } from "./sync/receiver.ts";
import { openUplink } from "./sync/uplink.ts";
import { openTicketJudge } from "./tickets/ticket-judge.ts";
import { Totem } from "./totem.ts";
import { dataMount, hasRoom, startUpkeep } from "./upkeep.ts";

/** Where the latest trusted time is kept, so that a replayed receipt cannot set the clock back over a restart. */
const KEPT_TRUSTED_MS = "trusted-ms";

const settings = settingsOrStop(process.argv[2]);
const logger = pino({ level: settings.log.level, base: { totem: settings.totemId } });
const log: Log = {
  info: (event, fields) => logger.info({ event, ...fields }),
  warn: (event, fields) => logger.warn({ event, ...fields }),
  error: (event, fields) => logger.error({ event, ...fields }),
};

try {
  await run();
} catch (error) {
  stopWith("start-failed", error as Error);
}

async function run(): Promise<void> {
  const { dataDir, totemId } = settings;
  const identity = readIdentity(dataDir);
  const gatewayKey = publicKeyFromHex(settings.gateway.publicKey);
  const epoch = randomId(randomBytes);
  const { journal, setAside, sqliteVersion } = await startJournal(
    { dataDir, totemId, epoch, keyPem: signingKeyPem(identity.journalKey), nowMs: Date.now() },
    (error) => stopWith("journal-worker-died", error),
  );
  const simulated = await simulatedTotem({ mqttUrl: settings.mqtt.url, bounces: settings.simulated.bounce });
  const trustedMs = Number((await journal.kept(KEPT_TRUSTED_MS)) ?? 0);
  const clock = openClock(simulated.clock.readings, trustedMs);
  const kept = await journal.kept(KEPT_SETTINGS);
  const parsed = kept === null ? null : readSettingsMessage(Buffer.from(kept), gatewayKey, totemId);
  const site: SiteBox = { settings: parsed?.ok ? parsed.value : null };

  const totem: Totem = buildTotem({ journal, clock, simulated, identity, site, uplink: () => uplink });
  const uplink = openUplink({
    totemId,
    mqtt: { url: simulated.mqttUrl, password: identity.mqttPassword, ca: readIfNamed(settings.mqtt.caFile) },
    gatewayKey,
    epoch,
    status: {
      startCount: countStart(dataDir),
      bootId: clock.entryTime().bootId,
      versions: {
        firmware: packageJson.version,
        node: process.version,
        sqlite: sqliteVersion,
        schema: SCHEMA_VERSION,
      },
    },
    journal,
    clock,
    log,
    listener: listener({ totem, clock, journal, simulated, site, trustedMs }),
  });
  reportStart(totem, clock, setAside);
  await totem.start();
  const stopUpkeep = startUpkeep({
    ...settings,
    totem,
    journal,
    clock,
    scanner: simulated.scanner,
    keys: simulated.keys,
    log,
    publishHealth: (health) => uplink.publishHealth(health),
  });
  const panel = await openPanel({
    settings,
    simulated,
    totem,
    journal,
    uplink,
    clockTrusted: () => clock.entryTime().clock === "trusted",
    site: () => site.settings,
  });
  log.info("panel-open", { url: panel.url });
  process.send?.({ panel: panel.url });
  stopOnSignal([
    async () => stopUpkeep(),
    () => panel.close(),
    () => totem.close(),
    () => uplink.close(),
    () => simulated.close(),
    () => journal.close(),
  ]);
}

/** The settings in force; the gateway may replace them at any time. */
type SiteBox = { settings: SiteSettings | null };

function buildTotem(parts: {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly simulated: SimulatedTotem;
  readonly identity: Identity;
  readonly site: SiteBox;
  readonly uplink: () => Uplink;
}): Totem {
  const { journal, clock, simulated, identity, site } = parts;
  const { keys, scanner, indicators } = simulated;
  return new Totem({
    clock,
    keys,
    scanner,
    indicators,
    journal,
    judge: openTicketJudge({ journal, settings: () => site.settings, siteKey: identity.siteKey }),
    log,
    session: settings.session,
    settings: () => site.settings,
    freshId: () => randomId(randomBytes),
    onEntries: () => parts.uplink().entriesWaiting(),
    hasRoom: () => hasRoom(settings),
    selfTest: async () => (await journal.probe()).ok && scanner.isReady() && hasRoom(settings),
  });
}

function listener(parts: {
  readonly totem: Totem;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly simulated: SimulatedTotem;
  readonly site: SiteBox;
  readonly trustedMs: number;
}): UplinkListener {
  const { totem, clock, journal, simulated, site } = parts;
  let { trustedMs } = parts;
  return {
    onSettings: (next) => {
      site.settings = next;
      log.info("settings", { version: next.version });
    },
    onTime: (timeMs) => {
      clock.timeReceived(timeMs);
      // A replayed receipt is older: it must not lower what a restart begins from. A minute is near enough for a
      // floor, and saves a commit for each receipt of a long backlog.
      if (timeMs < trustedMs + MINUTE_MS) return;
      trustedMs = timeMs;
      void journal.keep(KEPT_TRUSTED_MS, String(timeMs));
    },
    onFault: (code, part) => totem.recordFault(code, "failed", part),
    onConnection: () => undefined,
    onIdentify: () => simulated.indicators.play("ready"),
  };
}

/** What is wrong before anybody voted. */
function reportStart(totem: Totem, clock: Clock, setAside: string | null): void {
  const mount = dataMount(settings.dataDir);
  if (setAside !== null) totem.recordFault("journal-damaged", "failed", null);
  if (!mount.persistent || mount.readOnly) totem.recordFault("volatile-data", "failed", null);
  if (clock.entryTime().clock === "untrusted") totem.recordFault("clock-untrusted", "failed", null);
}

/** Ends on a signal, and when the program that started this one is gone. */
function stopOnSignal(closers: readonly (() => Promise<void>)[]): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    for (const close of closers) await close();
    process.exit(0);
  };
  const stopOrSay = () => void stop().catch((error: Error) => stopWith("stop-failed", error));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stopOrSay);
  process.on("disconnect", stopOrSay);
}

function stopWith(event: string, error: Error): never {
  logger.fatal({ event, message: error.message });
  process.exit(1);
}

function settingsOrStop(file: string | undefined): TotemSettings {
  const yaml = file === undefined ? "" : (readIfNamed(file) ?? "");
  const read = readSettings({ shape: TOTEM_SETTINGS, defaults: TOTEM_DEFAULTS, yaml, env: process.env });
  if (read.ok) return read.value;
  for (const problem of read.problem) process.stderr.write(`${problemLine(problem)}\n`);
  process.exit(2);
}

function readIfNamed(file: string | null): string | null {
  if (file === null) return null;
  if (!existsSync(file)) {
    process.stderr.write(`${file}: no such file\n`);
    process.exit(2);
  }
  return readFileSync(file, "utf8");
}
