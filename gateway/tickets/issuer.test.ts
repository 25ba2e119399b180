import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { isShortTicketGenuine, readShortTicket } from "#schemas/short-ticket.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import { isTicketGenuine, readSignedTicket } from "#schemas/ticket.ts";
import { DAY_MS } from "#schemas/time.ts";
import { type Directory, directoryOf } from "../directory.ts";
import { MONDAY_MS } from "../ingest/journal.fixture.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { countsOn, MONDAY } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { type Issuer, openIssuer } from "./issuer.ts";

const office = (officeId: string, number: number, serviceId: string) => ({
  ...{ officeId, number, name: officeId, uoCode: "", staff: 5 },
  services: [{ serviceId, number: 7, name: serviceId }],
});
const directory: Directory = directoryOf({
  sites: [
    {
      ...{ siteId: "town-hall", name: "", zone: "Europe/Rome", languages: ["it"], hours: [] },
      offices: [
        office("front-office", 1, "registry"),
        office("tax-office", 2, "taxes"),
        { ...office("licence-office", 3, "licences"), tickets: { profiles: ["short", "plain"] } },
      ],
    },
  ],
  ...{ wording: 1, tickets: { validMinutes: 60, skewMinutes: 5 } },
} as unknown as GatewaySettings);

const keyOf = (officeId: string) => createHash("sha256").update(officeId).digest();

/** What was issued, or null. */
async function issued(issuer: Issuer, serviceId: string, purpose: "live" | "test", endedAtMs = MONDAY_MS) {
  const ticket = await issuer.issue({ serviceId, endedAtMs, purpose });
  return ticket.ok ? ticket.value : null;
}

