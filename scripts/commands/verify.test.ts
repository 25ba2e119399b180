import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { liveThroughMonth, SILENT_DAY, type Town } from "../verify/town.fixture.ts";
import { VERIFY } from "./verify.ts";

let town: Town;
let server: Server;
let url = "";
let said = "";
beforeAll(async () => {
  town = await liveThroughMonth();
  server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(town.folder, request.url ?? "")));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}, 120_000);
beforeEach(() => {
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterAll(async () => {
  server.close();
  await town.store.close();
  rmSync(town.folder, { recursive: true });
});

describe("faccine verify", () => {
  it("says of a folder what was checked, which days are missing, and that it holds", async () => {
    expect(await VERIFY.run([town.folder])).toBe(0);
    expect(said).toMatch(/^log: \d+ lines, 2 totem keys, \d+ signed totem-days, \d+ corrections$/m);
    expect(said).toMatch(/^2026-10: \d+ figures proved; taken away: conflict 1, .*; 1 totem-days missing$/m);
    expect(said).toContain(`missing: totem-2 stated nothing on ${SILENT_DAY}`);
    expect(said).toMatch(/Everything that can be checked holds/);
  });

  it("says the same of an address", async () => {
    expect(await VERIFY.run([url])).toBe(0);
    expect(said).toMatch(/Everything that can be checked holds/);
  });

  it("says what is wrong and where, and ends with 1", async () => {
    const file = join(town.folder, "months/2026-10.json");
    const whole = readFileSync(file, "utf8");
    writeFileSync(
      file,
      whole.replace(/"total":(\d+)/, (_, total: string) => `"total":${Number(total) + 1}`),
    );
    try {
      expect(await VERIFY.run([town.folder])).toBe(1);
      expect(said).toMatch(/^WRONG: month 2026-10, .* is not what the totems' commitments open to$/m);
    } finally {
      writeFileSync(file, whole);
    }
  });

  it("refuses the proof of another gateway than the one that is known", async () => {
    expect(await VERIFY.run([town.folder, "--key", town.key.publicKeyHex])).toBe(0);
    await expect(VERIFY.run([town.folder, "--key", "ab".repeat(32)])).rejects.toThrow("another gateway");
  });

  it("says what to do when there is no proof", async () => {
    await expect(VERIFY.run([])).rejects.toThrow("--demo");
    await expect(VERIFY.run([join(town.folder, "months")])).rejects.toThrow("the folder of a proof?");
    await expect(VERIFY.run([`${url}elsewhere/`])).rejects.toThrow("the server answered 404");
    await expect(VERIFY.run(["http://127.0.0.1:1/"])).rejects.toThrow("nothing answers there");
    mkdirSync(join(town.folder, "empty"));
    writeFileSync(join(town.folder, "empty", "index.json"), "nonsense");
    await expect(VERIFY.run([join(town.folder, "empty")])).rejects.toThrow("index.json: is not JSON");
  });
});
