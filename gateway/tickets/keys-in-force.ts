/**
 * Which issuer keys count at a moment. Pure.
 */
import type { IssuerKeyRecord } from "../store/access-store.ts";

export type Purpose = IssuerKeyRecord["purpose"];

/**
 * Keys of an office that totems take at once: of live ones the present and the one before of the gateway, and another
 * program's; more would be forgotten ones. The settings message has room for these (`TICKET_KEYS_MAX`).
 */
export const KEYS_AT_ONCE: Readonly<Record<Purpose, number>> = { live: 3, test: 1 };

/** Whether totems take what is signed with it. */
export function isInForce({ endsMs }: Pick<IssuerKeyRecord, "endsMs">, atMs: number): boolean {
  return endsMs === null || atMs < endsMs;
}

/** The keys of an office that are in force, the newest last. */
export function keysInForce(
  keys: readonly IssuerKeyRecord[],
  of: { readonly officeId: string; readonly purpose: Purpose; readonly atMs: number },
): readonly IssuerKeyRecord[] {
  return keys
    .filter((key) => key.officeId === of.officeId && key.purpose === of.purpose && isInForce(key, of.atMs))
    .toSorted((one, other) => one.number - other.number);
}
