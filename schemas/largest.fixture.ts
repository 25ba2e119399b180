/**
 * The largest value a schema lets pass, and values that go one over each of its limits: what shows that limits fit
 * together and that each of them holds.
 */
import type { SchemaNode } from "./shape-problem.ts";

/** The most bytes one character takes in JSON: a control character, written as an escape. */
const LONGEST_CHARACTER = "\u0001";

/** Characters from which a text of the greatest length is tried against a pattern; the one that JSON doubles first. */
const PATTERN_CHARACTERS = ["\\", "f", "0", "A"];

/** The value of a schema whose JSON is longest. */
export function largestOf(node: SchemaNode): unknown {
  if (node.anyOf !== undefined) return longest(node.anyOf.map(largestOf));
  if (node.enum !== undefined) return longest(node.enum);
  if (node.const !== undefined) return node.const;
  switch (node.type) {
    case "null":
      return null;
    case "boolean":
      return false;
    case "integer":
      return longest([node.minimum, node.maximum]);
    case "string":
      return longestText(node);
    case "array":
      return Array.from({ length: node.maxItems ?? 0 }, () => largestOf(node.items ?? {}));
    case "object":
      return Object.fromEntries(
        Object.entries(node.properties ?? {}).map(([name, field]) => [name, largestOf(field)]),
      );
    default:
      return null;
  }
}

/** A change of a good value that breaks one written limit. */
export type OneOver = { readonly where: string; readonly limit: string; readonly value: unknown };

/** For every limit that a good value meets on its way through a schema: the same value, one over it. */
export function oneOverEach(node: SchemaNode, good: unknown): readonly OneOver[] {
  return breaks(node, good, "").map(({ where, limit, value }) => ({ where: where || "/", limit, value }));
}

function breaks(node: SchemaNode, good: unknown, where: string): readonly OneOver[] {
  if (node.anyOf !== undefined) {
    const form = node.anyOf.find((option) => isForm(option, good));
    return good === null || form === undefined ? [] : breaks(form, good, where);
  }
  if (node.enum !== undefined) return [{ where, limit: "enum", value: "none of these" }];
  switch (node.type) {
    case "integer":
      return [
        { where, limit: "minimum", value: (node.minimum ?? 0) - 1 },
        { where, limit: "maximum", value: (node.maximum ?? 0) + 1 },
        { where, limit: "fraction", value: (node.minimum ?? 0) + 0.5 },
      ];
    case "string":
      return node.maxLength === undefined
        ? []
        : [
            {
              where,
              limit: "maxLength",
              value: longestText(node) + (node.pattern === undefined ? "x" : "f"),
            },
          ];
    case "array":
      return listBreaks(node, good as readonly unknown[], where);
    case "object":
      return recordBreaks(node, good as Readonly<Record<string, unknown>>, where);
    default:
      return [];
  }
}

/** Which of several forms a good value has: the only one of its type, or the record of its kind. */
function isForm({ type, properties }: SchemaNode, good: unknown): boolean {
  if (type === "null") return good === null;
  if (type === "array" || type === "object") {
    const kind = properties?.["kind"]?.const;
    const isSameKind = kind === undefined || kind === (good as { kind?: unknown } | null)?.kind;
    return (type === "array") === Array.isArray(good) && isSameKind;
  }
  return good !== null;
}

function listBreaks(node: SchemaNode, good: readonly unknown[], where: string): readonly OneOver[] {
  const item = good[0] ?? largestOf(node.items ?? {});
  const over = Array.from({ length: (node.maxItems ?? 0) + 1 }, () => item);
  const inner = good.flatMap((one, index) =>
    breaks(node.items ?? {}, one, `${where}/${index}`).map((broken) => ({
      ...broken,
      value: good.map((each, at) => (at === index ? broken.value : each)),
    })),
  );
  return [{ where, limit: "maxItems", value: over }, ...inner];
}

function recordBreaks(
  node: SchemaNode,
  good: Readonly<Record<string, unknown>>,
  where: string,
): readonly OneOver[] {
  const missing = (node.required ?? []).map((name) => {
    const { [name]: _, ...rest } = good;
    return { where: `${where}/${name}`, limit: "required", value: rest };
  });
  const inner = Object.entries(node.properties ?? {}).flatMap(([name, field]) =>
    good[name] === undefined
      ? []
      : breaks(field, good[name], `${where}/${name}`).map((broken) => ({
          ...broken,
          value: { ...good, [name]: broken.value },
        })),
  );
  return [{ where, limit: "unknown field", value: { ...good, unheard: 1 } }, ...missing, ...inner];
}

function longestText({ maxLength = 0, pattern }: SchemaNode): string {
  if (pattern === undefined) return LONGEST_CHARACTER.repeat(maxLength);
  const fits = PATTERN_CHARACTERS.map((char) => char.repeat(maxLength)).find((text) =>
    new RegExp(pattern).test(text),
  );
  return fits ?? "2026-12-31".slice(0, maxLength);
}

function longest(values: readonly unknown[]): unknown {
  const length = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? "");
  return values.reduce((so, value) => (length(value) > length(so) ? value : so));
}
