/**
 * The canonical text of a value that has just come out of `JSON.parse`. Totems send canonical JSON, so most values only
 * need a look whether they are in order, which is several times faster than writing them anew: this is half of what
 * verifying a batch costs.
 */
import { type Canonical, canonicalTextIfAny } from "#schemas/canonical.ts";

/** Deeper values are written the slow way; entries are nested four deep. */
const DEPTH_MAX = 8;

/** The canonical text, or null when the value has none. */
export function receivedText(value: unknown): string | null {
  return isInOrder(value, 0) ? JSON.stringify(value) : canonicalTextIfAny(value as Canonical);
}

/** True when `JSON.stringify` writes exactly the canonical form: keys sorted, whole numbers, no lone surrogates. */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return Number.isSafeInteger(value);
    case "boolean":
      return true;
    case "object":
      if (value === null) return true;
      if (depth >= DEPTH_MAX) return false;
      return Array.isArray(value)
        ? value.every((item) => isInOrder(item, depth + 1))
        : isRecordInOrder(value, depth);
    default:
      return false;
  }
}

function isRecordInOrder(record: object, depth: number): boolean {
  let before: string | null = null;
  for (const key of Object.keys(record)) {
    if ((before !== null && key <= before) || !key.isWellFormed()) return false;
    before = key;
    if (!isInOrder((record as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}
