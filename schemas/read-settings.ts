/**
 * Reads a settings file and the environment into a checked value: defaults, then the YAML file,
 * then `FACCINE_...` variables. Every problem says the name, the value and what was expected; nothing is guessed.
 * Pure: the file's text and the environment are passed in.
 */
import { type Document, LineCounter, parseDocument, parse as parseYaml } from "yaml";
import { fail, ok, type Result } from "./result.ts";
import type { Shape, TSchema } from "./shape.ts";
import { type SchemaNode, UNKNOWN_FIELD } from "./shape-problem.ts";

/** One thing wrong with the settings, in words a technician can act on. */
export type SettingsProblem = { readonly name: string; readonly value: string; readonly expected: string };

type Tree = { [key: string]: unknown };

/** Longest settings file read: a thousand offices with all their services stay below it. */
export const SETTINGS_FILE_BYTES_MAX = 4_194_304;

/** Longest value repeated in a message. */
const SHOWN_VALUE_MAX = 60;

/** Unknown settings named at once: a file for something else altogether need not be listed whole. */
const UNKNOWN_SHOWN_MAX = 8;

/** The settings of one program, or the first few things that are wrong with them; no text and no environment throws. */
export function readSettings<T>(source: {
  readonly shape: Shape<T>;
  readonly defaults: object;
  /** The text of the YAML file; empty when there is none. */
  readonly yaml: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Result<T, readonly SettingsProblem[]> {
  const file = readYaml(source.yaml);
  if (!file.ok) return file;
  const merged = merge(merge({}, source.defaults as Tree), file.value);
  const fromEnv: string[] = [];
  for (const leaf of leavesOf(source.shape.schema as SchemaNode)) {
    const text = source.env[envName(leaf.path)];
    // An empty variable is an unset one: that is how shells and container files switch a value off.
    if (text === undefined || text === "") continue;
    setAt(merged, leaf.path, leaf.isText ? text : readScalar(text));
    fromEnv.push(leaf.path.join("."));
  }
  const parsed = source.shape.parse(merged);
  if (parsed.ok) return parsed;
  const unknown = unknownSettings(merged, source.shape.schema as SchemaNode);
  const wrong = source.shape.problems(merged).map(({ where, expected }) => {
    const path = where.split("/").filter((part) => part !== "");
    const dotted = path.join(".");
    const name = fromEnv.includes(dotted) ? envName(path) : dotted || "the settings file";
    return { name, value: shown(valueAt(merged, path)), expected };
  });
  return fail([
    ...unknown.slice(0, UNKNOWN_SHOWN_MAX),
    ...wrong.filter(({ expected }) => unknown.length === 0 || expected !== UNKNOWN_FIELD),
  ]);
}

/** The environment variable of a setting: `http.tlsCert` is `FACCINE_HTTP_TLS_CERT`. */
export function envName(path: readonly string[]): string {
  return `FACCINE_${path.map((part) => part.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()).join("_")}`;
}

/** Every environment variable a shape's settings can come from. */
export function envNames(schema: TSchema): readonly string[] {
  return leavesOf(schema as SchemaNode).map((leaf) => envName(leaf.path));
}

/** A problem as one line for the terminal. */
export function problemLine(problem: SettingsProblem): string {
  return `${problem.name} = ${problem.value}: ${problem.expected}`;
}

function readYaml(text: string): Result<Tree, readonly SettingsProblem[]> {
  const broken = (name: string, value: string, expected: string) => fail([{ name, value, expected }]);
  const bytes = Buffer.byteLength(text);
  if (bytes > SETTINGS_FILE_BYTES_MAX) {
    return broken("the settings file", `${bytes} bytes`, `must be at most ${SETTINGS_FILE_BYTES_MAX} bytes`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, logLevel: "error" });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    // The code's words, not the message: that one quotes the file.
    const words = error.code.toLowerCase().replaceAll("_", " ");
    return broken(`the settings file, line ${line}`, "not YAML", `must be valid YAML (${words})`);
  }
  const value = plainValue(document);
  if (!value.ok) return broken("the settings file", "an alias or merge", "must spell out every value");
  if (!isTree(value.value)) {
    return broken("the settings file", shown(value.value), "must be a list of `name: value`");
  }
  return ok(value.value);
}

/** The document's values; aliases and merges are refused, since a few of them can stand for gigabytes. */
function plainValue(document: Document.Parsed): Result<unknown, "alias"> {
  try {
    return ok(document.toJS({ maxAliasCount: 0 }) ?? {});
  } catch {
    return fail("alias");
  }
}

/** The values of a YAML file that is no settings file; null for one that is too long, broken or has aliases. */
export function plainYaml(text: string): unknown {
  const read = readYaml(text);
  return read.ok ? read.value : null;
}

function readScalar(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 0, logLevel: "error" });
  } catch {
    return text;
  }
}

/** Settings that no program knows, by name: most often a slip of the finger. */
function unknownSettings(
  value: unknown,
  node: SchemaNode,
  path: readonly string[] = [],
): readonly SettingsProblem[] {
  if (Array.isArray(value)) {
    const item = node.items;
    if (item === undefined) return [];
    return value.flatMap((one, index) => unknownSettings(one, item, [...path, String(index)]));
  }
  const fields = node.properties;
  if (!isTree(value) || fields === undefined) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    if (Object.hasOwn(fields, key)) return unknownSettings(below, fields[key] as SchemaNode, [...path, key]);
    const expected = `is no setting; known here: ${Object.keys(fields).join(", ")}`;
    // Nobody knows what it is: it may be a password, so it is not repeated.
    return [{ name: shown([...path, key].join(".")), value: "(not read)", expected }];
  });
}

function leavesOf(
  node: SchemaNode,
  path: readonly string[] = [],
): { path: readonly string[]; isText: boolean }[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([key, child]) => leavesOf(child, [...path, key]));
  }
  const options = node.anyOf ?? [node];
  const isText = options.some((option) => option.type === "string" || Array.isArray(option.enum));
  return [{ path, isText }];
}

function merge(base: Tree, over: Tree): Tree {
  const out: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = out[key];
    // Own keys only: a file that says `__proto__` sets a field of that name, which the shape then refuses.
    const merged = isTree(value) ? merge(isTree(below) ? below : {}, value) : value;
    Object.defineProperty(out, key, { value: merged, enumerable: true, writable: true, configurable: true });
  }
  return out;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  let at = tree;
  for (const key of path.slice(0, -1)) {
    if (!isTree(at[key])) at[key] = {};
    at = at[key] as Tree;
  }
  at[path.at(-1) as string] = value;
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], tree);
}

function shown(value: unknown): string {
  if (value === undefined) return "(not set)";
  if (isTree(value)) return "(a group of settings)";
  if (Array.isArray(value)) return `(a list of ${value.length})`;
  // A value goes to a terminal: control characters stay out of it.
  const text = String(value).replace(/\p{C}/gu, "�");
  // An address with a password in it is the one secret a settings file can hold by mistake.
  const safe = text.replace(/\/\/.*@/gs, "//…@");
  return safe.length > SHOWN_VALUE_MAX ? `${safe.slice(0, SHOWN_VALUE_MAX)}…` : safe;
}
