/**
 * Reads a settings file and the environment into a checked value (CONTRACT section 6): defaults, then the YAML file,
 * then `FACCINE_...` variables. Every problem says the name, the value and what was expected; nothing is guessed.
 * Pure: the file's text and the environment are passed in.
 */
import { LineCounter, parseDocument, parse as parseYaml } from "yaml";
import { fail, ok, type Result } from "./result.ts";
import type { Shape, TSchema } from "./shape.ts";

/** One thing wrong with the settings, in words a technician can act on. */
export type SettingsProblem = { readonly name: string; readonly value: string; readonly expected: string };

type Tree = { [key: string]: unknown };
type Node = TSchema & { properties?: Record<string, Node>; type?: string; anyOf?: Node[]; enum?: unknown };

/** Longest settings file read: a thousand offices with all their services stay below it. */
export const SETTINGS_FILE_BYTES_MAX = 4_194_304;

/** Longest value repeated in a message. */
const SHOWN_VALUE_MAX = 60;

/** The settings of one program, or everything that is wrong with them. */
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
  for (const leaf of leavesOf(source.shape.schema as Node)) {
    const text = source.env[envName(leaf.path)];
    // An empty variable is an unset one: that is how shells and container files switch a value off.
    if (text === undefined || text === "") continue;
    setAt(merged, leaf.path, leaf.isText ? text : readScalar(text));
    fromEnv.push(leaf.path.join("."));
  }
  const parsed = source.shape.parse(merged);
  if (parsed.ok) return parsed;
  const path = parsed.problem.where.split("/").filter((part) => part !== "");
  const dotted = path.join(".");
  const name = fromEnv.includes(dotted) ? envName(path) : dotted || "the settings file";
  return fail([{ name, value: shown(valueAt(merged, path)), expected: parsed.problem.expected }]);
}

/** The environment variable of a setting: `http.tlsCert` is `FACCINE_HTTP_TLS_CERT`. */
export function envName(path: readonly string[]): string {
  return `FACCINE_${path.map((part) => part.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()).join("_")}`;
}

/** Every environment variable a shape's settings can come from. */
export function envNames(schema: TSchema): readonly string[] {
  return leavesOf(schema as Node).map((leaf) => envName(leaf.path));
}

/** A problem as one line for the terminal. */
export function problemLine(problem: SettingsProblem): string {
  return `${problem.name} = ${problem.value}: ${problem.expected}`;
}

function readYaml(text: string): Result<Tree, readonly SettingsProblem[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    return fail([{ name: `the settings file, line ${line}`, value: "not YAML", expected: error.code }]);
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  if (typeof value !== "object" || Array.isArray(value)) {
    return fail([
      { name: "the settings file", value: shown(value), expected: "must be a list of `name: value`" },
    ]);
  }
  return ok(value as Tree);
}

function readScalar(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 0 });
  } catch {
    return text;
  }
}

function leavesOf(node: Node, path: readonly string[] = []): { path: readonly string[]; isText: boolean }[] {
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
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  // An address with a password in it is the one secret a settings file can hold by mistake.
  const safe = text.replace(/\/\/[^@\s]*@/g, "//…@");
  return safe.length > SHOWN_VALUE_MAX ? `${safe.slice(0, SHOWN_VALUE_MAX)}…` : safe;
}
