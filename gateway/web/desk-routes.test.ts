import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOUR_MS } from "#schemas/time.ts";
import { makeToken, type Scope } from "../access/tokens.ts";
import { GOLDEN_DIRECTORY, GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { openIssuer } from "../tickets/issuer.ts";
import { registerDeskRoutes } from "./desk-routes.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const OFFICE = GOLDEN_DIRECTORY.sites[0]?.offices[0];
const OTHER = GOLDEN_DIRECTORY.sites[0]?.offices[1]?.services[0]?.serviceId ?? "";
const SERVICE = OFFICE?.services[0];
const HOST = "comune.example";

describe("the desk's page", () => {
  let store: Store;
  let server: FastifyInstance;
  let dataDir: string;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = NOW_MS;
    dataDir = mkdtempSync(join(tmpdir(), "faccine-desk-"));
    store = openSqliteStore(":memory:", NOW_MS);
    const parts = { store, directory: GOLDEN_DIRECTORY, nowMs: () => nowMs, randomBytes };
    const keys = { dataDir, dayKeys: { ofOffice: () => null }, log: { error: () => undefined } };
    server = fastify();
    await server.register(cookie);
    registerDeskRoutes(server, {
      ...parts,
      settings: GOLDEN_SETTINGS,
      issuer: await openIssuer({ ...parts, ...keys }),
    });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const token = async (officeId: string | null, ...scopes: Scope[]) => {
    const made = makeToken({ name: "desk", scopes, officeId, days: 1, nowMs, randomBytes });
    await store.addToken(made.record);
    return made;
  };
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    server.inject({
      method: "POST",
      url: path,
      headers: {
        host: HOST,
        origin: `http://${HOST}`,
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
      payload: new URLSearchParams(form).toString(),
    });
  /** Signs in. @returns the cookie. */
  const signIn = async (code: string) => {
    const answer = await post("/desk/sign-in?lang=en", { code });
    return answer.statusCode === 303 ? `faccine-desk=${answer.cookies[0]?.value}` : null;
  };
  const issued = async () =>
    (
      await store.countRows(
        "day",
        { fromDay: "2026-11-24", toDay: "2026-11-26" },
        { fromSlot: null, limit: 9 },
      )
    ).rows
      .map(({ counts }) => counts.issued)
      .reduce((sum, count) => sum + count, 0);
  const keyIn = (body: string) => /name="key" value="([0-9a-f]+)"/.exec(body)?.[1] ?? "";

  it("lets in who has a token of one office to issue tickets, and nobody else", async () => {
    expect(await signIn((await token(OFFICE?.officeId ?? "", "issue")).text)).not.toBeNull();
    expect(await signIn((await token(null, "issue")).text)).toBeNull();
    expect(await signIn((await token(OFFICE?.officeId ?? "", "reports")).text)).toBeNull();
    expect(await signIn("faccine_0000000000000000_x")).toBeNull();
    const code = (await token(OFFICE?.officeId ?? "", "issue")).text;
    // As browsers send it under a policy that tells no origin.
    const browsers = { origin: "null", "sec-fetch-site": "same-origin" };
    expect((await post("/desk/sign-in", { code }, browsers)).statusCode).toBe(303);
    const wrong = await post("/desk/sign-in?lang=en", { code: "<script>" });
    expect([wrong.statusCode, wrong.body.includes("<script>")]).toEqual([401, false]);
  });

  it("prints a receipt for a service of the office, and counts it; the same form sent again prints the same", async () => {
    const session = (await signIn((await token(OFFICE?.officeId ?? "", "issue")).text)) ?? "";
    const desk = await server.inject({ url: "/desk?lang=en", headers: { cookie: session } });
    expect(desk.body).toContain(SERVICE?.name);
    const form = { service: SERVICE?.serviceId ?? "", key: keyIn(desk.body) };
    const receipt = await post("/desk/receipt?lang=en", form, { cookie: session });
    expect(receipt.statusCode).toBe(201);
    expect(receipt.body).toContain("Good until 14:00");
    expect((await post("/desk/receipt?lang=en", form, { cookie: session })).body).toBe(receipt.body);
    expect(await issued()).toBe(1);
    const next = keyIn((await server.inject({ url: "/desk", headers: { cookie: session } })).body);
    const another = await post("/desk/receipt?lang=en", { ...form, key: next }, { cookie: session });
    expect(another.body).not.toBe(receipt.body);
    expect(await issued()).toBe(2);
  });

  it("issues nothing for another office's service, without signing in, after signing out, or once the token is revoked", async () => {
    const made = await token(OFFICE?.officeId ?? "", "issue");
    const session = (await signIn(made.text)) ?? "";
    const press = (service: string, headers = { cookie: session }) =>
      post("/desk/receipt?lang=en", { service, key: "00" }, headers).then((answer) => answer.statusCode);
    expect(await press(OTHER)).toBe(422);
    const long = { service: SERVICE?.serviceId ?? "", key: "0".repeat(33) };
    expect((await post("/desk/receipt", long, { cookie: session })).statusCode).toBe(422);
    expect(await press(SERVICE?.serviceId ?? "", { cookie: "" })).toBe(401);
    const again = (await signIn(made.text)) ?? "";
    await post("/desk/sign-out", {}, { cookie: again });
    expect(await press(SERVICE?.serviceId ?? "", { cookie: again })).toBe(401);
    await store.revokeToken(made.record.tokenId, nowMs);
    expect(await press(SERVICE?.serviceId ?? "")).toBe(401);
    expect(await issued()).toBe(0);
  });

  it("ends after twelve hours", async () => {
    const made = makeToken({
      name: "d",
      scopes: ["issue"],
      officeId: OFFICE?.officeId ?? "",
      days: 9,
      nowMs,
      randomBytes,
    });
    await store.addToken(made.record);
    const session = (await signIn(made.text)) ?? "";
    const open = async () =>
      (await server.inject({ url: "/desk?lang=en", headers: { cookie: session } })).body;
    nowMs += 12 * HOUR_MS - 1;
    expect(await open()).toContain("Service finished");
    nowMs += 1;
    expect(await open()).not.toContain("Service finished");
  });

  it("takes no form of another site, or of none, and none that is too long", async () => {
    const session = (await signIn((await token(OFFICE?.officeId ?? "", "issue")).text)) ?? "";
    const form = { service: SERVICE?.serviceId ?? "", key: "00" };
    for (const origin of ["http://elsewhere.example", "null", ""]) {
      expect((await post("/desk/receipt", form, { cookie: session, origin })).statusCode).toBe(403);
    }
    for (const site of ["cross-site", "same-site", "none"]) {
      const headers = { cookie: session, "sec-fetch-site": site };
      expect((await post("/desk/receipt", form, headers)).statusCode).toBe(403);
    }
    const long = { ...form, key: "k".repeat(5_000) };
    expect((await post("/desk/receipt", long, { cookie: session })).statusCode).toBe(413);
    expect(await issued()).toBe(0);
  });
});
