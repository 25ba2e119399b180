/**
 * What `faccine install` will do, from what is known: a list of steps that each say what and why. Pure, so that a dry run,
 * a test and the real run see the same list.
 */
import { bootConfigLines } from "#hardware/image/boot-config.ts";
import type { Facts, Manifest, Step } from "./facts.ts";
import { withMarkedLines } from "./marked-lines.ts";
import { APPLICATION_DIR } from "./roles.ts";
import {
  fileStep,
  firstSentence,
  folderStep,
  kept,
  linkStep,
  modeOf,
  nothingToDo,
  sameAs,
  sha256,
  skipped,
  staleSteps,
  toDo,
} from "./steps.ts";

export const CURRENT = `${APPLICATION_DIR}/current`;
export const COMMAND = "/usr/local/bin/faccine";

/** The pinned Node at once: a system's own Node is not needed, and no program waits for another one. */
const COMMAND_TEXT = `#!/bin/sh
# Written by \`faccine install\`.
exec ${CURRENT}/node_modules/.bin/node ${CURRENT}/scripts/faccine.ts "$@"
`;

/** Its source is hardware/overlays/faccine-keypad.dts. */
const KEYPAD_OVERLAY = "faccine-keypad";

/** Everything that is needed; nothing is done here. What stands in the way is told by whyNotInstallable. */
export function planInstall(facts: Facts): readonly Step[] {
  const steps = [
    usersStep(facts),
    ...facts.role.folders.map((folder) => folderStep(facts, folder)),
    ...applicationSteps(facts),
    ...facts.image.map((file) => fileStep(facts, { ...file, why: firstSentence(file.content) })),
    ...facts.role.links.map((link) => linkStep(facts, link)),
    ...bootSteps(facts),
    settingsStep(facts),
    ...staleSteps(facts, wantedPaths(facts), "no longer a part of it"),
  ];
  return [...steps, ...voiceSteps(facts, steps), ...systemSteps(facts, steps)];
}

/** What would be written down as installed once all is done: what is ours, not what was kept. */
export function manifestAfter(
  facts: Facts,
  steps: readonly Step[],
  madeFolders: readonly string[],
): Manifest {
  const keptPaths = new Set(steps.filter(({ state }) => state === "kept").map(({ what }) => what));
  const ours = ({ path }: { readonly path: string }) => !keptPaths.has(path);
  const files = wantedFiles(facts).filter(ours);
  const links = wantedLinks(facts).filter(ours);
  return {
    files: Object.fromEntries(files.map(({ path, content }) => [path, sha256(content)])),
    links: Object.fromEntries(links.map(({ path, target }) => [path, target])),
    folders: [...new Set([...facts.manifest.folders, ...madeFolders])],
    previous: previousRelease(facts),
  };
}

function usersStep({ role, userReady }: Facts): Step {
  const groups = role.groups.length === 0 ? "" : `, in the groups ${role.groups.join(", ")}`;
  const what = `user ${role.user}${groups}`;
  const why = "the program runs as nobody else's user, and devices are opened by group";
  return userReady ? nothingToDo(what, why) : toDo(what, why, [{ type: "users" }]);
}

function applicationSteps(facts: Facts): readonly Step[] {
  const { release } = facts.source;
  const folder = `${APPLICATION_DIR}/${release}`;
  const why = "program, packages and Node as they were tested; the one before stays as the way back";
  const copied = facts.releases.includes(release)
    ? nothingToDo(folder, why)
    : toDo(folder, why, [{ type: "application", release }]);
  const old = facts.releases.filter((one) => one !== release && one !== previousRelease(facts));
  return [
    copied,
    ...[currentLink(facts)].map((link) => linkStep(withCurrentAsOurs(facts), link)),
    fileStep(facts, commandFile()),
    ...old.map((one) =>
      toDo(`remove ${APPLICATION_DIR}/${one}`, "older than the way back", [
        { type: "remove", path: `${APPLICATION_DIR}/${one}` },
      ]),
    ),
  ];
}

function commandFile() {
  return { path: COMMAND, content: Buffer.from(COMMAND_TEXT), mode: 0o755, why: "the command faccine" };
}

function currentLink({ source }: Facts) {
  return { path: CURRENT, target: source.release, why: "the release in use" };
}

/** Whoever installed last moved `current`: either role may move it on, if it leads to a release. */
function withCurrentAsOurs(facts: Facts): Facts {
  const present = facts.present(CURRENT);
  if (present.kind !== "link" || !facts.releases.includes(present.target)) return facts;
  return { ...facts, manifest: { ...facts.manifest, links: { [CURRENT]: present.target } } };
}

function previousRelease(facts: Facts): string | null {
  const present = facts.present(CURRENT);
  const now = present.kind === "link" ? present.target : null;
  return now === null || now === facts.source.release ? facts.manifest.previous : now;
}

