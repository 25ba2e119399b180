/**
 * Keeps one MQTT session to the broker, for totem and gateway alike: own reconnection, because
 * mqtt.js stops for good after one refused CONNACK, and a watchdog for a session that stays open and says nothing, or
 * acknowledges nothing.
 * Is handed mqtt.js and imports it only as a type; knows topics and bytes, not their meaning.
 */
import type { IClientOptions, IPublishPacket, MqttClient } from "mqtt";
import { openAcknowledgements, watchPacketSize } from "./link-limits.ts";
import { attemptAfter, reconnectDelayMs, SILENT_SESSION_MS } from "./reconnect.ts";

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
  /** Time and timers; the machine's own when left out. */
  readonly clock?: LinkClock;
};

/** Time and timers as a session needs them, so that a test can let five silent minutes pass at once. */
export type LinkClock = {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Calls once after so many milliseconds; returns what cancels it. */
  readonly after: (ms: number, call: () => void) => () => void;
  /** Calls again and again; returns what stops it. */
  readonly every: (ms: number, call: () => void) => () => void;
};

export type Link = {
  readonly isReady: () => boolean;
  /** Hands a message to the session with QoS 1; dropped when there is none, since everything of value is in the journal. */
  readonly publish: (topic: string, payload: string, options?: { readonly retain: boolean }) => void;
  /** Ends the session, saying goodbye if the broker still listens; nothing is called back afterwards. */
  readonly close: () => Promise<void>;
};

const MACHINE_CLOCK: LinkClock = {
  nowMs: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, call) => {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
};

/** Half the time most firewalls keep an idle connection. */
const KEEPALIVE_S = 30;
/** A broker that has not answered CONNECT and SUBSCRIBE within this time will not. */
export const READY_TIMEOUT_MS = 10_000;
export const WATCHDOG_EVERY_MS = 30_000;
/** How long a goodbye may wait for messages under way; a service manager kills after ten times as long. */
export const CLOSE_TIMEOUT_MS = 2_000;

/** Starts connecting and goes on until closed. */
export function openLink(options: LinkOptions): Link {
  const { clock = MACHINE_CLOCK } = options;
  let client: MqttClient | null = null;
  let readyAtMs: number | null = null;
  let attempt = 0;
  let heardAtMs = 0;
  let acknowledgements = openAcknowledgements(clock.nowMs);
  let cancelTimer = () => {};

  const lose = (session: MqttClient, reason: string) => {
    if (session !== client) return;
    attempt = attemptAfter(attempt, readyAtMs === null ? 0 : clock.nowMs() - readyAtMs);
    client = null;
    readyAtMs = null;
    cancelTimer();
    abandon(session);
    cancelTimer = clock.after(reconnectDelayMs(attempt, options.random()), begin);
    options.onLost(reason);
  };

  const begin = () => {
    heardAtMs = clock.nowMs();
    acknowledgements = openAcknowledgements(clock.nowMs);
    const session = options.connect(options.url, clientOptions(options));
    client = session;
    cancelTimer = clock.after(READY_TIMEOUT_MS, () => lose(session, "no answer from the broker"));
    watchPacketSize(session, () => lose(session, "a packet without end"));
    session.on("connect", () => {
      sendAtOnce(session);
      // Fails when any one of them is refused: half a session hears nothing.
      session.subscribeAsync([...options.subscriptions], { qos: 1 }).then(
        () => {
          if (session !== client) return;
          cancelTimer();
          readyAtMs = clock.nowMs();
          options.onReady();
        },
        (error: Error) => lose(session, error.message),
      );
    });
    session.on("packetreceive", () => {
      heardAtMs = clock.nowMs();
    });
    session.handleMessage = (packet, done) => {
      if (session === client) hear(packet, options, done);
      else done();
    };
    session.on("error", (error) => lose(session, error.message));
    session.on("close", () => lose(session, "connection closed"));
  };

  const stopWatching = clock.every(WATCHDOG_EVERY_MS, () => {
    if (client === null) return;
    if (clock.nowMs() - heardAtMs > SILENT_SESSION_MS) lose(client, "silent session");
    else if (acknowledgements.silentForMs() > SILENT_SESSION_MS) lose(client, "nothing is acknowledged");
  });
  begin();

  return {
    isReady: () => readyAtMs !== null,
    publish: (topic, payload, { retain } = { retain: false }) => {
      if (readyAtMs === null || client === null) return;
      const { published, acknowledged } = acknowledgements;
      published();
      client.publish(topic, payload, { qos: 1, retain }, acknowledged);
    },
    close: async () => {
      stopWatching();
      cancelTimer();
      const session = client;
      client = null;
      readyAtMs = null;
      if (session !== null) await goodbye(session, clock);
    },
  };
}

/** Hands a message on and lets the broker go on once it was dealt with, well or badly: a PUBACK proves nothing anyway. */
function hear(packet: IPublishPacket, { onMessage }: LinkOptions, done: () => void): void {
  const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
  const handled = (async () => onMessage(packet.topic, payload, packet.retain))();
  handled.then(
    () => done(),
    () => done(),
  );
}

/**
 * Hands every packet to the network at once. Otherwise TCP keeps a small one back until the other side has acknowledged
 * the one before, which it puts off for 40 ms: a drain spent most of its time in that wait.
 */
function sendAtOnce(session: MqttClient): void {
  const { stream } = session as { readonly stream?: { readonly setNoDelay?: (noDelay: boolean) => void } };
  stream?.setNoDelay?.(true);
}

/** Throws a session away. It may still fail once; that is no news. */
function abandon(session: MqttClient): void {
  session.removeAllListeners();
  session.on("error", () => undefined);
  session.end(true);
}

/** Ends a session once what is under way was acknowledged, or by force when a frozen broker keeps us waiting. */
async function goodbye(session: MqttClient, clock: LinkClock): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(CLOSE_TIMEOUT_MS, () => {
      abandon(session);
      resolve();
    });
    session.end(false, {}, () => {
      cancel();
      resolve();
    });
  });
}

function clientOptions(options: LinkOptions): IClientOptions {
  return {
    clientId: options.clientId,
    username: options.username,
    password: options.password,
    protocolVersion: 4,
    clean: true,
    keepalive: KEEPALIVE_S,
    connectTimeout: READY_TIMEOUT_MS,
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
