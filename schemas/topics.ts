/**
 * MQTT topic names, built and read in one place, and who may use which.
 */
import { isId } from "./ids.ts";

const ROOT = "faccine/v1";

/** What a totem sends. */
export const UPLINKS = ["hello", "entries", "status", "health", "readiness", "reply"] as const;
export type Uplink = (typeof UPLINKS)[number];

/** What the gateway sends to one totem. */
export const DOWNLINKS = ["receipt", "settings", "keys", "command"] as const;
export type Downlink = (typeof DOWNLINKS)[number];

/** The topic of a totem's message of one kind. */
export function totemTopic(totemId: string, kind: Uplink | Downlink): string {
  return `${ROOT}/totem/${totemId}/${kind}`;
}

/** The topic a totem tells its spent marks on; `+` as totem id is the filter for all totems of the site. */
export function spentTopic(siteId: string, totemId: string): string {
  return `${ROOT}/site/${siteId}/spent/${totemId}`;
}

/** The filter the gateway subscribes to for one kind of uplink of all totems. */
export function uplinkFilter(kind: Uplink): string {
  return totemTopic("+", kind);
}

/** The totem and kind an uplink's topic names, or null for any other topic. */
export function parseUplink(topic: string): { readonly totemId: string; readonly kind: Uplink } | null {
  const [faccine, version, scope, totemId, kind, ...rest] = topic.split("/");
  if (`${faccine}/${version}` !== ROOT || scope !== "totem" || rest.length > 0) return null;
  const uplink = UPLINKS.find((u) => u === kind);
  return totemId !== undefined && isId(totemId) && uplink !== undefined ? { totemId, kind: uplink } : null;
}

/** The totem whose spent marks a topic of this site holds, or null for any other topic. */
export function parseSpent(siteId: string, topic: string): string | null {
  const totemId = topic.split("/").at(-1) ?? "";
  return isId(totemId) && topic === spentTopic(siteId, totemId) ? totemId : null;
}

/** True when a totem may publish on this topic: only its own uplinks and its own spent marks. */
export function mayPublish(totemId: string, siteId: string, topic: string): boolean {
  // An "id" with a wildcard in it would make these topics filters for everybody's.
  if (!isId(totemId) || !isId(siteId)) return false;
  return topic === spentTopic(siteId, totemId) || UPLINKS.some((kind) => topic === totemTopic(totemId, kind));
}

/** True when a totem may subscribe to this filter: only its own downlinks and its site's spent marks. */
export function maySubscribe(totemId: string, siteId: string, filter: string): boolean {
  if (!isId(totemId) || !isId(siteId)) return false;
  return filter === spentTopic(siteId, "+") || DOWNLINKS.some((kind) => filter === totemTopic(totemId, kind));
}

/** Topics whose last message the broker keeps: only these may be published retained. */
export function isRetained(kind: Uplink | Downlink): boolean {
  return kind === "status" || kind === "settings";
}
