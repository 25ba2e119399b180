/**
 * What `faccine install --uninstall` will do: takes away what was installed and nothing else. Votes and settings stay,
 * unless they are asked for by name. Pure.
 */
import type { Facts, Step } from "./facts.ts";
import { withoutMarkedLines } from "./marked-lines.ts";
import { APPLICATION_DIR, manifestPath } from "./roles.ts";
import { kept, nothingToDo, skipped, staleSteps, toDo } from "./steps.ts";

/** Has to be typed before votes are deleted. */
export const PURGE_WORDS = "delete all votes";

/** @param purge votes, settings and the user go as well. */
export function planUninstall(facts: Facts, purge: boolean): readonly Step[] {
  const steps = [
    ...staleSteps(facts, shared(facts), "installed by faccine install"),
    ...bootSteps(facts),
    ...goneSteps(facts, facts.role.cacheDir, "what Node compiled"),
    ...ownDataSteps(facts, purge),
    ...goneSteps(facts, manifestPath(facts.role.name), "the list of what was installed"),
    ...applicationSteps(facts),
    ...folderSteps(facts, purge),
  ];
  return [...stopSteps(facts), ...steps, ...systemSteps(facts, steps, purge)];
}

/** What another role still needs. */
function shared({ otherRole }: Facts): ReadonlySet<string> {
  return new Set(otherRole ? ["/usr/local/bin/faccine", `${APPLICATION_DIR}/current`] : []);
}

function stopSteps({ live, role, present }: Facts): readonly Step[] {
  const what = `stop ${role.units.join(", ")}`;
  if (!live) return [skipped(what, "not the running system")];
  if (present(`/etc/systemd/system/${role.service}`).kind === "absent") return [];
  const command = ["systemctl", "stop", ...role.units];
  return [toDo(what, "what runs is ended first", [{ type: "run", command, mayFail: true }])];
}

function bootSteps(facts: Facts): readonly Step[] {
  const { boot, role } = facts;
  if (boot === null || role.name !== "totem") return [];
  const path = `${boot.folder}/config.txt`;
  const text = withoutMarkedLines(boot.config);
  if (text === null) return [kept(path, "one of faccine's marks is missing in it: remove its lines by hand")];
  if (text === boot.config) return [nothingToDo(path, "it has no lines of ours")];
  const content = Buffer.from(text);
  const present = facts.present(path);
  const mode = present.kind === "file" ? present.mode : 0o644;
  return [
    toDo(`${path}, lines of ours`, "added for it", [{ type: "file", path, content, mode, group: "root" }]),
  ];
}

function ownDataSteps(facts: Facts, purge: boolean): readonly Step[] {
  const { role, present } = facts;
  const own: readonly (readonly [string, string])[] = [
    [role.dataDir, "votes, and the machine's own secrets"],
    [role.settingsFile, "settings"],
  ];
  return own.flatMap(([path, why]) => {
    if (present(path).kind === "absent") return [];
    return purge ? goneSteps(facts, path, why) : [kept(path, `${why}: --purge deletes them`)];
  });
}

function applicationSteps({ otherRole, present }: Facts): readonly Step[] {
  if (present(APPLICATION_DIR).kind === "absent") return [];
  if (otherRole) return [kept(APPLICATION_DIR, "another part of Faccine on this machine needs it")];
  return [toDo(`remove ${APPLICATION_DIR}`, "the program", [{ type: "remove", path: APPLICATION_DIR }])];
}

/** Folders that were made for it, the innermost first; one that somebody else uses by now stays without a word. */
function folderSteps({ manifest, present, role }: Facts, purge: boolean): readonly Step[] {
  return manifest.folders.toReversed().flatMap((path) => {
    if (!purge && `${role.dataDir}/`.startsWith(`${path}/`)) return [];
    if (present(path).kind !== "folder") return [];
    return [toDo(`remove ${path} if it is empty`, "made for it", [{ type: "remove-empty", path }])];
  });
}

function goneSteps({ present }: Facts, path: string, why: string): readonly Step[] {
  if (present(path).kind === "absent") return [];
  return [toDo(`remove ${path}`, why, [{ type: "remove", path }])];
}

function systemSteps(
  { live, role, userReady }: Facts,
  before: readonly Step[],
  purge: boolean,
): readonly Step[] {
  const what = "tell systemd and udev";
  if (!live) return [skipped(what, "not the running system")];
  if (before.every(({ state }) => state !== "to do")) return [nothingToDo(what, "nothing changed")];
  const run = (...command: readonly string[]) => ({ type: "run", command, mayFail: true }) as const;
  return [
    toDo(what, "they forget what is gone", [
      run("systemctl", "daemon-reload"),
      run("udevadm", "control", "--reload"),
    ]),
    ...(purge && userReady
      ? [toDo(`remove the user ${role.user}`, "nothing of its is left", [run("userdel", role.user)])]
      : []),
  ];
}
