/**
 * The files of the page that checks a proof, as a browser takes them: our sources with their types blanked out and the library's, each import led
 * to the file beside it. Nothing is built; what is served is what was reviewed.
 */
import { readFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join, posix } from "node:path";
import { VERIFY_PAGES, verifyPage } from "./verify-page.ts";

export type ServedFile = { readonly type: string; readonly text: string };

/** Where the page's own sources lie. */
const SOURCES = join(import.meta.dirname, "verify");
const PACKAGES = ["@noble/curves", "@noble/hashes"] as const;
/** Files of ours and of two packages; more would mean that an import leads where it should not. */
const FILES_MAX = 60;

/** All files by their name below the page's folder. */
export function verifyFiles(): ReadonlyMap<string, ServedFile> {
  const files = new Map<string, ServedFile>();
  for (const [language, name] of Object.entries(VERIFY_PAGES) as ["it" | "en", string][]) {
    files.set(name, { type: "text/html", text: verifyPage(language) });
  }
  for (const name of ["page.css", "verify.css"]) {
    files.set(name, { type: "text/css", text: readFileSync(join(import.meta.dirname, name), "utf8") });
  }
  addModules(files, ["page.js", "worker.js"]);
  return files;
}

/** Adds modules and everything they import. */
function addModules(files: Map<string, ServedFile>, names: readonly string[]): void {
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (files.has(name)) continue;
    if (files.size >= FILES_MAX) throw new Error(`the page would have more than ${FILES_MAX} files`);
    const { text, imports } = led(sourceOf(name), name);
    files.set(name, { type: "text/javascript", text });
    waiting.push(...imports);
  }
}

/** A module's text with every import led to the file beside it. */
function led(source: string, name: string): { readonly text: string; readonly imports: readonly string[] } {
  const imports: string[] = [];
  const text = source.replace(
    /^((?:import\s+(?:[\w*\s{},]+\sfrom\s+)?|export\s+[\w*\s{},]+\sfrom\s+))(["'])([^"'\n]+)\2/gm,
    (_, before: string, quote: string, to: string) => {
      const target = placeOf(to, name);
      imports.push(target);
      const relative = posix.relative(posix.dirname(name), target);
      return `${before}${quote}${relative.startsWith(".") ? relative : `./${relative}`}${quote}`;
    },
  );
  return { text, imports };
}

/** The file an import means, below the page's folder. */
function placeOf(to: string, from: string): string {
  if (to.startsWith(".")) return posix.join(posix.dirname(from), to).replace(/\.ts$/, ".js");
  const name = PACKAGES.find((one) => to.startsWith(`${one}/`));
  if (name === undefined) throw new Error(`${from} imports ${to}, which no browser has`);
  return `lib/${to}`;
}

function sourceOf(name: string): string {
  if (name.startsWith("lib/")) {
    const path = name.slice("lib/".length);
    const owner = PACKAGES.find((one) => path.startsWith(`${one}/`)) ?? "";
    return readFileSync(join(packageFolder(owner), path.slice(owner.length)), "utf8");
  }
  return stripTypeScriptTypes(readFileSync(join(SOURCES, name.replace(/\.js$/, ".ts")), "utf8"));
}

function packageFolder(name: string): string {
  // Of what both packages let others see.
  return dirname(createRequire(import.meta.url).resolve(`${name}/utils.js`));
}
