/** The power switch of a whole firmware process: no goodbye, and the same journal after it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeSigningKey } from "#schemas/signature.ts";
import { identityFiles } from "../../identity.ts";
import { askPanel, postTo } from "./panel.fixture.ts";

const MAIN = join(import.meta.dirname, "../../main.ts");

let dataDir: string;
let running: ChildProcess | null = null;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "faccine-power-"));
  writeFileSync(identityFiles(dataDir).mqttPassword, "nobody-listens");
});
afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill("SIGKILL");
    await once(running, "exit");
  }
  rmSync(dataDir, { recursive: true, force: true });
});

async function turnOn(): Promise<{ readonly firmware: ChildProcess; readonly port: number }> {
  const firmware = fork(MAIN, [], {
    env: {
      ...process.env,
      FACCINE_TOTEM_ID: "totem-1",
      FACCINE_SITE_ID: "municipio",
      FACCINE_DATA_DIR: dataDir,
      FACCINE_MQTT_URL: "mqtt://127.0.0.1:9",
      FACCINE_GATEWAY_PUBLIC_KEY: makeSigningKey().publicKeyHex,
      FACCINE_PANEL_PORT: "0",
    },
    execArgv: [],
    stdio: "ignore",
  });
  running = firmware;
  const [message] = (await once(firmware, "message")) as [{ panel: string }];
  return { firmware, port: Number(new URL(message.panel).port) };
}

it("A power cut ends the firmware at once and answers nobody; turned on again, it has what it had stored", async () => {
  const first = await turnOn();
  const ask = (path: string, options = {}) => askPanel(first.port, path, options);
  expect((await postTo(ask, "power", { cut: false })).status).toBe(200);
  await postTo(ask, "scanner", { plugged: false });
  const before = JSON.parse((await ask("/panel/state")).text) as { captured: number };
  expect(before.captured).toBeGreaterThan(0);
  const ended = once(first.firmware, "exit");
  await expect(postTo(ask, "power", { cut: true })).rejects.toThrow();
  expect(await ended).toEqual([null, "SIGKILL"]);

  const second = await turnOn();
  const after = JSON.parse((await askPanel(second.port, "/panel/state")).text) as { captured: number };
  expect(after.captured).toBeGreaterThanOrEqual(before.captured);
});
