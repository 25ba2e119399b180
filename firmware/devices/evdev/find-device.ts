/**
 * Finds an input device by what stays the same over restarts and other plugs: its path below /dev/input/by-id, or the name
 * it gives itself. Refuses to guess: /dev/input/event3 may be another device tomorrow, and of two keyboards one may be a
 * technician's.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "#schemas/result.ts";

/** Why there is no device to read. `message` says what, where and what to do about it. */
export type DeviceProblem = {
  readonly kind: "absent" | "several" | "no-permission" | "wrong-device" | "in-use" | "unusable";
  readonly message: string;
};

/** Where the kernel and udev list input devices; tests have folders of their own. */
export type InputFolders = {
  /** Device files and udev's links to them. */
  readonly dev: string;
  /** What the kernel knows about each. */
  readonly sys: string;
};

export const INPUT_FOLDERS: InputFolders = { dev: "/dev/input", sys: "/sys/class/input" };

/** udev ends the link to a keyboard's events so; one scanner may have further parts (60-persistent-input.rules of systemd). */
const KEYBOARD_LINK = /-event-kbd$/;

/** So many are named in a message; a machine with more keyboards has other troubles. */
const NAMED_MAX = 8;

/**
 * The device file of a scanner in keyboard mode.
 * @param path as in the settings; null takes the only keyboard that is plugged in.
 */
export function findKeyboard(
  path: string | null,
  folders: InputFolders = INPUT_FOLDERS,
): Result<string, DeviceProblem> {
  if (path !== null) {
    return existsSync(path)
      ? ok(path)
      : absent(`scanner.path: ${path} is not there; is the scanner plugged in, and is this its path?`);
  }
  const folder = join(folders.dev, "by-id");
  const links = namesIn(folder).filter((name) => KEYBOARD_LINK.test(name));
  const [only, ...others] = links;
  if (only === undefined) return absent(`${folder} lists no keyboard; is the scanner plugged in?`);
  if (others.length === 0) return ok(join(folder, only));
  return fail({
    kind: "several",
    message: `${folder} lists ${links.length} keyboards (${named(links)}); name the scanner in the setting scanner.path`,
  });
}

/** The device file of the input device with exactly this name. */
export function findByName(
  name: string,
  folders: InputFolders = INPUT_FOLDERS,
): Result<string, DeviceProblem> {
  const events = namesIn(folders.sys).filter(
    (event) => /^event\d+$/.test(event) && nameOf(event, folders) === name,
  );
  const [only, ...others] = events;
  if (only === undefined) {
    return absent(`no input device in ${folders.sys} is named "${name}"; is its overlay in config.txt?`);
  }
  if (others.length === 0) return ok(join(folders.dev, only));
  return fail({
    kind: "several",
    message: `${events.length} input devices in ${folders.sys} are named "${name}" (${named(events)}); load its overlay once`,
  });
}

/** What it means that a device file could not be opened or asked. */
export function openProblem(path: string, error: NodeJS.ErrnoException): DeviceProblem {
  switch (error.code) {
    case "EACCES":
    case "EPERM":
      return {
        kind: "no-permission",
        message: `${path}: permission denied; the user this program runs as must be in the group "input"`,
      };
    case "EBUSY":
      return {
        kind: "in-use",
        message: `${path}: another program has taken it for itself; end that program`,
      };
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return { kind: "absent", message: `${path}: gone again` };
    default:
      return { kind: "unusable", message: `${path}: ${error.message}; is this the path of an input device?` };
  }
}

function absent(message: string): Result<string, DeviceProblem> {
  return fail({ kind: "absent", message });
}

function named(names: readonly string[]): string {
  return names.length <= NAMED_MAX
    ? names.join(", ")
    : `${names.slice(0, NAMED_MAX).join(", ")} and ${names.length - NAMED_MAX} more`;
}

/** Without udev, or without any device, there is no such folder: then there is nothing in it. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** Null for a device that vanished between two looks. */
function nameOf(event: string, folders: InputFolders): string | null {
  try {
    return readFileSync(join(folders.sys, event, "device", "name"), "utf8").trimEnd();
  } catch {
    return null;
  }
}
