/**
 * `faccine install`: makes a totem or a gateway of this machine, or of a root file system in a folder, and takes it away again.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS } from "#schemas/gateway-settings.ts";
import { problemLine, readSettings } from "#schemas/read-settings.ts";
import { TOTEM_DEFAULTS, TOTEM_SETTINGS } from "#schemas/totem-settings.ts";
import { install, type Order, type Terminal, uninstall } from "../install/install.ts";
import { ROLES, type Role, type RoleName } from "../install/roles.ts";
import { PURGE_WORDS } from "../install/uninstall-plan.ts";
import { type Command, readArgs } from "./command.ts";

const SOURCE = dirname(dirname(import.meta.dirname));

const TERMINAL: Terminal = {
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`faccine install: ${line}\n`),
};

export const INSTALL: Command = {
  name: "install",
  summary: "make a totem or a gateway of this machine",
  help: `
faccine install [totem|gateway] [options]

Makes a totem (or a gateway) of a Raspberry Pi OS Lite or Debian machine: user and groups, the program in /opt/faccine,
the command faccine, systemd units, udev rules, boot settings and a first settings file. Can be run again at any time: what is
as it should be stays, and so do settings, votes, and files that somebody else put there; those are named. Run as root.

  --dry-run          say what would be done and do nothing
  --settings FILE    put this settings file in place, if there is none yet
  --root DIR         install into the root file system in DIR, as for an image, instead of this machine
  --uninstall        take away what was installed; votes and settings stay
  --purge            with --uninstall: votes, settings and the user go too. Cannot be undone
  --confirm WORDS    with --purge: "${PURGE_WORDS}"

Exit code: 0 all is as it should be, 1 it cannot be installed or something of somebody else's is in the way.`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      "dry-run": { type: "boolean" },
      settings: { type: "string" },
      root: { type: "string" },
      uninstall: { type: "boolean" },
      purge: { type: "boolean" },
      confirm: { type: "string" },
    });
    const role = roleOf(positionals);
    checkPurge(values);
    const order: Order = {
      role,
      source: SOURCE,
      root: values.root === undefined ? "/" : resolve(values.root),
      isDry: values["dry-run"] === true,
      givenSettings: values.settings === undefined ? null : checkedSettings(values.settings, role),
    };
    return values.uninstall === true
      ? uninstall(order, values.purge === true, TERMINAL)
      : install(order, TERMINAL);
  },
};

function roleOf(positionals: readonly string[]): Role {
  const [name = "totem", ...rest] = positionals;
  const role = ROLES[name as RoleName];
  if (rest.length > 0 || !Object.hasOwn(ROLES, name)) {
    throw new Error(`${positionals.join(" ")}: say totem or gateway; see --help`);
  }
  return role;
}

function checkPurge(values: { uninstall?: boolean; purge?: boolean; confirm?: string }): void {
  if (values.purge !== true) return;
  if (values.uninstall !== true) throw new Error("--purge goes with --uninstall only");
  if (values.confirm !== PURGE_WORDS) {
    throw new Error(
      `--purge deletes the votes on this machine for ever, those not yet sent as well. If that is meant, say: --confirm "${PURGE_WORDS}"`,
    );
  }
}

/** The file's text, once it was read as its program will read it. @throws with every line that is wrong. */
function checkedSettings(file: string, role: Role): string {
  const yaml = readFileSync(file, "utf8");
  const read =
    role.name === "totem"
      ? readSettings({ shape: TOTEM_SETTINGS, defaults: TOTEM_DEFAULTS, yaml, env: {} })
      : readSettings({ shape: GATEWAY_SETTINGS, defaults: GATEWAY_DEFAULTS, yaml, env: {} });
  if (!read.ok) throw new Error(`${file}:\n${read.problem.map(problemLine).join("\n")}`);
  return yaml;
}
