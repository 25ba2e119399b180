/**
 * Starts one totem: reads its settings, opens its journal and devices, joins them. The only file that knows everything
 * of the firmware. Usage: `main.ts [settings.yaml]`; every setting can also come from the environment.
 */
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { randomId } from "#schemas/ids.ts";
import { SCHEMA_VERSION } from "#schemas/messages.ts";
import { publicKeyFromHex, signingKeyPem } from "#schemas/signature.ts";
import packageJson from "../package.json" with { type: "json" };
import { openClock } from "./clock/machine-clock.ts";
import { openControl } from "./control/control-socket.ts";
import { countStart, identityFiles, readIdentity } from "./identity.ts";
import { startJournal } from "./journal/journal-client.ts";
import { KEPT_CLOSED_THROUGH } from "./journal/receipts.ts";
import type { Clock, DayKeyring, Journal, Log, SelfTest, Uplink } from "./ports.ts";
import type { GuidedSelfTest } from "./self-test/guided-self-test.ts";
import { openSelfTest } from "./self-test/open-self-test.ts";
import { endOnSignal } from "./service/ending.ts";
import { openServiceManager, type ServiceManager } from "./service/notify.ts";
import { startWatchdog } from "./service/watchdog.ts";
import { closedBeforeMs } from "./site-times.ts";
import { openDailyRound } from "./starting/daily.ts";
import { gatewayListener, KEPT_TRUSTED_MS, type SiteBox, ticketKeepMs } from "./starting/gateway-listener.ts";
import { type Devices, openDevices } from "./starting/open-devices.ts";
import { readIfNamed, settingsOrStop } from "./starting/start-settings.ts";
import { readSettingsMessage } from "./sync/downlink.ts";
import { KEPT_SETTINGS } from "./sync/receiver.ts";
import { openUplink } from "./sync/uplink.ts";
import { openDayKeyring } from "./tickets/day-keyring.ts";
import { SpentElsewhere } from "./tickets/spent-elsewhere.ts";
import { openTicketJudge } from "./tickets/ticket-judge.ts";
import { Totem } from "./totem.ts";
import { dataMount, hasRoom, startUpkeep } from "./upkeep.ts";

/** Of a statement's commitments: 256 bits, as for every secret. */
const SEED_BYTES = 32;

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
  const keyring = openDayKeyring({
    file: identityFiles(dataDir).dayKeys,
    siteId: settings.siteId,
    onUnreadable: (where) => log.error("day-keys-unreadable", { where }),
  });
  const elsewhere = new SpentElsewhere();
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
  const totem = buildTotem({
    journal,
    clock,
    devices,
    keyring,
    elsewhere,
    site,
    selfTest,
    uplink: () => uplink,
  });
  const uplink: Uplink = openUplink({
    ...{ totemId, siteId: settings.siteId, journalKey: identity.journalKey },
    ticketKeepMs: () => ticketKeepMs(site),
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
    listener: gatewayListener({
      ...{ totem, clock, journal, keyring, elsewhere, site, trustedMs, log },
      indicators: devices.indicators,
      journalKey: identity.journalKey,
    }),
  });
  selfTest.onNews((news) => {
    if (news.type === "finished") uplink.tellReadiness(news.written.report);
  });
  reportStart(totem, clock, setAside);
  await totem.start();
  await serve({ totem, uplink, journal, clock, devices, keyring, site, manager, selfTest });
}

/** What goes on beside the votes until the end, and the end. */
async function serve(parts: Running): Promise<void> {
  const { totem, uplink, journal, clock, devices, keyring, site, manager } = parts;
  const dailyRound = openDailyRound({
    ...{ keyring, journal, site, log, entryTime: clock.entryTime },
    freshSeed: () => randomBytes(SEED_BYTES).toString("hex"),
    onEntries: () => uplink.entriesWaiting(),
  });
  const stopUpkeep = startUpkeep({
    ...settings,
    ...{ totem, journal, clock, scanner: devices.scanner, keys: devices.keys, log, dailyRound },
    keyDebounceMs: devices.keyDebounceMs,
    publishHealth: (health) => uplink.publishHealth(health),
    closedBeforeMs: async () => closedBeforeMs(await journal.kept(KEPT_CLOSED_THROUGH), site.settings),
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
  endOnSignal(log, [
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
  readonly keyring: DayKeyring;
  readonly site: SiteBox;
  readonly manager: ServiceManager;
  readonly selfTest: GuidedSelfTest;
};

/** Virtual totems are pressed in a browser; the returned function closes the page. Real ones have none. */
async function showPanel(parts: Running): Promise<() => Promise<void>> {
  const { clock, keyring, site } = parts;
  const { simulated } = parts.devices;
  if (simulated === null) return async () => undefined;
  // Loaded for virtual totems only: a page and its server are no business of a box without a screen.
  const { openPanel } = await import("./simulated/panel/panel.ts");
  const panel = await openPanel({
    ...{ ...parts, simulated, settings },
    clockTrusted: () => clock.entryTime().clock === "trusted",
    // Without the keys of the day no ticket is taken yet: the page must not print one.
    site: () => (keyring.oldestSiteDay() === null ? null : site.settings),
  });
  log.info("panel-open", { url: panel.url });
  process.send?.({ panel: panel.url });
  return () => panel.close();
}

function buildTotem(parts: {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly devices: Devices;
  readonly keyring: DayKeyring;
  readonly elsewhere: SpentElsewhere;
  readonly site: SiteBox;
  readonly selfTest: SelfTest;
  readonly uplink: () => Uplink;
}): Totem {
  const { journal, clock, devices, keyring, elsewhere, site } = parts;
  const isSpentElsewhere = (mark: string) => elsewhere.has(mark, clock.nowMs());
  const { keys, scanner, indicators } = devices;
  return new Totem({
    clock,
    keys,
    scanner,
    indicators,
    journal,
    judge: openTicketJudge({ journal, settings: () => site.settings, dayKeys: keyring, isSpentElsewhere }),
    log,
    session: settings.session,
    settings: () => site.settings,
    freshId: () => randomId(randomBytes),
    onEntries: () => parts.uplink().entriesWaiting(),
    onSpent: (mark) => parts.uplink().ticketSpent(mark),
    hasRoom: () => hasRoom(settings),
    selfTest: parts.selfTest,
  });
}

/** What is wrong before anybody voted. */
function reportStart(totem: Totem, clock: Clock, setAside: string | null): void {
  const mount = dataMount(settings.dataDir);
  if (setAside !== null) totem.recordFault("journal-damaged", "failed", null);
  if (!mount.persistent || mount.readOnly) totem.recordFault("volatile-data", "failed", null);
  if (clock.entryTime().clock === "untrusted") totem.recordFault("clock-untrusted", "failed", null);
}

function stopWith(event: string, error: Error): never {
  logger.fatal({ event, message: error.message });
  process.exit(1);
}
