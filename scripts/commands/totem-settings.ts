/**
 * The settings of the totem on this machine, for commands that work beside its running firmware.
 */
import { readFileSync } from "node:fs";
import { problemLine, readSettings } from "#schemas/read-settings.ts";
import { TOTEM_DEFAULTS, TOTEM_SETTINGS, type TotemSettings } from "#schemas/totem-settings.ts";

export const TOTEM_SETTINGS_HELP =
  "  --settings FILE    the totem's settings (YAML); each value also from the environment";

/** Settings only a running totem needs: a command that asks for its folder is not to fail for a gateway's key. */
const UNASKED = { totemId: "totem", siteId: "site", gateway: { publicKey: "00".repeat(32) } };

/** Which folder a totem's data lies in. @throws with what is wrong with the settings. */
export function totemSettings(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): TotemSettings {
  const read = readSettings({
    shape: TOTEM_SETTINGS,
    defaults: { ...TOTEM_DEFAULTS, ...UNASKED },
    yaml: file === undefined ? "" : readFileSync(file, "utf8"),
    env,
  });
  if (!read.ok) throw new Error(read.problem.map(problemLine).join("\n"));
  return read.value;
}
