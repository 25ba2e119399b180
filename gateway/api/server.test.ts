import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lintProblems } from "#schemas/api-lint.fixture.ts";
import { fixturesOf } from "#schemas/fixtures.fixture.ts";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS } from "#schemas/gateway-settings.ts";
import { readSettings } from "#schemas/read-settings.ts";
import type { ReadinessReport } from "#schemas/self-test.ts";
import { makeSigningKey } from "#schemas/signature.ts";
import { readSignedTicket } from "#schemas/ticket.ts";
import { DAY_MS, MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { openPasswords } from "../access/passwords.ts";
import { makeToken, type Scope } from "../access/tokens.ts";
import { directoryOf } from "../directory.ts";
import { openMetrics } from "../metrics.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { openIssuer } from "../tickets/issuer.ts";
import { buildServer, CONNECTIONS_MAX } from "./server.ts";
import { openSessions, SESSION_COOKIE } from "./sessions.ts";

const YAML = `
administration: { name: Comune di Prova, ipaCode: "" }
sites:
  - siteId: municipio
    name: Municipio
    zone: Europe/Rome
    languages: [it]
    hours: []
    offices:
      - officeId: demografici
        number: 1
        name: Demografici
        uoCode: ""
        staff: 5
        services: [{ serviceId: anagrafe, number: 3, name: Anagrafe }]
`;
const TOTEM = {
  ...{ totemId: "totem-1", siteId: "municipio", serves: null },
  ...{ publicKey: "00".repeat(32), passwordSha256: "00".repeat(32), enrolledMs: 0 },
};
const NOW_MS = Date.UTC(2026, 10, 24, 10);

describe("the gateway's server", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "faccine-server-"));
  const lines: string[] = [];
  const note = (event: string, fields?: object) => lines.push(JSON.stringify({ event, ...fields }));
  let store: Store;
  let server: FastifyInstance;
  let nowMs: number;
  let brokerReady: boolean;
  let storing: boolean;
  let sessions: ReturnType<typeof openSessions>;

  beforeEach(async () => {
    nowMs = NOW_MS;
    brokerReady = true;
    storing = true;
    lines.length = 0;
    const read = readSettings({
      shape: GATEWAY_SETTINGS,
      defaults: { ...GATEWAY_DEFAULTS, dataDir },
      yaml: YAML,
      env: {},
    });
    if (!read.ok) throw new Error(JSON.stringify(read.problem));
    const settings = read.value;
    store = openSqliteStore(":memory:", nowMs);
    sessions = openSessions({ store, randomBytes, isSecure: false });
    const directory = directoryOf(settings);
    const passwords = openPasswords(randomBytes, { logN: 4, r: 1, p: 1 });
    const parts = { settings, store, directory, sessions, passwords, nowMs: () => nowMs, randomBytes };
    server = await buildServer({
      ...parts,
      issuer: await openIssuer({
        ...parts,
        dataDir,
        dayKeys: { ofOffice: () => null },
        log: { error: note },
      }),
      metrics: openMetrics(),
      log: { info: note, warn: note, error: note },
      siteKeyOn: () => null,
      key: makeSigningKey(),
      isBrokerReady: () => brokerReady,
      isStoring: () => storing,
    });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const tokenFor = async (...scopes: Scope[]) => {
    const { text, record } = makeToken({ name: "test", scopes, days: 1, nowMs, randomBytes });
    await store.addToken(record);
    return { text, record, headers: { authorization: `Bearer ${text}` } };
  };
  const ask = (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers });
  const issue = (headers: Record<string, string>, payload: object) =>
    server.inject({ method: "POST", url: "/api/v1/tickets", headers, payload });

  it("lets nobody in without a good token of the right scope, and does not say what was wrong with one", async () => {
    const url = "/api/v1/status";
    const good = await tokenFor("fleet");
    expect((await ask(url, good.headers)).statusCode).toBe(200);
    const refusals = [
      await ask(url),
      await ask(url, { authorization: "Bearer nonsense" }),
      await ask(url, { authorization: `Basic ${good.text}` }),
      await ask(url, {
        authorization: `Bearer ${good.text.slice(0, -1)}${good.text.endsWith("A") ? "B" : "A"}`,
      }),
    ];
    await store.revokeToken(good.record.tokenId, nowMs);
    refusals.push(await ask(url, good.headers));
    const old = await tokenFor("fleet");
    nowMs += DAY_MS;
    refusals.push(await ask(url, old.headers));
    expect(refusals.map((refusal) => refusal.statusCode)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(new Set(refusals.map((refusal) => refusal.body)).size).toBe(1);
    const other = await tokenFor("issue", "reports");
    expect((await ask(url, other.headers)).json()).toEqual({ message: "this token lacks the scope fleet" });
  });

  it("shows what a totem's self-tests found to who looks after the fleet", async () => {
    const report = fixturesOf("readiness-report").find(({ isGood }) => isGood)?.value as ReadinessReport;
    const url = `/api/v1/totems/${report.totemId}/readiness`;
    const { headers } = await tokenFor("fleet");
    const unknown = await ask(url, headers);
    expect([unknown.statusCode, unknown.json()]).toEqual([
      404,
      { message: `no totem is named ${report.totemId}` },
    ]);
    await store.registerTotem({ ...TOTEM, totemId: report.totemId });
    expect((await ask(url, headers)).json()).toEqual({ reports: [] });
    await store.noteReadiness(report, nowMs);
    expect((await ask(url, headers)).json()).toEqual({ reports: [{ receivedMs: nowMs, report }] });
    expect((await ask("/api/v1/totems/NO%20ID/readiness", headers)).statusCode).toBe(400);
    expect((await ask(url, (await tokenFor("issue")).headers)).statusCode).toBe(403);
  });

  it("looks for signs of gaming for nobody without the worker agreement, nor without exact figures", async () => {
    const url = "/api/v1/watch?month=2026-10";
    expect((await ask(url, (await tokenFor("reports")).headers)).statusCode).toBe(403);
    const { headers } = await tokenFor("reports:exact");
    expect(await ask(url, headers)).toMatchObject({
      statusCode: 409,
      body: expect.stringContaining("campaign.agreement"),
    });
    for (const month of ["2026-13", "october", "", "0000-00"])
      expect((await ask(`/api/v1/watch?month=${month}`, headers)).statusCode).toBe(400);
  });

  it("takes the page's cookie for reading, never for acting", async () => {
    const cookie = await sessions.enter(await sessions.makeLink(["fleet", "issue"], nowMs), nowMs);
    const headers = { cookie: `${SESSION_COOKIE}=${cookie}` };
    expect((await ask("/api/v1/status", headers)).statusCode).toBe(200);
    expect((await issue(headers, { service: "anagrafe" })).statusCode).toBe(401);
  });

  it("issues a ticket for a service that has just ended, and counts it", async () => {
    const { headers } = await tokenFor("issue");
    const answer = await issue(headers, { service: "anagrafe" });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers["cache-control"]).toBe("no-store");
    const read = readSignedTicket(answer.json().code);
    expect(read).toMatchObject({
      ok: true,
      value: { ticket: { office: 1, service: 3, minute: minuteOf(nowMs) } },
    });
    const { rows } = await store.countRows(
      "day",
      { fromDay: "2026-11-24", toDay: "2026-11-25" },
      { fromSlot: null, limit: 9 },
    );
    expect(rows[0]?.counts.issued).toBe(1);
  });

  it("issues tickets of one office only to a token of that office", async () => {
    const made = (officeId: string) =>
      makeToken({ name: "desk", scopes: ["issue"], officeId, days: 1, nowMs, randomBytes });
    const [own, other] = [made("demografici"), made("tributi")];
    for (const { record } of [own, other]) await store.addToken(record);
    const status = async ({ text }: { readonly text: string }) =>
      (await issue({ authorization: `Bearer ${text}` }, { service: "anagrafe" })).statusCode;
    expect([await status(own), await status(other)]).toEqual([201, 403]);
  });

  it.each([
    [{ service: "nessuno" }, 422, "service"],
    [{ service: "anagrafe", endedAtMs: NOW_MS - 61 * MINUTE_MS }, 422, "endedAtMs"],
    [{ service: "anagrafe", endedAtMs: NOW_MS + 6 * MINUTE_MS }, 422, "endedAtMs"],
    [{ service: "anagrafe", endedAtMs: "now" }, 400, "endedAtMs"],
    [{ service: "anagrafe", operator: "rossi" }, 400, "additional properties"],
    [{}, 400, "service"],
    [{ service: "x".repeat(41) }, 400, "service"],
  ])("refuses to issue a ticket for %j and names what is wrong", async (payload, status, word) => {
    const { headers } = await tokenFor("issue");
    const answer = await issue(headers, payload);
    expect([answer.statusCode, answer.json().message.includes(word)]).toEqual([status, true]);
  });

  it("answers a ticket as the picture that is asked for, and refuses a form it has not", async () => {
    const { headers } = await tokenFor("issue");
    const as = async (accept: string) => {
      const answer = await issue({ ...headers, accept }, { service: "anagrafe" });
      return { type: answer.headers["content-type"], status: answer.statusCode, bytes: answer.rawPayload };
    };
    const png = await as("image/png");
    expect([png.status, png.type, png.bytes.subarray(1, 4).toString()]).toEqual([201, "image/png", "PNG"]);
    const svg = await as("text/html, image/svg+xml;q=0.8");
    expect([svg.status, svg.type, svg.bytes.subarray(0, 4).toString()]).toEqual([
      201,
      "image/svg+xml",
      "<svg",
    ]);
    for (const accept of ["*/*", "application/json", "APPLICATION/JSON; charset=utf-8"])
      expect((await as(accept)).type).toBe("application/json; charset=utf-8");
    expect((await as("application/pdf")).status).toBe(406);
  });

  it("issues one ticket for a request that is sent twice under a key, in whatever form, to the same asker only", async () => {
    const { headers } = await tokenFor("issue");
    const keyed = { ...headers, "idempotency-key": "till 3, receipt 17" };
    const first = await issue(keyed, { service: "anagrafe" });
    const again = await issue(keyed, { service: "anagrafe" });
    expect(again.json()).toEqual(first.json());
    expect([first, again].map((answer) => answer.headers["idempotent-replayed"])).toEqual([
      undefined,
      "true",
    ]);
    expect((await issue({ ...keyed, accept: "image/png" }, { service: "anagrafe" })).statusCode).toBe(201);
    const other = await issue(keyed, { service: "anagrafe", endedAtMs: nowMs - 1 });
    expect([other.statusCode, other.json().message]).toEqual([
      422,
      "idempotency-key: was used for another request",
    ]);
    const stranger = { ...(await tokenFor("issue")).headers, "idempotency-key": "till 3, receipt 17" };
    expect((await issue(stranger, { service: "anagrafe" })).json().code).not.toBe(first.json().code);
    expect((await issue({ ...headers, "idempotency-key": "é" }, { service: "anagrafe" })).statusCode).toBe(
      400,
    );
    const { rows } = await store.countRows(
      "day",
      { fromDay: "2026-11-24", toDay: "2026-11-25" },
      { fromSlot: null, limit: 9 },
    );
    expect(rows[0]?.counts.issued).toBe(2);
  });

  it("takes a service's end at both limits of a ticket's age", async () => {
    const { headers } = await tokenFor("issue");
    for (const endedAtMs of [nowMs - 60 * MINUTE_MS, nowMs + 5 * MINUTE_MS]) {
      expect((await issue(headers, { service: "anagrafe", endedAtMs })).statusCode).toBe(201);
    }
  });

  it("is alive always, and ready only with its broker and its store", async () => {
    expect((await ask("/healthz")).json()).toEqual({ status: "ok" });
    expect((await ask("/readyz")).statusCode).toBe(200);
    brokerReady = false;
    expect((await ask("/readyz")).json()).toEqual({ broker: false, store: true });
    expect((await ask("/readyz")).statusCode).toBe(503);
    brokerReady = true;
    storing = false;
    expect((await ask("/readyz")).json()).toEqual({ broker: true, store: false });
    storing = true;
    expect((await ask("/readyz")).statusCode).toBe(200);
    await store.close();
    expect((await ask("/readyz")).json()).toEqual({ broker: true, store: false });
  });

  it("describes them so that a linter of others finds nothing, which would find a fault", async () => {
    const document = (await ask("/api/v1/openapi.json")).json();
    expect(await lintProblems(document, "openapi.json")).toEqual([]);
    const { summary: _, responses: __, ...rest } = document.paths["/api/v1/status"].get;
    const broken = { ...document, paths: { ...document.paths, "/api/v1/status": { get: rest } } };
    expect((await lintProblems(broken, "openapi.json")).join("\n")).toContain("operation-summary");
  });

  it("describes every route of the API: what it does, who may, what it takes", async () => {
    const document = (await ask("/api/v1/openapi.json")).json();
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.entries(
      document.paths as Record<string, Record<string, { summary?: string; security?: unknown }>>,
    )
      .filter(([path]) => path.startsWith("/api/v1/"))
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
      );
    expect(operations.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "/api/v1/tickets",
        "/api/v1/status",
        "/api/v1/served",
        "/api/v1/reports/aggregate.csv",
      ]),
    );
    expect(
      operations.filter(({ summary, security }) => summary === undefined || security === undefined),
    ).toEqual([]);
  });

  it("gives figures to Prometheus that tell no face, reason, key or ticket", async () => {
    const { headers } = await tokenFor("fleet");
    const text = (await ask("/metrics", headers)).body;
    expect(text).toContain("faccine_totems 0");
    expect(text).not.toMatch(/\b(green|yellow|red|reason|anagrafe|mark)\b/);
  });

  it("turns away who asks too often, and too much at once", async () => {
    const { headers } = await tokenFor("served");
    const large = await server.inject({
      method: "POST",
      url: "/api/v1/served",
      headers: { ...headers, "content-type": "application/json" },
      payload: `"${"x".repeat(2_097_152)}"`,
    });
    expect(large.statusCode).toBe(413);
    let last = 200;
    for (let requests = 0; requests <= 600 && last !== 429; requests++)
      last = (await ask("/healthz")).statusCode;
    expect(last).toBe(429);
  });

  it("opens the page once with a link, also after a mere look at it", async () => {
    const url = `/enter?key=${await sessions.makeLink(["fleet"], nowMs)}`;
    expect((await server.inject({ method: "HEAD", url })).statusCode).toBe(404);
    expect((await ask(url)).statusCode).toBe(303);
    expect((await ask(url)).statusCode).toBe(401);
  });

  it("serves who has a token or a session while strangers behind the same proxy ask too much", async () => {
    for (let requests = 0; requests <= 600; requests++) await ask("/healthz");
    expect((await ask("/")).statusCode).toBe(429);
    const { headers } = await tokenFor("fleet");
    expect((await ask("/api/v1/status", headers)).statusCode).toBe(200);
    const cookie = `${SESSION_COOKIE}=${await sessions.enter(await sessions.makeLink(["fleet"], nowMs), nowMs)}`;
    expect((await ask("/", { cookie })).statusCode).toBe(200);
    expect((await ask("/", { authorization: "Bearer nonsense" })).statusCode).toBe(429);
    for (let requests = 0; requests <= 600; requests++) await ask("/api/v1/status", headers);
    expect((await ask("/api/v1/status", headers)).statusCode).toBe(429);
  });

  it("turns away one connection too many, and takes the next when there is room", async () => {
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const open = async () => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined).resume();
      await once(socket, "connect");
      return socket;
    };
    const sockets = await Promise.all(Array.from({ length: CONNECTIONS_MAX }, open));
    await once(await open(), "close");
    for (const socket of sockets.splice(0, 2)) {
      socket.destroy();
      await once(socket, "close");
    }
    await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200));
    for (const socket of sockets) socket.destroy();
  });

  it("fails without telling why to the outside, and with the reason in its log", async () => {
    const { headers } = await tokenFor("fleet");
    await store.close();
    const answer = await ask("/api/v1/status", headers);
    expect([answer.statusCode, answer.json()]).toEqual([
      500,
      { message: "the gateway failed; its log says why" },
    ]);
    expect(lines.join("\n")).toContain("http-failed");
    store = openSqliteStore(":memory:", nowMs);
  });

  it("logs routes, never tokens, queries or bodies", async () => {
    const { headers, text } = await tokenFor("issue", "reports");
    const { code } = (await issue(headers, { service: "anagrafe" })).json();
    await ask("/api/v1/reports/monthly.csv?month=2026-11&secret=1", headers);
    await ask(`/enter?key=${await sessions.makeLink(["fleet"], nowMs)}`);
    const log = lines.join("\n");
    expect(log).toContain("/api/v1/tickets");
    for (const secret of [text, code, "secret=1", "key=", "anagrafe"]) expect(log).not.toContain(secret);
  });

  it("answers the unknown in the same shape as everything else", async () => {
    const answer = await ask("/nothing/here");
    expect([answer.statusCode, answer.json()]).toEqual([404, { message: "there is nothing here" }]);
  });
});
