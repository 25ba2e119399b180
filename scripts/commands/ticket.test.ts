import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { issueShortTicket } from "#schemas/short-ticket.ts";
import { makeSigningKey, signingKeyPem } from "#schemas/signature.ts";
import { readSignedTicket } from "#schemas/ticket.ts";
import { TICKET } from "./ticket.ts";

describe("faccine ticket", () => {
  const key = makeSigningKey();
  let folder: string;
  let printed: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "faccine-ticket-"));
    writeFileSync(join(folder, "key"), signingKeyPem(key));
    printed = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text).trim()) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const issue = async (...more: string[]) => {
    const place = ["--number", "3", "--office", "12", "--service", "340"];
    await TICKET.run(["issue", "--key", join(folder, "key"), ...place, ...more]);
    return printed.pop() ?? "";
  };

  it("issues off line what a totem that knows the key takes, and draws it", async () => {
    const out = join(folder, "ticket.svg");
    const code = await issue("--ended", "2026-11-26T09:30Z", "--out", out);
    expect(readSignedTicket(code)).toMatchObject({
      ok: true,
      value: {
        ticket: { issuerKey: 3, office: 12, service: 340, minute: Date.parse("2026-11-26T09:30Z") / 60_000 },
      },
    });
    expect(readFileSync(out, "utf8")).toContain("<svg");
    await issue("--out", join(folder, "ticket.png"));
    expect(readFileSync(join(folder, "ticket.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("says what a code says, and whether a key signed it", async () => {
    const code = await issue("--ended", "2026-11-26T09:30Z");
    expect(await TICKET.run(["inspect", code, "--public", key.publicKeyHex])).toBe(0);
    expect(printed).toEqual([
      ...["signed ticket", "signed with key 3", "office 12, service 340"],
      ...["the service ended at 2026-11-26T09:30Z", "genuine"],
    ]);
    expect(await TICKET.run(["inspect", code, "--public", makeSigningKey().publicKeyHex])).toBe(1);
    expect(printed.at(-1)).toBe("NOT GENUINE");
    expect(await TICKET.run(["inspect", code])).toBe(0);
    expect(printed.at(-1)).toContain("--public");
    const short = { office: 12, service: 34, minute: 29_844_001, serial: 7 };
    expect(await TICKET.run(["inspect", issueShortTicket(short, Buffer.alloc(32, 1))])).toBe(0);
    expect(printed.slice(-3)[0]).toBe("short ticket");
  });

  it.each([
    [["inspect", "RSSMRA85T10A562S"], "no ticket"],
    [["inspect"], "say: issue"],
    [["issue"], "--key"],
    [["issue", "--key", "KEY", "--office", "70000", "--number", "1", "--service", "1"], "--office 70000"],
    [["issue", "--key", "KEY", "--ended", "yesterday"], "--ended yesterday"],
    [["issue", "--key", "KEY", "--out", "ticket.pdf"], ".svg or .png"],
    [["issue", "--key", "KEY"], "--number (not given)"],
  ])("says what is wrong with %j", async (args, words) => {
    const real = args.map((arg) => (arg === "KEY" ? join(folder, "key") : arg));
    await expect(TICKET.run(real)).rejects.toThrow(words);
    expect(printed).toEqual([]);
  });
});
