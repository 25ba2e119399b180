/**
 * The gateway's ear: one MQTT session to the broker, embedded or outside, through which all totems speak and are
 * answered. Judges shapes; leaves batches to the ingestor, and sets aside what it does not understand.
 */
import { connect } from "mqtt";
import { type Link, openLink } from "#schemas/link.ts";
import { HEALTH, HELLO, type Hello, REPLY, STATUS } from "#schemas/messages.ts";
import { fail } from "#schemas/result.ts";
import { READINESS_REPORT } from "#schemas/self-test.ts";
import type { Shape, ShapeProblem } from "#schemas/shape.ts";
import {
  type Downlink,
  isRetained,
  parseUplink,
  totemTopic,
  UPLINKS,
  type Uplink,
  uplinkFilter,
} from "#schemas/topics.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { openAllowance } from "./allowance.ts";
import type { Ingestor } from "./ingestor.ts";
import type { Quarantine } from "./quarantine.ts";

export type InboxParts = {
  readonly mqtt: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly ca: string | null;
  };
  readonly store: Store;
  readonly ingestor: () => Ingestor;
  /** Where a malformed message goes that is no batch. */
  readonly quarantine: Quarantine;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly onHello: (totemId: string, hello: Hello) => Promise<void>;
  /** A message was dropped unread because its totem says too much. */
  readonly onDropped?: (totemId: string) => void;
  /** The session stands anew: whatever totems must know is to be said again. */
  readonly onReady: () => Promise<void>;
};

export type Inbox = {
  readonly send: (totemId: string, kind: Downlink, message: object) => void;
  readonly isReady: () => boolean;
  readonly close: () => Promise<void>;
};

/** Largest message that is not a batch: a hello with all its epochs. */
const MESSAGE_BYTES_MAX = 32_768;

/** Longest reason kept beside a message set aside: a path in it and what was expected there. */
const REASON_MAX = 200;

export function openInbox(parts: InboxParts): Inbox {
  const allowance = openAllowance();
  const link: Link = openLink({
    connect,
    ...parts.mqtt,
    clientId: parts.mqtt.username,
    will: null,
    subscriptions: UPLINKS.map(uplinkFilter),
    random: parts.random,
    onReady: () => {
      parts.log.info("broker-ready");
      void parts
        .onReady()
        .catch((error: Error) => parts.log.error("announce-failed", { message: error.message }));
    },
    onLost: (reason) => parts.log.warn("broker-lost", { reason }),
    onMessage: async (topic, payload) => {
      const uplink = parseUplink(topic);
      if (uplink === null) return;
      // Batches are judged, whoever sends too many waits; anything else beyond the allowance is dropped unread.
      if (uplink.kind !== "entries" && !allowance.take(uplink.totemId, parts.nowMs())) {
        return parts.onDropped?.(uplink.totemId);
      }
      try {
        await received(parts, uplink, payload);
      } catch (error) {
        parts.log.error("uplink-failed", {
          kind: uplink.kind,
          totem: uplink.totemId,
          message: (error as Error).message,
        });
      }
    },
  });
  return {
    send: (totemId, kind, message) =>
      link.publish(totemTopic(totemId, kind), JSON.stringify(message), { retain: isRetained(kind) }),
    isReady: () => link.isReady(),
    close: () => link.close(),
  };
}

async function received(
  parts: InboxParts,
  { totemId, kind }: { readonly totemId: string; readonly kind: Uplink },
  payload: Buffer,
): Promise<void> {
  const { store, log, nowMs } = parts;
  switch (kind) {
    case "entries":
      return parts.ingestor().offer(totemId, payload);
    case "hello": {
      const hello = await read(parts, HELLO, totemId, payload);
      if (hello !== null) await parts.onHello(totemId, hello);
      return;
    }
    case "status": {
      const status = await read(parts, STATUS, totemId, payload);
      if (status === null) return;
      const isCurrent = await store.noteStatus(totemId, status.online, status.startCount, nowMs());
      log.info("totem-status", { totem: totemId, online: status.online, isCurrent });
      return;
    }
    case "health": {
      const health = await read(parts, HEALTH, totemId, payload);
      if (health !== null) await store.noteHealth(totemId, health, nowMs());
      return;
    }
    case "readiness": {
      const report = await read(parts, READINESS_REPORT, totemId, payload);
      if (report === null) return;
      if (report.totemId === totemId) await store.noteReadiness(report, nowMs());
      else await setAside(parts, totemId, payload, { shape: READINESS_REPORT.name, ...OF_ANOTHER });
      return;
    }
    case "reply": {
      const reply = await read(parts, REPLY, totemId, payload);
      if (reply !== null) log.info("totem-reply", { totem: totemId, ...reply });
      return;
    }
  }
}

/** The message, or null for a malformed one: logged with where it broke, and quarantined (promise 5). */
async function read<T>(
  parts: InboxParts,
  shape: Shape<T>,
  totemId: string,
  payload: Buffer,
): Promise<T | null> {
  const message = parse(shape, payload);
  if (message.ok) return message.value;
  await setAside(parts, totemId, payload, message.problem);
  return null;
}

const OF_ANOTHER = { where: "/totemId", expected: "the totem that sends it" };

async function setAside(
  parts: InboxParts,
  totemId: string,
  payload: Buffer,
  { shape, where, expected }: ShapeProblem,
): Promise<void> {
  parts.log.warn("uplink-malformed", { totem: totemId, shape, where, expected });
  await parts.quarantine(
    { totemId, payload, receivedMs: parts.nowMs() },
    `${shape} ${where} ${expected}`.slice(0, REASON_MAX),
  );
}

function parse<T>(shape: Shape<T>, payload: Buffer): ReturnType<Shape<T>["parse"]> {
  if (payload.length > MESSAGE_BYTES_MAX) {
    return fail({ shape: shape.name, where: "/", expected: `at most ${MESSAGE_BYTES_MAX} bytes` });
  }
  try {
    return shape.parse(JSON.parse(payload.toString("utf8")));
  } catch {
    return fail({ shape: shape.name, where: "/", expected: "JSON" });
  }
}
