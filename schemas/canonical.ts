/**
 * The canonical form that is hashed and signed: RFC 8785 (JCS) restricted to whole numbers, texts, booleans and null.
 * Fractions are refused because their decimal form is where implementations differ; so are texts with a lone
 * surrogate, which UTF-8 cannot carry.
 */

export type Canonical =
  | null
  | boolean
  | number
  | string
  | readonly Canonical[]
  | { readonly [key: string]: Canonical | undefined };

/** Deeper nesting than any message of ours has; a bound so that hostile input cannot exhaust the stack. */
const DEPTH_MAX = 16;

/**
 * The canonical text of a value. Fields whose value is `undefined` are left out, as JSON does.
 * @throws RangeError when the value holds a fraction, an unsafe number, a lone surrogate or is nested too deep.
 */
export function canonicalText(value: Canonical): string {
  return write(value, 0);
}

/** The canonical text of a value that comes from outside, or null when it has none. */
export function canonicalTextIfAny(value: Canonical): string | null {
  try {
    return write(value, 0);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The canonical bytes: the canonical text in UTF-8. */
export function canonicalBytes(value: Canonical): Buffer {
  return Buffer.from(canonicalText(value), "utf8");
}

function write(value: Canonical, depth: number): string {
  switch (typeof value) {
    case "string":
      return writeText(value);
    case "number":
      if (!Number.isSafeInteger(value)) throw new RangeError("canonical form holds whole numbers only");
      return Object.is(value, -0) ? "0" : String(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (depth >= DEPTH_MAX) throw new RangeError("canonical form is nested too deep");
      if (value === null) return "null";
      return isList(value) ? writeList(value, depth) : writeRecord(value, depth);
    default:
      throw new RangeError(`canonical form cannot hold a ${typeof value}`);
  }
}

function isList(value: object): value is readonly Canonical[] {
  return Array.isArray(value);
}

function writeText(value: string): string {
  if (!value.isWellFormed()) throw new RangeError("canonical form cannot hold a lone surrogate");
  // ECMAScript's escaping of strings is the one RFC 8785 section 3.2.2.2 prescribes.
  return JSON.stringify(value);
}

function writeList(items: readonly Canonical[], depth: number): string {
  let out = "[";
  for (let i = 0; i < items.length; i++) {
    if (i > 0) out += ",";
    out += write(items[i] as Canonical, depth + 1);
  }
  return `${out}]`;
}

function writeRecord(record: { readonly [key: string]: Canonical | undefined }, depth: number): string {
  let out = "{";
  // Array.sort compares UTF-16 units, which is the order RFC 8785 section 3.2.3 asks for.
  for (const key of Object.keys(record).sort()) {
    const value = record[key];
    if (value === undefined) continue;
    if (out.length > 1) out += ",";
    out += `${writeText(key)}:${write(value, depth + 1)}`;
  }
  return `${out}}`;
}
