/**
 * The real gateway as its own process, serving the invented town, with a token that may read everything.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayKey } from "#gateway/access/key-files.ts";
import { makeToken, SCOPES } from "#gateway/access/tokens.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { TotemRecord } from "#gateway/store/store.ts";
import { freePort } from "../demo/ports.ts";
import { type Program, startProgram } from "./program.ts";
import { SITE_ID, townSettings } from "./town.ts";

export type TownGateway = {
  readonly url: string;
  readonly mqttUrl: string;
  readonly publicKeyHex: string;
  readonly token: string;
  readonly databaseFile: string;
  readonly program: Program;
  readonly stop: () => Promise<void>;
  /** Ends it and starts it anew, on the same database. */
  readonly restart: () => Promise<TownGateway>;
};

/**
 * Starts the gateway and waits until it can be reached.
 * @param fill puts more into the database before the start.
 */
export async function startTownGateway(options: {
  readonly dir: string;
  readonly totems?: readonly TotemRecord[];
  readonly fill?: (databaseFile: string) => void;
}): Promise<TownGateway> {
  const dataDir = join(options.dir, "gateway");
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const databaseFile = join(dataDir, "gateway.db");
  const token = await prepareStore(databaseFile, options.totems ?? []);
  options.fill?.(databaseFile);
  const [httpPort, mqttPort] = [await freePort(), await freePort()];
  const settingsFile = join(options.dir, "gateway.yaml");
  writeFileSync(settingsFile, JSON.stringify(townSettings({ dataDir, httpPort, mqttPort }), null, 2));
  const logFile = join(options.dir, "gateway.log");
  return launch({ settingsFile, logFile, dataDir, databaseFile, token, mqttPort });
}

type Prepared = {
  readonly settingsFile: string;
  readonly logFile: string;
  readonly dataDir: string;
  readonly databaseFile: string;
  readonly token: string;
  readonly mqttPort: number;
};

async function launch(prepared: Prepared): Promise<TownGateway> {
  const { settingsFile, logFile, dataDir, databaseFile, token, mqttPort } = prepared;
  const program = startProgram({ main: "gateway/main.ts", args: [settingsFile], logFile });
  try {
    await program.logged("broker-ready");
    const { url } = await program.logged("ready");
    return {
      url: String(url),
      mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
      publicKeyHex: gatewayKey(dataDir).publicKeyHex,
      token,
      databaseFile,
      program,
      stop: program.stop,
      restart: async () => {
        await program.stop();
        return launch(prepared);
      },
    };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** A totem of the town as the gateway's register has it. */
export function totemRecord(totemId: string, publicKey: string, password: string): TotemRecord {
  return {
    totemId,
    siteId: SITE_ID,
    serves: null,
    publicKey,
    passwordSha256: createHash("sha256").update(password).digest("hex"),
    enrolledMs: Date.now(),
  };
}

async function prepareStore(databaseFile: string, totems: readonly TotemRecord[]): Promise<string> {
  const nowMs = Date.now();
  const store = openSqliteStore(databaseFile, nowMs);
  try {
    for (const totem of totems) await store.registerTotem(totem);
    const { text, record } = makeToken({ name: "bench", scopes: SCOPES, days: 1, nowMs, randomBytes });
    await store.addToken(record);
    return text;
  } finally {
    await store.close();
  }
}
