import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeSigningKey, signingKeyPem } from "#schemas/signature.ts";
import { DAY_MS, MINUTE_MS } from "#schemas/time.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import {
  addIssuerKey,
  HANDOVER_MS,
  type KeyParts,
  makeIssuerKey,
  rotateIssuerKey,
  signerOf,
} from "./issuer-keys.ts";
import { keysInForce } from "./keys-in-force.ts";

const OFFICE = "front-office";
/** A ticket's validity with clocks that differ. */
const VALID_MINUTES = 71;

describe("the keys that sign an office's tickets", () => {
  let store: Store;
  let dataDir: string;
  let nowMs: number;
  let parts: KeyParts;
  beforeEach(() => {
    nowMs = Date.UTC(2026, 10, 26, 9);
    store = openSqliteStore(":memory:", nowMs);
    dataDir = mkdtempSync(join(tmpdir(), "faccine-keys-"));
    parts = { store, dataDir, nowMs: () => nowMs, randomBytes };
  });
  afterEach(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  const inForce = async (purpose: "live" | "test" = "live") =>
    keysInForce(await store.issuerKeys(), { officeId: OFFICE, purpose, atMs: nowMs }).map(
      ({ number }) => number,
    );

  it("lie here in a file of their owner's, and sign until they are replaced", async () => {
    expect(await signerOf(parts, OFFICE, "live")).toBeNull();
    const { record } = await makeIssuerKey(parts, OFFICE, "live");
    expect((await signerOf(parts, OFFICE, "live"))?.record).toEqual(record);
    expect(await signerOf(parts, "tax-office", "live")).toBeNull();
    expect(await signerOf(parts, OFFICE, "test")).toBeNull();
    const [file = ""] = readdirSync(join(dataDir, "keys"));
    expect(file).toBe(`issuer-${record.issuerKeyId}.key`);
    expect(statSync(join(dataDir, "keys", file)).mode & 0o777).toBe(0o600);
  });

  it("when replaced sign for a day more, so that every totem knows the new one first, and are taken until their last ticket has run out", async () => {
    await makeIssuerKey(parts, OFFICE, "live");
    nowMs += 90 * DAY_MS;
    const { made, before, fromMs } = await rotateIssuerKey(parts, OFFICE, "live", VALID_MINUTES);
    expect([made.number, before?.number, fromMs]).toEqual([2, 1, nowMs + HANDOVER_MS]);
    nowMs = fromMs - 1;
    expect((await signerOf(parts, OFFICE, "live"))?.record.number).toBe(1);
    nowMs = fromMs;
    expect((await signerOf(parts, OFFICE, "live"))?.record.number).toBe(2);
    nowMs = fromMs + VALID_MINUTES * MINUTE_MS - 1;
    expect(await inForce()).toEqual([1, 2]);
    nowMs += 1;
    expect(await inForce()).toEqual([2]);
  });

  it("are not replaced twice before the first new one has taken over: it would be taken for ever and sign nothing", async () => {
    await makeIssuerKey(parts, OFFICE, "live");
    nowMs += 2 * DAY_MS;
    const { made } = await rotateIssuerKey(parts, OFFICE, "live", VALID_MINUTES);
    await expect(rotateIssuerKey(parts, OFFICE, "live", VALID_MINUTES)).rejects.toThrow(
      `${made.issuerKeyId} is to take over already`,
    );
    expect(await inForce()).toEqual([1, 2]);
    nowMs += 2 * DAY_MS;
    await rotateIssuerKey(parts, OFFICE, "live", VALID_MINUTES);
    expect(await inForce()).toEqual([2, 3]);
  });

  it("that are revoked during their last day leave the new one to sign at once", async () => {
    const { record } = await makeIssuerKey(parts, OFFICE, "live");
    await rotateIssuerKey(parts, OFFICE, "live", VALID_MINUTES);
    expect((await signerOf(parts, OFFICE, "live"))?.record.number).toBe(1);
    await store.endIssuerKey(record.issuerKeyId, nowMs);
    expect((await signerOf(parts, OFFICE, "live"))?.record.number).toBe(2);
  });

  it("that were revoked sign nothing: another one is needed", async () => {
    const { record } = await makeIssuerKey(parts, OFFICE, "live");
    await store.endIssuerKey(record.issuerKeyId, nowMs);
    expect(await signerOf(parts, OFFICE, "live")).toBeNull();
    expect(await inForce()).toEqual([]);
    expect((await makeIssuerKey(parts, OFFICE, "live")).record.number).toBe(2);
  });

  it("whose file is lost, or is another key's, sign nothing", async () => {
    const { record } = await makeIssuerKey(parts, OFFICE, "live");
    const file = join(dataDir, "keys", `issuer-${record.issuerKeyId}.key`);
    writeFileSync(file, signingKeyPem(makeSigningKey()));
    expect(await signerOf(parts, OFFICE, "live")).toBeNull();
    rmSync(file);
    expect(await signerOf(parts, OFFICE, "live")).toBeNull();
  });

  it("made elsewhere are taken beside the gateway's, and replaced by nobody here", async () => {
    await makeIssuerKey(parts, OFFICE, "live");
    const { publicKeyHex } = makeSigningKey();
    const added = await addIssuerKey(parts, OFFICE, "live", publicKeyHex);
    expect((await signerOf(parts, OFFICE, "live"))?.record.number).toBe(1);
    const { before, fromMs } = await rotateIssuerKey(parts, OFFICE, "live", VALID_MINUTES);
    expect(before?.number).toBe(1);
    expect(await inForce()).toEqual([1, 2, 3]);
    nowMs = fromMs + VALID_MINUTES * MINUTE_MS;
    expect(await inForce()).toEqual([added.number, 3]);
    await expect(addIssuerKey(parts, OFFICE, "live", publicKeyHex)).rejects.toThrow(
      `as ${added.issuerKeyId}`,
    );
  });

  it("are never more than totems take: one more is refused, with the names of those there are", async () => {
    for (let count = 0; count < 3; count += 1) await makeIssuerKey(parts, OFFICE, "live");
    await expect(makeIssuerKey(parts, OFFICE, "live")).rejects.toThrow(/3 live keys in force.*revoke one of/);
    await expect(addIssuerKey(parts, OFFICE, "live", makeSigningKey().publicKeyHex)).rejects.toThrow(
      "3 live",
    );
    expect(readdirSync(join(dataDir, "keys"))).toHaveLength(3);
    await makeIssuerKey(parts, "tax-office", "live");
  });

  it("for tests are one at a time: replacing it ends the one before at once", async () => {
    await makeIssuerKey(parts, OFFICE, "test");
    await rotateIssuerKey(parts, OFFICE, "test", VALID_MINUTES);
    expect(await inForce("test")).toEqual([2]);
    await expect(makeIssuerKey(parts, OFFICE, "test")).rejects.toThrow("1 test keys in force");
  });
});
