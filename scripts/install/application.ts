/**
 * The application as it is copied to a machine: our own files without tests, and the packages that are not for development.
 * Every release is named by its content and never changed: another content is another release beside it.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** What a totem or a gateway runs, and the command `faccine`; what else lies in a clone is not theirs. */
const OWN = [
  "package.json",
  "package-lock.json",
  "LICENSE",
  "firmware",
  "gateway",
  "hardware",
  "schemas",
  "scripts",
];
const NOT_INSTALLED = /\.(test|suite|fixture)\.ts$|^scripts\/(bench|check|kills|lab|end-to-end)\//;
const NODE_LINK = "node_modules/.bin/node";
/** npm's list of what it installed: with it, a machine can install what it runs on another one. */
const PACKAGE_LIST = "node_modules/.package-lock.json";
/** As many hexadecimal digits as tell a machine's few releases apart. */
const DIGEST_DIGITS = 8;
export const RELEASE_NAME = /^\d+\.\d+\.\d+[\w.]*-[0-9a-f]{8}$/;

type Package = { readonly dev?: boolean; readonly link?: boolean; readonly version?: string };

export type Application = {
  /** Our own files, relative to the source, in order. */
  readonly own: readonly string[];
  /** Folders or links of packages, relative to the source. */
  readonly packages: readonly string[];
  readonly release: string;
  /** Why it cannot be copied as it is, or null. */
  readonly problem: string | null;
};

/** Looks at a clone or an unpacked release. */
export function readApplication(source: string): Application {
  const own = OWN.flatMap((name) => filesBelow(source, name)).filter((path) => !NOT_INSTALLED.test(path));
  const listFile = join(source, PACKAGE_LIST);
  const list = existsSync(listFile) ? (JSON.parse(readFileSync(listFile, "utf8")) as PackageList) : null;
  const wanted = Object.entries(list?.packages ?? {}).filter(([, { dev }]) => dev !== true);
  const packages = wanted.map(([path]) => path).toSorted();
  const missing = [...packages, NODE_LINK].find((path) => !existsSync(join(source, path)));
  const digest = createHash("sha256").update(JSON.stringify(wanted.toSorted()));
  for (const path of own) digest.update(`\0${path}\0`).update(readFileSync(join(source, path)));
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
  return {
    own,
    packages,
    release: `${version}-${digest.digest("hex").slice(0, DIGEST_DIGITS)}`,
    problem:
      list === null || missing !== undefined
        ? `${source} lacks ${list === null ? "its packages" : missing}: run \`npm ci --omit=dev --ignore-scripts\` there first`
        : null,
  };
}

type PackageList = { readonly packages: Readonly<Record<string, Package>> };

/** Copies it; every file is readable by all and written by its owner only, however narrow the source was. */
export function copyApplication(source: string, application: Application, target: string): void {
  mkdirSync(target, { recursive: true, mode: 0o755 });
  for (const path of [...application.own, ...application.packages, NODE_LINK, PACKAGE_LIST]) {
    mkdirSync(dirname(join(target, path)), { recursive: true, mode: 0o755 });
    copy(join(source, path), join(target, path));
  }
}

function copy(from: string, to: string): void {
  const found = lstatSync(from);
  if (found.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    return;
  }
  if (!found.isDirectory()) {
    copyFileSync(from, to);
    chmodSync(to, (found.mode & 0o111) === 0 ? 0o644 : 0o755);
    return;
  }
  mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const name of readdirSync(from)) {
    // Packages inside packages are on the list themselves.
    if (name !== "node_modules") copy(join(from, name), join(to, name));
  }
}

/** All files below a name, itself when it is one; hidden ones are nobody's. In an order that is the same everywhere. */
export function filesBelow(root: string, name: string): readonly string[] {
  const found = lstatSync(join(root, name), { throwIfNoEntry: false });
  if (found === undefined || found.isSymbolicLink()) return [];
  if (!found.isDirectory()) return [name];
  return readdirSync(join(root, name))
    .filter((entry) => !entry.startsWith(".") && entry !== "node_modules")
    .toSorted()
    .flatMap((entry) => filesBelow(root, join(name, entry)));
}
