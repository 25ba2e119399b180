/**
 * Keeps one MQTT session to the broker, for totem and gateway alike (CONTRACT section 2): own reconnection, because
 * mqtt.js stops for good after one refused CONNACK, and a watchdog for a session that stays open and says nothing.
 * Is handed mqtt.js and imports it only as a type; knows topics and bytes, not their meaning.
 */
import type { IClientOptions, MqttClient } from "mqtt";
import { reconnectDelayMs, SILENT_SESSION_MS } from "./reconnect.ts";

export type LinkOptions = {
  /** mqtt.js's own `connect`. */
  readonly connect: (url: string, options: IClientOptions) => MqttClient;
  readonly url: string;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly ca: string | null;
  /** What the broker says for us when the session breaks, retained; null for none. */
  readonly will: { readonly topic: string; readonly payload: string } | null;
  readonly subscriptions: readonly string[];
  readonly random: () => number;
  readonly onReady: () => void;
  readonly onLost: (reason: string) => void;
  /** The broker sends no more than a few messages before this has resolved: whoever is slow slows the broker down. */
  readonly onMessage: (topic: string, payload: Buffer, retained: boolean) => Promise<void> | void;
};

export type Link = {
  readonly isReady: () => boolean;
  /** Hands a message to the session with QoS 1; dropped when there is none, since everything of value is in the journal. */
  readonly publish: (topic: string, payload: string, options?: { readonly retain: boolean }) => void;
  readonly close: () => Promise<void>;
};

/** Half the time most firewalls keep an idle connection. */
const KEEPALIVE_S = 30;
/** A broker that does not answer a CONNECT within this time will not. */
const CONNECT_TIMEOUT_MS = 10_000;
const WATCHDOG_EVERY_MS = 30_000;

/** Starts connecting and goes on until closed. */
export function openLink(options: LinkOptions): Link {
  let client: MqttClient | null = null;
  let ready = false;
  let attempt = 0;
  let heardAtMs = 0;
  let retry: NodeJS.Timeout | null = null;
  let closed = false;

  const lose = (session: MqttClient, reason: string) => {
    if (session !== client) return;
    client = null;
    ready = false;
    session.removeAllListeners();
    // A session that is being thrown away may still fail once; that is no news.
    session.on("error", () => undefined);
    session.end(true);
    if (closed) return;
    options.onLost(reason);
    attempt += 1;
    retry = setTimeout(begin, reconnectDelayMs(attempt, options.random()));
  };

  const begin = () => {
    retry = null;
    heardAtMs = performance.now();
    const session = options.connect(options.url, clientOptions(options));
    client = session;
    session.on("connect", () => {
      subscribe(session, options.subscriptions).then(
        () => {
          if (session !== client) return;
          ready = true;
          attempt = 0;
          options.onReady();
        },
        (error: Error) => lose(session, error.message),
      );
    });
    session.on("packetreceive", () => {
      heardAtMs = performance.now();
    });
    session.handleMessage = (packet, done) => {
      const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
      // An error here would only withhold the PUBACK, which proves nothing anyway.
      Promise.resolve(options.onMessage(packet.topic, payload, packet.retain)).then(
        () => done(),
        () => done(),
      );
    };
    session.on("error", (error) => lose(session, error.message));
    session.on("close", () => lose(session, "connection closed"));
  };

  const watchdog = setInterval(() => {
    if (client !== null && performance.now() - heardAtMs > SILENT_SESSION_MS) lose(client, "silent session");
  }, WATCHDOG_EVERY_MS);
  begin();

  return {
    isReady: () => ready,
    publish: (topic, payload, { retain } = { retain: false }) => {
      if (ready) client?.publish(topic, payload, { qos: 1, retain });
    },
    close: async () => {
      closed = true;
      clearInterval(watchdog);
      if (retry !== null) clearTimeout(retry);
      const session = client;
      client = null;
      ready = false;
      if (session !== null) await session.endAsync();
    },
  };
}

function clientOptions(options: LinkOptions): IClientOptions {
  return {
    clientId: options.clientId,
    username: options.username,
    password: options.password,
    protocolVersion: 4,
    clean: true,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(options.will === null
      ? {}
      : {
          will: {
            topic: options.will.topic,
            payload: Buffer.from(options.will.payload),
            qos: 1,
            retain: true,
          },
        }),
    ...(options.ca === null ? {} : { ca: options.ca }),
  };
}

async function subscribe(session: MqttClient, filters: readonly string[]): Promise<void> {
  const granted = await session.subscribeAsync([...filters], { qos: 1 });
  const refused = granted.find((grant) => grant.qos === 128);
  if (refused !== undefined) throw new Error(`the broker refused the subscription to ${refused.topic}`);
}
