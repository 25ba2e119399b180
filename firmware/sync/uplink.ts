/**
 * The totem's way to the gateway: one MQTT session, what goes up it and what comes down. Says who is there by a
 * retained status and a last will, so that nobody believes in a totem that is gone.
 */
import { type KeyObject, randomInt } from "node:crypto";
import { connect } from "mqtt";
import { type Link, openLink } from "#schemas/link.ts";
import type { Status } from "#schemas/messages.ts";
import type { SigningKey } from "#schemas/signature.ts";
import { HOUR_MS } from "#schemas/time.ts";
import { type Downlink, isRetained, spentTopic, totemTopic } from "#schemas/topics.ts";
import type { Clock, Journal, Log, Uplink, UplinkListener } from "../ports.ts";
import { repeatReadiness, tellReadiness } from "./readiness.ts";
import { Receiver } from "./receiver.ts";
import { Sender, type Wire } from "./sender.ts";
import { SpentTeller } from "./spent-teller.ts";

export type UplinkOptions = {
  readonly totemId: string;
  readonly siteId: string;
  /** Signs what the site's other totems are told. */
  readonly journalKey: SigningKey;
  /** How long a ticket is good, in milliseconds. */
  readonly ticketKeepMs: () => number;
  readonly mqtt: { readonly url: string; readonly password: string; readonly ca: string | null };
  readonly gatewayKey: KeyObject;
  readonly epoch: string;
  readonly status: Omit<Status, "online">;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly listener: UplinkListener;
};

/** What a totem listens to. */
const LISTENED: readonly Downlink[] = ["receipt", "settings", "keys", "command"];

/**
 * Besides at each connect: a gateway restored from a backup learns from it what it lacks, and a totem may stay
 * connected for months. Far more often than receipted entries are deleted.
 */
const HELLO_EVERY_MS = HOUR_MS;

const random = () => randomInt(1_000_000) / 1_000_000;

/** Starts the session and keeps sending until closed. */
export function openUplink(options: UplinkOptions): Uplink {
  const { totemId, status, log, listener } = options;
  const wire: Wire = {
    isReady: () => link.isReady(),
    publish: (kind, text) => link.publish(totemTopic(totemId, kind), text, { retain: isRetained(kind) }),
  };
  const sender = new Sender({ ...options, wire, random, startCount: status.startCount });
  const receiver = new Receiver({ ...options, wire, sender });
  const teller = new SpentTeller({
    ...{ key: options.journalKey, nowMs: options.clock.nowMs, keepMs: options.ticketKeepMs },
    send: (text) => {
      if (link.isReady()) link.publish(spentTopic(options.siteId, totemId), text);
      return link.isReady();
    },
  });
  const sayStatus = (online: boolean) => wire.publish("status", JSON.stringify({ ...status, online }));
  const failed = (event: string) => (error: Error) => log.error(event, { message: error.message });
  const link = linkOf(options, {
    onReady: () => {
      log.info("uplink-ready");
      sayStatus(true);
      listener.onConnection(true);
      teller.tell();
      sender.begin().catch(failed("hello-failed"));
      repeatReadiness({ ...options, wire }).catch(failed("readiness-failed"));
    },
    onLost: (reason) => {
      log.info("uplink-lost", { reason });
      listener.onConnection(false);
    },
    onMessage: (topic, payload, retained) => receiver.receive(topic, payload, retained),
  });
  const sayHello = () => void sender.hello().catch(failed("hello-failed"));
  const hellos = setInterval(sayHello, HELLO_EVERY_MS);
  return {
    entriesWaiting: () => sender.pump(true),
    isConnected: () => link.isReady(),
    ticketSpent: (mark) => teller.spent(mark),
    publishHealth: (health) => wire.publish("health", JSON.stringify(health)),
    tellReadiness: (report) =>
      void tellReadiness({ ...options, wire }, report).catch(failed("readiness-failed")),
    close: async () => {
      clearInterval(hellos);
      sayStatus(false);
      await sender.close();
      await link.close();
    },
  };
}

function linkOf(
  { totemId, siteId, mqtt, status }: UplinkOptions,
  events: Pick<Parameters<typeof openLink>[0], "onReady" | "onLost" | "onMessage">,
): Link {
  return openLink({
    connect,
    url: mqtt.url,
    clientId: totemId,
    username: totemId,
    password: mqtt.password,
    ca: mqtt.ca,
    will: { topic: totemTopic(totemId, "status"), payload: JSON.stringify({ ...status, online: false }) },
    subscriptions: [...LISTENED.map((kind) => totemTopic(totemId, kind)), spentTopic(siteId, "+")],
    random,
    ...events,
  });
}
