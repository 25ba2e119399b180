/**
 * The gateway's ear: one MQTT session to the broker, embedded or outside, through which all totems speak and are
 * answered. Judges shapes; leaves batches to the ingestor.
 */
import { connect } from "mqtt";
import { type Link, openLink } from "#schemas/link.ts";
import { HEALTH, HELLO, type Hello, REPLY, STATUS } from "#schemas/messages.ts";
import type { Shape } from "#schemas/shape.ts";
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

export type InboxParts = {
  readonly mqtt: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly ca: string | null;
  };
  readonly store: Store;
  readonly ingestor: () => Ingestor;
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
      const hello = read(parts, HELLO, totemId, payload);
      if (hello !== null) await parts.onHello(totemId, hello);
      return;
    }
    case "status": {
      const status = read(parts, STATUS, totemId, payload);
      if (status === null) return;
      const isCurrent = await store.noteStatus(totemId, status.online, status.startCount, nowMs());
      log.info("totem-status", { totem: totemId, online: status.online, isCurrent });
      return;
    }
    case "health": {
      const health = read(parts, HEALTH, totemId, payload);
      if (health !== null) await store.noteHealth(totemId, health, nowMs());
      return;
    }
    case "reply": {
      const reply = read(parts, REPLY, totemId, payload);
      if (reply !== null) log.info("totem-reply", { totem: totemId, ...reply });
      return;
    }
  }
}

/** A malformed message that is no batch carries no vote: it is logged with where it broke, and dropped. */
function read<T>(parts: InboxParts, shape: Shape<T>, totemId: string, payload: Buffer): T | null {
  const fail = (where: string, expected: string) => {
    parts.log.warn("uplink-malformed", { totem: totemId, shape: shape.name, where, expected });
    return null;
  };
  if (payload.length > MESSAGE_BYTES_MAX) return fail("/", `at most ${MESSAGE_BYTES_MAX} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(payload.toString("utf8"));
  } catch {
    return fail("/", "JSON");
  }
  const parsed = shape.parse(value);
  return parsed.ok ? parsed.value : fail(parsed.problem.where, parsed.problem.expected);
}