/** Overlays are compiled on the machine: its own compiler knows its kernel's format. */
function bootSteps(facts: Facts): readonly Step[] {
  const { boot, overlays, role } = facts;
  if (role.name !== "totem") return [];
  const what = "config.txt and overlays";
  if (boot === null) return [skipped(what, "no boot partition of a Raspberry Pi here")];
  const config = `${boot.folder}/config.txt`;
  const why = "keys, lamps and the board's watchdog from the first moment on";
  const text = withMarkedLines(boot.config, bootConfigLines(loadedOverlays(facts)));
  return [
    ...overlays.map(({ name, compiled }) =>
      compiled === null
        ? skipped(`overlay ${name}`, "needs dtc (apt install device-tree-compiler), then run this again")
        : fileStep(facts, {
            ...overlayFile(boot.folder, name, compiled),
            why: "for a keypad wired as a matrix",
          }),
    ),
    text === null
      ? kept(config, "one of faccine's marks is missing in it: remove the other one and run this again")
      : text === boot.config
        ? nothingToDo(config, why)
        : toDo(config, why, [
            {
              type: "file",
              path: config,
              content: Buffer.from(text),
              mode: modeOf(facts, config),
              group: "root",
            },
          ]),
  ];
}

function loadedOverlays({ hasMatrixKeypad, overlays }: Facts): readonly string[] {
  const isThere = overlays.some(({ name, compiled }) => name === KEYPAD_OVERLAY && compiled !== null);
  return hasMatrixKeypad && isThere ? [KEYPAD_OVERLAY] : [];
}

/** The partition is FAT: every file on it looks like this. */
function overlayFile(folder: string, name: string, content: Buffer) {
  return { path: `${folder}/overlays/${name}.dtbo`, content, mode: 0o755 };
}

function settingsStep(facts: Facts): Step {
  const { role, givenSettings } = facts;
  const path = role.settingsFile;
  if (facts.present(path).kind !== "absent") {
    const asGiven = givenSettings !== null && sameAs(facts, path, givenSettings);
    return givenSettings === null || asGiven
      ? nothingToDo(path, "settings are never overwritten")
      : kept(path, "settings are never overwritten: move it away first to put another one in its place");
  }
  const content = Buffer.from(givenSettings ?? role.settingsText);
  return toDo(path, "the first settings; yours from now on", [
    { type: "file", path, content, mode: 0o640, group: role.user },
  ]);
}

function voiceSteps(facts: Facts, before: readonly Step[]): readonly Step[] {
  const { source, tools, live, role } = facts;
  const what = "voice";
  if (role.name !== "totem" || !source.hasVoice) return [];
  if (!live) return [skipped(what, "speaks only on the machine itself: run `faccine voice render` there")];
  if (!tools.espeak) {
    return [skipped(what, "needs espeak-ng (apt install espeak-ng), then run `faccine voice render`")];
  }
  const isNew = before.some(({ changes }) => changes.some(({ type }) => type === "application"));
  if (!isNew) return [nothingToDo(what, "its sentences were rendered with this release")];
  const why = "sentences for whoever cannot see the lamps, rendered once";
  // As the totem's user: what root wrote there, the totem could not replace.
  const command = [
    "runuser",
    "-u",
    role.user,
    "--",
    COMMAND,
    "voice",
    "render",
    "--out",
    `${role.dataDir}/voice`,
  ];
  return [toDo(what, why, [{ type: "run", command, mayFail: true }])];
}

/** Tells the running system; a file system in a folder has none. */
function systemSteps(facts: Facts, before: readonly Step[]): readonly Step[] {
  const what = "tell systemd and udev";
  if (!facts.live) return [skipped(what, "not the running system: they read it when it starts")];
  if (before.every(({ state }) => state !== "to do")) return [nothingToDo(what, "nothing changed")];
  const run = (mayFail: boolean, ...command: readonly string[]) =>
    ({ type: "run", command, mayFail }) as const;
  return [
    toDo(what, "units and rules are read again, and the service starts or starts anew", [
      run(false, "systemctl", "daemon-reload"),
      run(true, "udevadm", "control", "--reload"),
      run(
        true,
        "udevadm",
        "trigger",
        "--subsystem-match=gpio",
        "--subsystem-match=input",
        "--subsystem-match=tty",
      ),
      run(true, "systemctl", "try-restart", facts.role.service),
      run(true, "systemctl", "start", ...facts.role.units),
    ]),
  ];
}

function wantedFiles(facts: Facts) {
  const { boot, overlays, role } = facts;
  const overlayFiles =
    boot === null || role.name !== "totem"
      ? []
      : overlays.flatMap(({ name, compiled }) =>
          compiled === null ? [] : [overlayFile(boot.folder, name, compiled)],
        );
  return [commandFile(), ...facts.image, ...overlayFiles];
}

function wantedLinks(facts: Facts) {
  return [currentLink(facts), ...facts.role.links];
}

function wantedPaths(facts: Facts): ReadonlySet<string> {
  return new Set([...wantedFiles(facts), ...wantedLinks(facts)].map(({ path }) => path));
}
