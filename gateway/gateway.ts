/**
 * The gateway: joins broker, inbox, ingest, fleet, nightly rounds and HTTP over one store. What `main.ts`, the demo and
 * the tests start. Time, randomness and log are passed in.
 */
import { readFileSync } from "node:fs";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { type SigningKey, signMessage } from "#schemas/signature.ts";
import type { Downlink } from "#schemas/topics.ts";
import { gatewayKey } from "./access/key-files.ts";
import { openPasswords } from "./access/passwords.ts";
import { scopesOf } from "./access/roles.ts";
import { startAlerts } from "./alerts/alerts.ts";
import { openServer } from "./api/server.ts";
import { FIRST_ACCOUNT, openSessions } from "./api/sessions.ts";
import { type Broker, openBroker } from "./broker/broker.ts";
import { openRefusalLog } from "./broker/refusal-log.ts";
import { type Directory, directoryOf } from "./directory.ts";
import { type Announcer, openAnnouncer } from "./fleet/announcer.ts";
import { sendDayKeys } from "./fleet/day-key-sender.ts";
import { openRegistry, type Registry } from "./fleet/registry.ts";
import { type Inbox, openInbox } from "./ingest/inbox.ts";
import { type Ingestor, openIngestor } from "./ingest/ingestor.ts";
import { openQuarantine, type Quarantine } from "./ingest/quarantine.ts";
import { openVerifier, type Verifier } from "./ingest/verifier.ts";
import type { Log } from "./log.ts";
import { type Metrics, openMetrics } from "./metrics.ts";
import { startNights } from "./nights.ts";
import type { Store } from "./store/store.ts";
import { openDayKeys } from "./tickets/day-key-store.ts";
import { openIssuer } from "./tickets/issuer.ts";

export type GatewayParts = {
  readonly settings: GatewaySettings;
  readonly store: Store;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly randomBytes: (size: number) => Buffer;
};

