/**
 * Writes what is generated from the source, as `generators.ts` lists it: schemas, drawings, tables, overlays. With
 * `--check` it writes nothing, names each file that differs and fails.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { GENERATORS, generatedFiles } from "./generators.ts";

/** What is wrong with a generated file on the disk. */
export type Drift = { readonly path: string; readonly what: "missing" | "differs" | "no longer generated" };

const HELP = `Usage: npm run generate [-- --check]

Writes the files that are generated from the source: ${GENERATORS.map(({ folder }) => folder).join(", ")}.
  --check        write nothing; name the files that differ and fail
  --root FOLDER  another copy of the project
  --help         this text
`;

/** How the files below `root` differ from what the source says. */
export function driftIn(root: string): readonly Drift[] {
  const files = generatedFiles();
  const changed = files.flatMap(({ path, text }): readonly Drift[] => {
    const found = textOf(join(root, path));
    if (found === text) return [];
    return [{ path, what: found === null ? "missing" : "differs" }];
  });
  const expected = new Set(files.map(({ path }) => path));
  const folders = [...new Set(GENERATORS.map(({ folder }) => folder))];
  const stale = folders.flatMap((folder) =>
    filesIn(join(root, folder))
      .map((name) => `${folder}/${name}`)
      .filter((path) => !expected.has(path)),
  );
  return [...changed, ...stale.map((path): Drift => ({ path, what: "no longer generated" }))];
}

/** Brings the files below `root` up to date; returns what was changed. */
export function generate(root: string): readonly Drift[] {
  const drift = driftIn(root);
  const texts = new Map(generatedFiles().map(({ path, text }) => [path, text]));
  for (const { path } of drift) {
    const text = texts.get(path);
    const file = join(root, path);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  return drift;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The command line. @throws with what is wrong with it. */
function readOptions() {
  return parseArgs({
    options: {
      check: { type: "boolean", default: false },
      root: { type: "string", default: join(dirname(fileURLToPath(import.meta.url)), "..") },
      help: { type: "boolean", default: false },
    },
  }).values;
}

function main(): number {
  const values = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const drift = values.check ? driftIn(values.root) : generate(values.root);
  const total = generatedFiles().length;
  if (drift.length === 0) {
    console.log(`${total} generated files are up to date.`);
    return 0;
  }
  for (const { path, what } of drift) console.log(`${path}: ${values.check ? what : `${what}, now written`}`);
  if (!values.check) return 0;
  console.log(`${drift.length} generated files are not what the source says: run \`npm run generate\`.`);
  return 1;
}

if (import.meta.main) {
  try {
    process.exitCode = main();
  } catch (error) {
    console.error(`generate: ${(error as Error).message}`);
    process.exitCode = 2;
  }
}