describe("the ticket issuer", () => {
  let dataDir: string;
  let store: Store;
  let logged: unknown[];
  beforeEach(() => {
    logged = [];
    dataDir = mkdtempSync(join(tmpdir(), "faccine-issuer-"));
    store = openSqliteStore(":memory:", 0);
  });
  afterEach(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  const open = () =>
    openIssuer({
      ...{ store, directory, dataDir, nowMs: () => MONDAY_MS, randomBytes },
      dayKeys: { ofOffice: (officeId, day) => (day === MONDAY ? keyOf(officeId) : null) },
      log: { error: (event, fields) => void logged.push([event, fields]) },
    });

  it("makes a live and a test key for each office, once", async () => {
    await open();
    const first = await store.issuerKeys();
    expect(first.map((k) => [k.number, k.officeId, k.purpose])).toEqual([
      [1, "front-office", "live"],
      [2, "front-office", "test"],
      [3, "tax-office", "live"],
      [4, "tax-office", "test"],
      [5, "licence-office", "live"],
      [6, "licence-office", "test"],
    ]);
    await open();
    expect(await store.issuerKeys()).toEqual(first);
    expect(readdirSync(join(dataDir, "keys"))).toHaveLength(6);
  });

  it("issues tickets that any totem can check off line, each with a serial of its own", async () => {
    const issuer = await open();
    const one = await issued(issuer, "taxes", "live", MONDAY_MS + 59_999);
    const two = await issued(issuer, "taxes", "live", MONDAY_MS);
    expect(one).toMatchObject({ profile: "signed", minute: MONDAY_MS / 60_000 });
    expect(one?.code).not.toBe(two?.code);
    const read = readSignedTicket(one?.code ?? "");
    if (!read.ok) throw new Error(read.problem);
    expect(read.value.ticket).toMatchObject({ issuerKey: 3, office: 2, service: 7, minute: one?.minute });
    const keys = await store.issuerKeys();
    const key = keys.find((k) => k.number === 3);
    expect(isTicketGenuine(read.value, publicKeyFromHex(key?.publicKey ?? ""))).toBe(true);
    const other = keys.find((k) => k.number === 1);
    expect(isTicketGenuine(read.value, publicKeyFromHex(other?.publicKey ?? ""))).toBe(false);
  });

  it("signs test tickets with the test key and does not count them", async () => {
    const issuer = await open();
    const ticket = await issued(issuer, "registry", "test", MONDAY_MS);
    const read = readSignedTicket(ticket?.code ?? "");
    expect(read).toMatchObject({ ok: true, value: { ticket: { issuerKey: 2 } } });
    expect(await countsOn(store, MONDAY)).toEqual({});
  });

  it("counts what it issued, and keeps nothing that names a ticket", async () => {
    const path = join(dataDir, "gateway.db");
    await store.close();
    store = openSqliteStore(path, 0);
    const issuer = await open();
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await issued(issuer, "registry", "live", MONDAY_MS))?.code ?? "");
    expect(await countsOn(store, MONDAY)).toEqual({ issued: 3 });
    const bytes = ["", "-wal"].map((suffix) => readFileSync(path + suffix).toString("latin1")).join("");
    for (const code of codes) {
      const read = readSignedTicket(code);
      if (!read.ok) throw new Error(read.problem);
      expect(bytes).not.toContain(read.value.ticket.serial);
      expect(bytes).not.toContain(Buffer.from(read.value.ticket.serial, "hex").toString("latin1"));
      expect(bytes).not.toContain(code.slice(2, 40));
    }
  });

  it("issues nothing for a service nobody knows", async () => {
    expect(
      await (await open()).issue({ serviceId: "plumbing", endedAtMs: MONDAY_MS, purpose: "live" }),
    ).toEqual({ ok: false, problem: "unknown-service" });
  });

  it("without the keys' folder starts all the same: live keys are made anew, and what it cannot make it says", async () => {
    await open();
    rmSync(join(dataDir, "keys"), { recursive: true });
    const issuer = await open();
    expect(await issued(issuer, "registry", "live", MONDAY_MS)).not.toBeNull();
    expect(logged).toEqual([
      ["issuer-key-missing", expect.objectContaining({ office: "front-office", purpose: "test" })],
      ["issuer-key-missing", expect.objectContaining({ office: "tax-office", purpose: "test" })],
      ["issuer-key-missing", expect.objectContaining({ office: "licence-office", purpose: "test" })],
    ]);
    await expect(issued(issuer, "registry", "test", MONDAY_MS)).rejects.toThrow("revoke one of");
  });

  it("issues short tickets where the office takes them, proved by its key of the day, no two alike", async () => {
    const issuer = await open();
    const order = { serviceId: "licences", endedAtMs: MONDAY_MS, purpose: "live" } as const;
    const codes = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const ticket = await issuer.issue(order);
      if (!ticket.ok) throw new Error(ticket.problem);
      expect(ticket.value.profile).toBe("short");
      const read = readShortTicket(ticket.value.code);
      if (!read.ok) throw new Error(read.problem);
      expect(read.value.ticket).toMatchObject({ office: 3, service: 7, minute: MONDAY_MS / 60_000 });
      expect(isShortTicketGenuine(read.value, keyOf("licence-office"))).toBe(true);
      codes.add(ticket.value.code);
    }
    expect(codes.size).toBe(200);
    expect(await countsOn(store, MONDAY)).toEqual({ issued: 200 });
  });

  it("issues another kind only where the office takes it, and none with a key that is destroyed", async () => {
    const issuer = await open();
    const order = { serviceId: "licences", endedAtMs: MONDAY_MS, purpose: "live" } as const;
    expect(await issuer.issue({ ...order, profile: "signed" })).toMatchObject({ problem: "not-taken" });
    expect(await issuer.issue({ ...order, serviceId: "taxes", profile: "short" })).toMatchObject({
      problem: "not-taken",
    });
    expect(await issuer.issue({ ...order, endedAtMs: MONDAY_MS - 3 * DAY_MS })).toMatchObject({
      problem: "key-destroyed",
    });
    expect(await issuer.issue({ ...order, purpose: "test" })).toMatchObject({ value: { profile: "signed" } });
    expect(await countsOn(store, MONDAY)).toEqual({});
  });

  it("makes one key when many tickets are asked for at once and none is there", async () => {
    const issuer = await open();
    for (const { issuerKeyId } of await store.issuerKeys()) await store.endIssuerKey(issuerKeyId, MONDAY_MS);
    await Promise.all(Array.from({ length: 20 }, () => issued(issuer, "registry", "live", MONDAY_MS)));
    expect((await store.issuerKeys()).filter(({ endsMs }) => endsMs === null)).toHaveLength(1);
  });
});