export type Gateway = {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The embedded broker's port; null with an outside broker. */
  readonly mqttPort: number | null;
  /** The public half of the key that signs downlinks, in hex: totems pin it. */
  readonly publicKey: string;
  /** A link that opens the page once. */
  readonly makeLink: () => Promise<string>;
  /** Resolves when everything taken so far is committed or quarantined. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What whoever starts the gateway may see on its page, and make there while there is none: the first administrator's account. */
const STARTER_SCOPES = [...scopesOf("operator"), FIRST_ACCOUNT];

/** The gateway's own name on the broker; no totem id, which is lower case, can equal it. */
const INSIDER = "GATEWAY";

/** Starts everything. @throws with the setting's name when a port is taken. */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { settings, store, nowMs } = parts;
  const directory = directoryOf(settings);
  const key = gatewayKey(settings.dataDir);
  const metrics = openMetrics();
  const { dayKeys, issuer } = await ticketsOf(parts, directory);
  const registry = await registryOf(parts, () => announcer.announceAll());
  const insidePassword = parts.randomBytes(32).toString("hex");
  const broker = settings.mqtt.url === null ? await embedded(parts, registry, metrics, insidePassword) : null;
  const verifier = openVerifier((error) => parts.log.error("verifier-died", { message: error.message }));
  const ingestor: Ingestor = ingestorOf(parts, {
    ...{ registry, verifier, directory, metrics, key },
    ...{ inbox: () => inbox, announcer: () => announcer },
  });
  const send = (totemId: string, kind: Downlink, message: object) => inbox.send(totemId, kind, message);
  const announcer: Announcer = openAnnouncer({
    ...{ ...parts, directory, key, ingestor, send },
    isHeard: () => inbox.isReady(),
  });
  const keyParts = { ...directory, ...registry, key, log: parts.log, dayKeys, send };
  const inbox: Inbox = openInbox({
    ...parts,
    mqtt: insideAccess(settings, broker, insidePassword),
    ingestor: () => ingestor,
    quarantine: messageQuarantine(parts, registry, metrics),
    onHello: async (totemId, hello) => {
      await announcer.greet(totemId, hello);
      await sendDayKeys(keyParts, totemId);
    },
    onReady: () => announcer.announceAll(),
  });
  const rounds = startNights(parts, {
    ...{ directory, key, dayKeys, announce: () => announcer.announceAll() },
    sendKeys: (totemId) => sendDayKeys(keyParts, totemId),
  });
  const alerts = startAlerts({ ...parts, directory });
  const sessions = openSessions({ ...parts, isSecure: settings.http.tlsCert !== null });
  const close = async () => {
    await alerts.close();
    await rounds.close();
    await inbox.close();
    await ingestor.settled();
    await verifier.close();
    await broker?.close();
    await store.close();
  };
  const server = await openServer({
    ...parts,
    directory,
    ...{ issuer, metrics },
    ...{ sessions, passwords: openPasswords(parts.randomBytes) },
    siteKeyOn: dayKeys.ofSiteOn,
    key,
    isBrokerReady: () => inbox.isReady(),
    isStoring: () => ingestor.isStoring(),
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url: server.url,
    mqttPort: broker?.port ?? null,
    publicKey: key.publicKeyHex,
    makeLink: async () => `${server.url}/enter?key=${await sessions.makeLink(STARTER_SCOPES, nowMs())}`,
    settled: () => ingestor.settled(),
    close: async () => {
      await server.close();
      await close();
    },
  };
}

async function ticketsOf(parts: GatewayParts, directory: Directory) {
  const { dataDir, sites, tickets } = parts.settings;
  const dayKeys = openDayKeys({
    ...{ ...parts, dataDir, sites, ticketRules: tickets },
    monotonicMs: () => performance.now(),
  });
  return { dayKeys, issuer: await openIssuer({ ...parts, directory, dataDir, dayKeys }) };
}

function messageQuarantine(parts: GatewayParts, { journalKey }: Registry, { counted }: Metrics): Quarantine {
  return openQuarantine({ ...parts, what: "message", journalKey, onCounted: counted });
}

function registryOf({ store, nowMs, log }: GatewayParts, announce: () => Promise<void>): Promise<Registry> {
  const failed = (event: string) => (error: Error) => log.error(event, { message: error.message });
  return openRegistry({
    store,
    nowMs,
    onNew: () => void announce().catch(failed("announce-failed")),
    onFailed: failed("registry-failed"),
  });
}

function ingestorOf(
  { store, log, nowMs }: GatewayParts,
  joined: {
    readonly registry: Registry;
    readonly verifier: Verifier;
    readonly directory: Directory;
    readonly metrics: Metrics;
    readonly key: SigningKey;
    readonly inbox: () => Inbox;
    readonly announcer: () => Announcer;
  },
): Ingestor {
  const { registry, verifier, directory, metrics, key } = joined;
  return openIngestor({
    verifier,
    store,
    log,
    nowMs,
    journalKey: registry.journalKey,
    sites: () => directory.rules,
    sendReceipt: (totemId, receipt) =>
      joined.inbox().send(totemId, "receipt", signMessage("receipt", receipt, key)),
    onOpened: (totemId) => joined.announcer().opened(totemId),
    onCounted: metrics.counted,
  });
}

function embedded(
  { settings, log, nowMs }: GatewayParts,
  registry: Registry,
  metrics: Metrics,
  password: string,
): Promise<Broker> {
  const note = openRefusalLog(log, nowMs);
  const { host, port, tlsCert, tlsKey } = settings.mqtt;
  return openBroker({
    host,
    port,
    tls: tlsCert === null || tlsKey === null ? null : { cert: readText(tlsCert), key: readText(tlsKey) },
    credentials: (totemId) => registry.find(totemId),
    insider: { username: INSIDER, password },
    onRefused: (what, who) => {
      metrics.refused(what);
      if (what === "credentials") registry.lookAgain();
      note(what, who);
    },
  });
}

/** How the gateway itself reaches the broker. */
function insideAccess({ mqtt }: GatewaySettings, broker: Broker | null, password: string) {
  if (broker !== null || mqtt.url === null) {
    return { url: broker?.insideUrl ?? "", username: INSIDER, password, ca: null };
  }
  return {
    url: mqtt.url,
    username: mqtt.username ?? INSIDER,
    password: mqtt.passwordFile === null ? "" : readText(mqtt.passwordFile).trim(),
    ca: mqtt.caFile === null ? null : readText(mqtt.caFile),
  };
}

function readText(file: string): string {
  return readFileSync(file, "utf8");
}
