/**
 * Reads what comes down from the gateway: size, JSON, shape, signature and addressee, in this order. Pure; what fails
 * is named and goes no further. The broker is a dumb pipe: nothing is believed because of the topic it came on.
 */
import type { KeyObject } from "node:crypto";
import type { Canonical } from "#schemas/canonical.ts";
import { PACKET_BYTES_MAX } from "#schemas/limits.ts";
import { isLocalDay, isWholeHourZone } from "#schemas/local-day.ts";
import {
  COMMAND,
  type Command,
  DAY_KEYS,
  type DayKeys,
  RECEIPT,
  type Receipt,
  SETTINGS,
  type SiteSettings,
  SPENT,
  type Spent,
} from "#schemas/messages.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import type { Shape } from "#schemas/shape.ts";
import { isMessageGood, type SignedType } from "#schemas/signature.ts";

/** Largest downlink read: as large as a packet can be, in which the settings of the largest site have room. */
export const DOWNLINK_BYTES_MAX = PACKET_BYTES_MAX;

export type DownlinkProblem = "too-long" | "not-json" | "wrong-shape" | "bad-signature" | "not-for-us";

type SignedMessage = { readonly [key: string]: Canonical | undefined; readonly signature: string };

/** A receipt; its epoch, a random id of ours, is what addresses it. */
export function readReceipt(payload: Buffer, gatewayKey: KeyObject): Result<Receipt, DownlinkProblem> {
  return read(payload, RECEIPT, "receipt", gatewayKey);
}

/** The site's settings for this totem. */
export function readSettingsMessage(
  payload: Buffer,
  gatewayKey: KeyObject,
  totemId: string,
): Result<SiteSettings, DownlinkProblem> {
  const settings = addressed(read(payload, SETTINGS, "settings", gatewayKey), totemId);
  // A zone this totem's calendar does not know would fail at every scan.
  return settings.ok && !isWholeHourZone(settings.value.zone) ? fail("wrong-shape") : settings;
}

/** A command to this totem. */
export function readCommand(
  payload: Buffer,
  gatewayKey: KeyObject,
  totemId: string,
): Result<Command, DownlinkProblem> {
  return addressed(read(payload, COMMAND, "command", gatewayKey), totemId);
}

/** Day keys for this totem, still sealed. */
export function readDayKeys(
  payload: Buffer,
  gatewayKey: KeyObject,
  totemId: string,
): Result<DayKeys, DownlinkProblem> {
  const keys = addressed(read(payload, DAY_KEYS, "keys", gatewayKey), totemId);
  return keys.ok && !isLocalDay(keys.value.day) ? fail("wrong-shape") : keys;
}

/** Marks that another totem of the site has taken. @param siblingKey its journal key, from the settings. */
export function readSpent(payload: Buffer, siblingKey: KeyObject): Result<Spent, DownlinkProblem> {
  return read(payload, SPENT, "spent", siblingKey);
}

function read<T extends object>(
  payload: Buffer,
  shape: Shape<T>,
  type: SignedType,
  key: KeyObject,
): Result<T, DownlinkProblem> {
  if (payload.length > DOWNLINK_BYTES_MAX) return fail("too-long");
  let value: unknown;
  try {
    value = JSON.parse(payload.toString("utf8"));
  } catch {
    return fail("not-json");
  }
  const parsed = shape.parse(value);
  if (!parsed.ok) return fail("wrong-shape");
  return isSigned(type, value as SignedMessage, key) ? ok(parsed.value) : fail("bad-signature");
}

/** What has no canonical form, a text with half a character say, cannot have been signed. */
function isSigned(type: SignedType, message: SignedMessage, key: KeyObject): boolean {
  try {
    return isMessageGood(type, message, key);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function addressed<T extends { readonly totemId: string }>(
  message: Result<T, DownlinkProblem>,
  totemId: string,
): Result<T, DownlinkProblem> {
  return message.ok && message.value.totemId !== totemId ? fail("not-for-us") : message;
}
