/**
 * Says every totem its site's settings, signed and versioned, and answers its hello: receipts it missed, orders to send
 * again, storage alarms. Knows no MQTT: it is handed a way to send.
 */
import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import type { Canonical } from "#schemas/canonical.ts";
import { canonicalText } from "#schemas/canonical.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { Hello } from "#schemas/messages.ts";
import { type SigningKey, signMessage } from "#schemas/signature.ts";
import type { Downlink } from "#schemas/topics.ts";
import type { Directory } from "../directory.ts";
import type { Ingestor } from "../ingest/ingestor.ts";
import type { Log } from "../log.ts";
import type { Store, TotemRecord } from "../store/store.ts";
import { checkHello, missingPredecessors, type Resend, STORAGE_ALARMS } from "./storage-checks.ts";
import { siteSettingsFor } from "./totem-settings-message.ts";

export type AnnouncerParts = {
  readonly settings: GatewaySettings;
  readonly directory: Directory;
  readonly store: Store;
  readonly key: SigningKey;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly ingestor: Pick<Ingestor, "sendWatermarks">;
  readonly send: (totemId: string, kind: Downlink, message: object) => void;
  /** False while nothing that is sent would be heard. */
  readonly isHeard: () => boolean;
};

export type Announcer = {
  /** Says all totems their settings anew: after each connection to the broker. */
  readonly announceAll: () => Promise<void>;
  /** Answers a totem that has just connected. */
  readonly greet: (totemId: string, hello: Hello) => Promise<void>;
  /** An epoch's first entry was stored: asks for what its predecessor lacks here. */
  readonly opened: (totemId: string) => Promise<void>;
};

export function openAnnouncer(parts: AnnouncerParts): Announcer {
  /** Epochs each totem said it holds open: those it sends by itself. */
  const open = new Map<string, ReadonlySet<string>>();
  /** Asked for since the totem's last hello, so that one gap is asked for once. */
  const asked = new Map<string, Set<string>>();

  const resend = async (totemId: string, resends: readonly Resend[]) => {
    const known = asked.get(totemId) ?? new Set<string>();
    asked.set(totemId, known);
    for (const { epoch, from } of resends) {
      if (known.has(`${epoch}/${from}`)) continue;
      known.add(`${epoch}/${from}`);
      const number = await parts.store.nextCommandNumber(totemId);
      parts.log.info("resend-asked", { totem: totemId, epoch, from });
      const command = { totemId, number, kind: "resend", epoch, from };
      parts.send(totemId, "command", signMessage("command", command, parts.key));
    }
  };

  return {
    announceAll: async () => {
      const totems = await parts.store.totems();
      for (const totem of totems) {
        // The next session begins anew.
        if (!parts.isHeard()) return;
        await announce(parts, totem, totems);
        // The settings of a thousand totems in one breath would keep everybody else waiting for a second, and leave tens
        // of MB of garbage behind.
        await turn();
      }
    },
    greet: async (totemId, hello) => {
      const told = hello.current === null ? hello.open : [...hello.open, hello.current];
      open.set(totemId, new Set(told.map(({ epoch }) => epoch)));
      asked.delete(totemId);
      const known = await parts.store.knownEpochs(totemId);
      const check = checkHello(hello, known);
      await noteAlarms(parts, totemId, check.alarms);
      // What the totem missed of our receipts while it was away.
      await parts.ingestor.sendWatermarks(totemId, [...(open.get(totemId) ?? [])]);
      await resend(totemId, check.resends);
    },
    opened: async (totemId) => {
      const known = await parts.store.knownEpochs(totemId);
      await resend(totemId, missingPredecessors(known, open.get(totemId) ?? new Set()));
    },
  };
}

async function announce(
  parts: AnnouncerParts,
  totem: TotemRecord,
  totems: readonly TotemRecord[],
): Promise<void> {
  const site = parts.directory.site(totem.siteId);
  if (site === undefined) {
    return parts.log.error("site-unknown", { totem: totem.totemId, site: totem.siteId });
  }
  const body = siteSettingsFor(
    ...([totem, site, parts.settings, await parts.store.issuerKeys(), parts.nowMs(), totems] as const),
  );
  const sha256 = createHash("sha256")
    .update(canonicalText(body as unknown as Canonical))
    .digest("hex");
  const version = await parts.store.settingsVersion(totem.totemId, sha256, parts.nowMs());
  const message = signMessage("settings", { ...body, version } as never, parts.key);
  parts.send(totem.totemId, "settings", message);
}

/** Raises what the hello showed and clears what it no longer shows. */
async function noteAlarms(
  { store, log, nowMs }: AnnouncerParts,
  totemId: string,
  alarms: ReturnType<typeof checkHello>["alarms"],
): Promise<void> {
  for (const { code, detail } of alarms) {
    log.warn("storage-alarm", { totem: totemId, code, detail });
    await store.raiseAlarm(code, totemId, detail, nowMs());
  }
  for (const code of STORAGE_ALARMS) {
    if (!alarms.some((alarm) => alarm.code === code)) await store.clearAlarm(code, totemId, nowMs());
  }
}
