/**
 * Which port the scanner is on: the one in the settings, or the only serial device that udev has named. Guesses nothing:
 * of several, none is opened, because the other one may be a board that takes bytes for commands.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export type PortFolders = { readonly serial: string; readonly input: string };

/** Names that stay the same whichever USB socket was found first; ttyACM0 does not. */
export const PORT_FOLDERS: PortFolders = { serial: "/dev/serial/by-id", input: "/dev/input/by-id" };

/** What is wrong, for a log. `kind` is stable. */
export type PortProblem = {
  readonly kind: "none" | "several" | "no-permission" | "busy" | "not-opened";
  readonly message: string;
};

/** More names than this help nobody. */
const NAMES_SHOWN_MAX = 8;

/** @param path as in `settings.scanner.path`: a path, or null for the only device below `folders.serial`. */
export function findPort(
  path: string | null,
  folders: PortFolders,
): { readonly path: string } | { readonly problem: PortProblem } {
  if (path !== null) return existsSync(path) ? { path } : none(`${path} is not there.`, folders);
  const names = present(folders.serial);
  const [only] = names;
  if (only === undefined) return none(`No serial device below ${folders.serial}.`, folders);
  if (names.length === 1) return { path: join(folders.serial, only) };
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(", ");
  const message = `${names.length} serial devices below ${folders.serial}: ${shown}. Write the scanner's path as scanner.path.`;
  return { problem: { kind: "several", message } };
}

function none(what: string, folders: PortFolders): { readonly problem: PortProblem } {
  const keyboards = present(folders.input).filter((name) => name.endsWith("-event-kbd"));
  const hint =
    keyboards.length === 0
      ? "Is it plugged in? A module on the board's own pins needs scanner.path, such as /dev/serial0."
      : `There is a keyboard (${keyboards.slice(0, NAMES_SHOWN_MAX).join(", ")}): if that is the scanner, set it to serial (USB COM) with the code in its manual, or scanner.kind to hid.`;
  return { problem: { kind: "none", message: `${what} ${hint}` } };
}

/** The names in a folder that lead somewhere, in order; none when there is no folder. */
function present(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => existsSync(join(folder, name)))
      .sort();
  } catch {
    // udev makes the folder with the first device and takes it away with the last.
    return [];
  }
}
