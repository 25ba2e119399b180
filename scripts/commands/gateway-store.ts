/**
 * Opens the store of a gateway on this machine, for commands that work beside the running gateway.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DATABASE_FILE } from "#gateway/backup/backup-files.ts";
import { type Directory, directoryOf, settingsProblems } from "#gateway/directory.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import { problemLine, readSettings } from "#schemas/read-settings.ts";

export const SETTINGS_HELP =
  "  --settings FILE    the gateway's settings (YAML); each value also from the environment. A demo in this folder is\n" +
  "                     found by itself";

const DEMO_SETTINGS = join(import.meta.dirname, "../demo/comune.yaml");

/** Where the settings are: in the file that was named, else in the demo of this folder, if there is one. */
function sourceOf(settingsFile: string | undefined, env: NodeJS.ProcessEnv) {
  const demo = env["FACCINE_DATA_DIR"] || ".data";
  if (settingsFile !== undefined || !existsSync(join(demo, "credentials.json")))
    return { file: settingsFile, env };
  return { file: DEMO_SETTINGS, env: { ...env, FACCINE_DATA_DIR: join(demo, "gateway") } };
}

/** Does something with the store and closes it. @throws when the settings are wrong or there is no store yet. */
export function withStore<T>(
  settingsFile: string | undefined,
  work: (store: Store, directory: Directory) => Promise<T>,
): Promise<T> {
  return withGateway(settingsFile, ({ store, directory }) => work(store, directory));
}

/** The same, with the gateway's settings at hand. */
export async function withGateway<T>(
  settingsFile: string | undefined,
  work: (gateway: {
    readonly store: Store;
    readonly directory: Directory;
    readonly settings: GatewaySettings;
  }) => Promise<T>,
): Promise<T> {
  const settings = gatewaySettings(settingsFile);
  const file = join(settings.dataDir, DATABASE_FILE);
  if (!existsSync(file))
    throw new Error(`${file}: no such file; start the gateway once, or set FACCINE_DATA_DIR`);
  const store = openSqliteStore(file, Date.now());
  try {
    return await work({ store, directory: directoryOf(settings), settings });
  } finally {
    await store.close();
  }
}

/** The gateway's settings. @throws with everything that is wrong with them. */
export function gatewaySettings(settingsFile: string | undefined): GatewaySettings {
  const { file: yamlFile, env } = sourceOf(settingsFile, process.env);
  const read = readSettings({
    shape: GATEWAY_SETTINGS,
    defaults: GATEWAY_DEFAULTS,
    yaml: yamlFile === undefined ? "" : readFileSync(yamlFile, "utf8"),
    env,
  });
  const problems = read.ok ? settingsProblems(read.value) : read.problem;
  if (read.ok && problems.length === 0) return read.value;
  const hint = yamlFile === undefined ? ["name the gateway's settings file with --settings"] : [];
  throw new Error([...problems.map(problemLine), ...hint].join("\n"));
}
