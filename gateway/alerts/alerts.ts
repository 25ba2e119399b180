/**
 * Tells people of alarms: looks every minute what stands, writes down what is to be told, and tries until it went. What failed is in the log
 * and stays to be tried; an alarm that is told keeps its message, whatever becomes of the alarm.
 */

import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { Directory } from "../directory.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { noteFleet } from "./note-fleet.ts";
import { againMs, MESSAGES_AT_ONCE, messagesOf } from "./plan.ts";
import { openSenders, type Send } from "./senders.ts";

export type AlertParts = {
  readonly settings: GatewaySettings;
  readonly store: Store;
  readonly directory: Directory;
  readonly log: Log;
  readonly nowMs: () => number;
};

export type Alerts = { readonly close: () => Promise<void> };

export function startAlerts(parts: AlertParts): Alerts {
  const senders = openSenders(parts.settings.alerts);
  let running: Promise<void> | null = null;
  const look = () => {
    running ??= tellAlarms(parts, senders)
      .catch((error: Error) => parts.log.error("alerts-failed", { message: error.message }))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(look, MINUTE_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** One look: how the totems are, new messages, and those that are due. */
export async function tellAlarms(
  parts: AlertParts,
  senders: Readonly<Partial<Record<string, Send>>>,
): Promise<void> {
  const { settings, store, directory, nowMs } = parts;
  await noteFleet(parts);
  const zone = directory.sites[0]?.zone ?? "UTC";
  const messages = messagesOf(await store.alarms(), settings, { nowMs: nowMs(), zone });
  let news = 0;
  for (const message of messages) {
    if (news >= MESSAGES_AT_ONCE) break;
    if (await store.queueDelivery(message)) news += 1;
  }
  await sendDue(parts, senders);
}

async function sendDue(
  { store, log, nowMs }: AlertParts,
  senders: Readonly<Partial<Record<string, Send>>>,
): Promise<void> {
  for (const message of await store.dueDeliveries(nowMs(), MESSAGES_AT_ONCE)) {
    const { no, channel, key, tries } = message;
    const send = senders[channel];
    try {
      if (send === undefined) throw new Error(`there is no ${channel} in the settings any more`);
      await send(message);
      await store.noteDelivered(no, nowMs());
      log.info("alert-sent", { channel, about: key });
    } catch (error) {
      const nextMs = againMs(tries + 1, nowMs());
      await store.noteUndelivered(no, (error as Error).message, nextMs);
      log.warn("alert-not-sent", {
        channel,
        about: key,
        message: (error as Error).message,
        again: nextMs !== null,
      });
    }
  }
}
