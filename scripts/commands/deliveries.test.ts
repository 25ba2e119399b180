import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { fullTownSettings } from "../bench/town.ts";
import { DELIVERIES } from "./deliveries.ts";

let dataDir = "";
let said = "";
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "faccine-deliveries-"));
  await openSqliteStore(join(dataDir, "gateway.db"), 0).close();
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true });
});

const settings = (alerts: object) => {
  const town = fullTownSettings();
  const file = join(dataDir, "settings.yaml");
  writeFileSync(file, JSON.stringify({ ...town, dataDir, alerts: { ...town.alerts, ...alerts } }));
  return file;
};
const WEBHOOK = { webhook: { url: "https://ops.example/hook", secretFile: "/nowhere" } };

it("queues a test on every channel there is, and lists what becomes of messages", async () => {
  const file = settings(WEBHOOK);
  expect(await DELIVERIES.run(["test", "--settings", file])).toBe(0);
  expect(said).toBe("test messages wait: webhook\n");
  const store = openSqliteStore(join(dataDir, "gateway.db"), 0);
  const [queued] = await store.deliveries(1);
  await store.noteUndelivered(queued?.no ?? 0, "the webhook answered 503", null);
  await store.queueDelivery({
    key: "k",
    channel: "mail",
    subject: "Faccine: forked",
    body: "x",
    createdMs: 0,
    nextMs: 60_000,
  });
  await store.close();
  said = "";
  await DELIVERIES.run(["list", "--settings", file]);
  expect(said).toContain("mail     Faccine: forked  waits until 1970-01-01T00:01Z");
  expect(said).toContain("webhook  Faccine: test  GIVEN UP after 1 tries: the webhook answered 503");
});

it("says that nobody is to be told, and what it understands", async () => {
  const file = settings({});
  await expect(DELIVERIES.run(["test", "--settings", file])).rejects.toThrow("neither webhook nor mail");
  await expect(DELIVERIES.run(["send", "--settings", file])).rejects.toThrow("say: list, or test");
});
