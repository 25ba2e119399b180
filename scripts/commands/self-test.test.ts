import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { controlSocketPath } from "#firmware/control/control-socket.ts";
import { fixturesOf } from "#schemas/fixtures.fixture.ts";
import type { ControlLine, ReadinessReport } from "#schemas/self-test.ts";
import { follow, SELF_TEST } from "./self-test.ts";

let folder: string;
let server: Server | null;
let printed: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-command-"));
  server = null;
  printed = [];
});
afterEach(async () => {
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
  rmSync(folder, { recursive: true, force: true });
});

/** A totem that says these lines to whoever asks, and hangs up. */
async function totemSaying(lines: readonly (ControlLine | string)[]): Promise<void> {
  server = createServer((client) => {
    client.once("data", () => {
      client.end(lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));
    });
  });
  await new Promise<void>((resolve) => server?.listen(controlSocketPath(folder), resolve));
}

const testing = (language: "it" | "en" = "en") => follow(folder, language, (line) => printed.push(line));
const reports = fixturesOf("readiness-report").filter(({ isGood }) => isGood);
const reportNamed = (name: string) => reports.find((one) => one.name === name)?.value as ReadinessReport;

describe("`faccine self-test`", () => {
  it("tells what to do, each result and where the report is, and ends well for a totem that is ready", async () => {
    const report = reportNamed("ready");
    await totemSaying([
      { kind: "asks", asks: { step: "keys", item: "key-green", number: 1, of: 31 } },
      { kind: "result", result: report.items[0] as ReadinessReport["items"][number] },
      { kind: "finished", report, files: ["/data/readiness.json"] },
    ]);
    expect(await testing()).toBe(0);
    expect(printed).toEqual([
      "The service key skips a test.",
      " 1/31  Press the key top left, the smiling face: Good.",
      "       Key: Good: passed",
      "READY\n  /data/readiness.json",
    ]);
  });

  it("names a swapped cable, and ends badly for a totem that is not ready", async () => {
    const report = reportNamed("swapped-cables");
    await totemSaying([
      { kind: "result", result: report.items[0] as ReadinessReport["items"][number] },
      { kind: "finished", report, files: [] },
    ]);
    expect(await testing("it")).toBe(1);
    expect(printed.slice(1)).toEqual([
      "       Tasto: Positivo: NON superata (richiesto Positivo, ha risposto Sufficiente)",
      "NON PRONTO",
    ]);
  });

  it("says that no totem runs there, and what to do", async () => {
    await expect(testing()).rejects.toThrow(/no totem is running on .*--settings/);
  });

  it("says when somebody is voting, and when the totem ends or talks in another way", async () => {
    await totemSaying([{ kind: "refused", why: "voting" }]);
    await expect(testing()).rejects.toThrow("somebody is voting");
    await new Promise((resolve) => server?.close(resolve));
    await totemSaying([]);
    await expect(testing()).rejects.toThrow("ended in the middle");
    await new Promise((resolve) => server?.close(resolve));
    for (const line of ["nonsense", '{"kind":"other"}']) {
      await totemSaying([line]);
      await expect(testing()).rejects.toThrow("another version");
      await new Promise((resolve) => server?.close(resolve));
    }
    server = null;
  });

  it("knows two languages", async () => {
    await expect(SELF_TEST.run(["--lang", "xx"])).rejects.toThrow("must be it or en");
  });
});
