/**
 * The printed receipts somebody holds in hand, newest first: enough to show one twice or two together. Pure.
 */

export type HeldReceipt = { readonly number: number; readonly code: string; readonly service: string };

/** More than a hand holds, few enough to see all on a phone. */
export const RECEIPTS_MAX = 3;

/** With one more, the oldest dropped when the hand is full. */
export function withReceipt(
  held: readonly HeldReceipt[],
  printed: Omit<HeldReceipt, "number">,
): readonly HeldReceipt[] {
  const number = (held[0]?.number ?? 0) + 1;
  return [{ ...printed, number }, ...held].slice(0, RECEIPTS_MAX);
}

/** What a page kept of itself over a reload; anything else is an empty hand. */
export function receiptsFrom(kept: string | null): readonly HeldReceipt[] {
  try {
    const value: unknown = JSON.parse(kept ?? "[]");
    return Array.isArray(value) && value.every(isReceipt) ? value.slice(0, RECEIPTS_MAX) : [];
  } catch {
    return [];
  }
}

function isReceipt(value: unknown): value is HeldReceipt {
  const { number, code, service } = (value ?? {}) as Partial<HeldReceipt>;
  return Number.isSafeInteger(number) && typeof code === "string" && typeof service === "string";
}
