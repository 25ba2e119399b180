/**
 * Starts one totem: reads its settings, opens its journal and devices, joins them. The only file that knows everything
 * of the firmware. Usage: `main.ts [settings.yaml]`; every setting can also come from the environment.
 */
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { randomId } from "#schemas/ids.ts";
import { SCHEMA_VERSION, type SiteSettings } from "#schemas/messages.ts";
import { publicKeyFromHex, signingKeyPem } from "#schemas/signature.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import packageJson from "../package.json" with { type: "json" };
import { openClock } from "./clock/machine-clock.ts";
import { openControl } from "./control/control-socket.ts";
import { countStart, type Identity, readIdentity } from "./identity.ts";
import { startJournal } from "./journal/journal-client.ts";
import type { Clock, Journal, Log, SelfTest, Uplink, UplinkListener } from "./ports.ts";
import type { GuidedSelfTest } from "./self-test/guided-self-test.ts";
import { openSelfTest } from "./self-test/open-self-test.ts";
import { type Closer, closeInOrder } from "./service/ending.ts";
import { openServiceManager, type ServiceManager } from "./service/notify.ts";
import { startWatchdog } from "./service/watchdog.ts";
import { type Devices, openDevices } from "./starting/open-devices.ts";
import { readIfNamed, settingsOrStop } from "./starting/start-settings.ts";
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
  // First: what it hears of the service manager is nothing for a child to hear.
  const manager = await openServiceManager(process.env, process.pid);
  manager.status("opening the journal");
  const identity = readIdentity(dataDir);
  const gatewayKey = publicKeyFromHex(settings.gateway.publicKey);
  const epoch = randomId(randomBytes);
  const { journal, setAside, sqliteVersion } = await startJournal(
    { dataDir, totemId, epoch, keyPem: signingKeyPem(identity.journalKey), nowMs: Date.now() },
    (error) => stopWith("journal-worker-died", error),
  );
  const site: SiteBox = { settings: null };
  const devices = await openDevices(settings, { site: () => site.settings, log });
  const trustedMs = Number((await journal.kept(KEPT_TRUSTED_MS)) ?? 0);
  const clock = openClock(devices.readings, trustedMs);
  const kept = await journal.kept(KEPT_SETTINGS);
  const parsed = kept === null ? null : readSettingsMessage(Buffer.from(kept), gatewayKey, totemId);
  site.settings = parsed?.ok ? parsed.value : null;

  const versions = {
    ...{ firmware: packageJson.version, node: process.version },
    ...{ sqlite: sqliteVersion, schema: SCHEMA_VERSION },
  };
  const selfTest = openSelfTest({
    ...{ ...devices, settings, clock, journal, log, versions },
    site: () => site.settings,
    isConnected: () => uplink.isConnected(),
  });
  const totem = buildTotem({ journal, clock, devices, identity, site, selfTest, uplink: () => uplink });
  const uplink: Uplink = openUplink({
    totemId,
    mqtt: { url: devices.mqttUrl, password: identity.mqttPassword, ca: readIfNamed(settings.mqtt.caFile) },
    gatewayKey,
    epoch,
    status: {
      startCount: countStart(dataDir),
      bootId: clock.entryTime().bootId,
      versions,
    },
    journal,
    clock,
    log,
    listener: listener({ totem, clock, journal, devices, site, trustedMs }),
  });
  selfTest.onNews((news) => {
    if (news.type === "finished") uplink.tellReadiness(news.written.report);
  });
  reportStart(totem, clock, setAside);
  await totem.start();
  await serve({ totem, uplink, journal, clock, devices, site, manager, selfTest });
}

/** What goes on beside the votes until the end, and the end. */
async function serve(parts: Running): Promise<void> {
  const { totem, uplink, journal, clock, devices, manager } = parts;
  const stopUpkeep = startUpkeep({
    ...settings,
    ...{ totem, journal, clock, scanner: devices.scanner, keys: devices.keys, log },
    keyDebounceMs: devices.keyDebounceMs,
    publishHealth: (health) => uplink.publishHealth(health),
  });
  const stopWatchdog = startWatchdog({
    ...{ manager, journal, workers: devices.workers, nowMs: clock.nowMs, log },
  });
  const closePanel = await showPanel(parts);
  const closeControl = await openControl({ ...parts, dataDir: settings.dataDir, log }).catch(
    (error: Error) => {
      // Everything else works without it; the service key begins the self-test as well.
      log.error("control-failed", { message: error.message });
      return async () => undefined;
    },
  );
  manager.ready();
  manager.status("in service");
  stopOnSignal([
    { name: "service manager", close: () => manager.stopping() },
    { name: "watchdog", close: stopWatchdog },
    { name: "upkeep", close: stopUpkeep },
    { name: "panel", close: closePanel },
    { name: "control", close: closeControl },
    { name: "totem", close: () => totem.close() },
    { name: "uplink", close: () => uplink.close() },
    { name: "devices", close: () => devices.close() },
    { name: "journal", close: () => journal.close() },
    { name: "service manager's socket", close: () => manager.close() },
  ]);
}

type Running = {
  readonly totem: Totem;
  readonly uplink: Uplink;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly devices: Devices;
  readonly site: SiteBox;
  readonly manager: ServiceManager;
  readonly selfTest: GuidedSelfTest;
};

/** Virtual totems are pressed in a browser; the returned function closes the page. Real ones have none. */
async function showPanel(parts: Running): Promise<() => Promise<void>> {
  const { clock, site } = parts;
  const { simulated } = parts.devices;
  if (simulated === null) return async () => undefined;
  // Loaded for virtual totems only: a page and its server are no business of a box without a screen.
  const { openPanel } = await import("./simulated/panel/panel.ts");
  const panel = await openPanel({
    ...{ ...parts, simulated, settings },
    clockTrusted: () => clock.entryTime().clock === "trusted",
    site: () => site.settings,
  });
  log.info("panel-open", { url: panel.url });
  process.send?.({ panel: panel.url });
  return () => panel.close();
}

/** The settings in force; the gateway may replace them at any time. */
type SiteBox = { settings: SiteSettings | null };

function buildTotem(parts: {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly devices: Devices;
  readonly identity: Identity;
  readonly site: SiteBox;
  readonly selfTest: SelfTest;
  readonly uplink: () => Uplink;
}): Totem {
  const { journal, clock, devices, identity, site } = parts;
  const { keys, scanner, indicators } = devices;
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
    selfTest: parts.selfTest,
  });
}

function listener(parts: {
  readonly totem: Totem;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly devices: Devices;
  readonly site: SiteBox;
  readonly trustedMs: number;
}): UplinkListener {
  const { totem, clock, journal, devices, site } = parts;
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
    onIdentify: () => devices.indicators.play("ready"),
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
function stopOnSignal(closers: readonly Closer[]): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    const left = await closeInOrder(closers, log);
    process.exit(left.length === 0 ? 0 : 1);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
}

function stopWith(event: string, error: Error): never {
  logger.fatal({ event, message: error.message });
  process.exit(1);
}
