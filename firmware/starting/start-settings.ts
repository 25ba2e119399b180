/**
 * What a start needs from files before there is a log: the settings, or an end with words on stderr.
 */
import { existsSync, readFileSync } from "node:fs";
import { problemLine, readSettings } from "#schemas/read-settings.ts";
import { TOTEM_DEFAULTS, TOTEM_SETTINGS, type TotemSettings } from "#schemas/totem-settings.ts";

/** What the shell is told of a wrong setting. */
const WRONG_SETTING = 2;

/** The settings of a file and the environment; ends the program with what is wrong with them. */
export function settingsOrStop(file: string | undefined): TotemSettings {
  const yaml = file === undefined ? "" : (readIfNamed(file) ?? "");
  const read = readSettings({ shape: TOTEM_SETTINGS, defaults: TOTEM_DEFAULTS, yaml, env: process.env });
  if (read.ok) return read.value;
  for (const problem of read.problem) process.stderr.write(`${problemLine(problem)}\n`);
  process.exit(WRONG_SETTING);
}

/** A named file's text; ends the program when it is not there. Null when none is named. */
export function readIfNamed(file: string | null): string | null {
  if (file === null) return null;
  if (!existsSync(file)) {
    process.stderr.write(`${file}: no such file\n`);
    process.exit(WRONG_SETTING);
  }
  return readFileSync(file, "utf8");
}
