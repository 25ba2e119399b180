/**
 * Starts the gateway: reads its settings, opens store, broker and HTTP. The only file of the gateway that knows pino.
 * Usage: `main.ts [settings.yaml]`; every setting can also come from the environment.
 */
import { randomBytes, randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import { problemLine, readSettings, type SettingsProblem } from "#schemas/read-settings.ts";
import { settingsProblems } from "./directory.ts";
import { startGateway } from "./gateway.ts";
import type { Log } from "./log.ts";
import { holdDataFolder } from "./store/sqlite/hold-data-folder.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";

const settings = settingsOrStop(process.argv[2]);
const logger = pino({ level: settings.log.level, base: { program: "gateway" } });
const log: Log = {
  info: (event, fields) => logger.info({ event, ...fields }),
  warn: (event, fields) => logger.warn({ event, ...fields }),
  error: (event, fields) => logger.error({ event, ...fields }),
};

try {
  // Held until the process ends.
  process.on("exit", holdDataFolder(settings.dataDir));
  const gateway = await startGateway({
    settings,
    store: openSqliteStore(join(settings.dataDir, "gateway.db"), Date.now()),
    log,
    nowMs: Date.now,
    random: () => randomInt(1_000_000) / 1_000_000,
    randomBytes,
  });
  log.info("ready", { url: gateway.url, mqttPort: gateway.mqttPort });
  announce({ url: gateway.url, link: await gateway.makeLink() });
  stopOnSignal(() => gateway.close());
} catch (error) {
  stopWith("start-failed", error as Error);
}

/** A one-time link is a secret: whoever started the program sees it, the log does not. */
function announce(ready: { readonly url: string; readonly link: string }): void {
  if (process.send !== undefined) process.send(ready);
  else if (process.stderr.isTTY) process.stderr.write(`${ready.link}\n`);
}

/** Ends on a signal, and when the program that started this one is gone. */
function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    close().then(
      () => process.exit(0),
      (error: Error) => stopWith("stop-failed", error),
    );
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  process.on("disconnect", stop);
}

function stopWith(event: string, error: Error): never {
  logger.fatal({ event, message: error.message });
  process.exit(1);
}

function settingsOrStop(file: string | undefined): GatewaySettings {
  const read = readSettings({
    shape: GATEWAY_SETTINGS,
    defaults: GATEWAY_DEFAULTS,
    yaml: file === undefined ? "" : readOrStop(file),
    env: process.env,
  });
  const problems: readonly SettingsProblem[] = read.ok ? settingsProblems(read.value) : read.problem;
  if (read.ok && problems.length === 0) return read.value;
  for (const problem of problems) process.stderr.write(`${problemLine(problem)}\n`);
  process.exit(2);
}

function readOrStop(file: string): string {
  if (!existsSync(file)) {
    process.stderr.write(`${file}: no such file\n`);
    process.exit(2);
  }
  return readFileSync(file, "utf8");
}
