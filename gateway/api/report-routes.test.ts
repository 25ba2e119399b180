import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import { parse } from "csv-parse/sync";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeSigningKey } from "#schemas/signature.ts";
import { makeToken, type Scope } from "../access/tokens.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { guardOver } from "./auth.ts";
import { fillWithGolden, GOLDEN_DIRECTORY, GOLDEN_SETTINGS, goldenFile } from "./golden-votes.fixture.ts";
import { registerReportRoutes } from "./report-routes.ts";
import { openSessions, SESSION_COOKIE } from "./sessions.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);

describe("the report routes", () => {
  const accesses: string[] = [];
  const logged: string[] = [];
  let store: Store;
  let server: FastifyInstance;
  let failing: boolean;

  beforeEach(async () => {
    accesses.length = 0;
    logged.length = 0;
    failing = false;
    const inner = openSqliteStore(":memory:", NOW_MS);
    store = {
      ...inner,
      noteAccess: async (tokenId, what, atMs) => {
        accesses.push(`${tokenId} ${what} ${atMs}`);
        await inner.noteAccess(tokenId, what, atMs);
      },
      countRows: async (...page) => {
        if (failing) throw new Error("the disk is gone");
        return inner.countRows(...page);
      },
    };
    await fillWithGolden(store);
    server = fastify();
    server.decorateRequest("asker", null);
    await server.register(cookie);
    const note = (event: string, fields?: object) => logged.push(`${event} ${JSON.stringify(fields)}`);
    registerReportRoutes(server, {
      ...{ store, directory: GOLDEN_DIRECTORY, settings: { ...GOLDEN_SETTINGS, sample: true } },
      guard: guardOver({
        store,
        sessions: openSessions({ store, randomBytes, isSecure: false }),
        nowMs: () => NOW_MS,
      }),
      nowMs: () => NOW_MS,
      key: makeSigningKey(),
      log: { info: note, warn: note, error: note },
    });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const tokenFor = async (...scopes: Scope[]) => {
    const { text, record } = makeToken({ name: "test", scopes, days: 1, nowMs: NOW_MS, randomBytes });
    await store.addToken(record);
    return { headers: { authorization: `Bearer ${text}` }, tokenId: record.tokenId };
  };

  it("give the exact file to who holds the scope, and write every such reading down", async () => {
    const { headers, tokenId } = await tokenFor("reports", "reports:exact");
    const url = "/reports/aggregate.csv?from=2026-10-24&to=2026-10-27&by=hour&exact=1";
    const answer = await server.inject({ url, headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(goldenFile("hours-10.csv"));
    expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    expect(accesses).toEqual([
      `${tokenId} aggregate.csv?from=2026-10-24&to=2026-10-27&by=hour&exact=1 ${NOW_MS}`,
    ]);
  });

  it("refuse exact figures to who lacks the scope, and then write nothing down", async () => {
    const { headers } = await tokenFor("reports");
    for (const path of ["aggregate.csv", "monthly.csv"]) {
      const answer = await server.inject({ url: `/reports/${path}?month=2026-10&exact=1`, headers });
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toEqual({ message: "exact = 1: this token lacks the scope reports:exact" });
    }
    expect(accesses).toEqual([]);
  });

  it("hide small groups from everybody else, and need no entry in the log for it", async () => {
    const { headers } = await tokenFor("reports");
    const answer = await server.inject({ url: "/reports/monthly.csv?month=2026-10", headers });
    const rows: Record<string, string>[] = parse(answer.body, { columns: true });
    const visas = rows.find((row) => row["service_id"] === "visti");
    expect(visas).toMatchObject({
      suppressed: "1",
      status: "provisional",
      revision: "1",
      tz: "Europe/London",
    });
    expect(
      rows
        .flatMap((row) => [row["green"], row["yellow"], row["red"]])
        .filter((cell) => /^[1-4]$/.test(cell ?? "")),
    ).toEqual([]);
    expect(accesses).toEqual([]);
  });

  it("show without that scope what is settled, and say what is", async () => {
    const { headers } = await tokenFor("reports", "reports:exact");
    const ask = (query: string) =>
      server.inject({ url: `/reports/aggregate.csv?from=2026-12-01&to=2027-02-01${query}`, headers });
    expect((await ask("")).headers["content-disposition"]).toContain("_2026-12-01_2026-12-31_");
    expect((await ask("&exact=1")).headers["content-disposition"]).toContain("_2026-12-01_2027-01-31_");
    const running = await server.inject({ url: "/reports/monthly.csv?month=2027-01", headers });
    expect(running.statusCode).toBe(409);
    expect(running.json().message).toContain("they are through 2026-12-31; exact = 1");
  });

  it("show somebody of an office the rows of that office, in every form, and hide in them what they hide from all", async () => {
    const sessions = openSessions({ store, randomBytes, isSecure: false });
    const { headers } = await tokenFor("reports");
    const officeId = GOLDEN_DIRECTORY.service("anagrafe")?.office.officeId ?? "";
    const services = GOLDEN_DIRECTORY.office(officeId)?.office.services.map(({ serviceId }) => serviceId);
    const person = { accountId: null, name: "clerk", scopes: ["reports"], officeId };
    const own = { cookie: `${SESSION_COOKIE}=${await sessions.begin(person, NOW_MS)}` };
    for (const path of ["monthly.csv?month=2026-10", "aggregate.csv?month=2026-10&by=day"]) {
      const url = `/reports/${path}`;
      const read = async (who: typeof headers | typeof own): Promise<Record<string, string>[]> =>
        parse((await server.inject({ url, headers: who })).body, { columns: true });
      const everything = await read(headers);
      const expected = everything.filter((row) => services?.includes(row["service_id"] ?? ""));
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.length).toBeLessThan(everything.length);
      expect(await read(own)).toEqual(expected);
    }
    const json = await server.inject({ url: "/reports/monthly.json?month=2026-10", headers: own });
    const shown = (json.json() as { service_id: string }[]).map((row) => row.service_id);
    expect(shown.filter((serviceId) => services?.includes(serviceId) !== true)).toEqual([]);
    const exact = await server.inject({ url: "/reports/monthly.csv?month=2026-10&exact=1", headers: own });
    expect(exact.statusCode).toBe(403);
  });

  it("ask for a token with the right scope", async () => {
    expect((await server.inject("/reports/monthly.csv?month=2026-10")).statusCode).toBe(401);
    const { headers } = await tokenFor("served", "reports:exact");
    for (const path of [
      "aggregate.csv",
      "monthly.csv",
      "aggregate.csv-metadata.json",
      "monthly.csv-metadata.json",
    ]) {
      expect((await server.inject({ url: `/reports/${path}?month=2026-10`, headers })).statusCode).toBe(403);
    }
  });

  it("name the file after its first and last day, and say that the data are invented", async () => {
    const { headers } = await tokenFor("reports");
    const answer = await server.inject({
      url: "/reports/aggregate.csv?month=2026-10&by=week&profile=excel-it",
      headers,
    });
    expect(answer.headers["content-disposition"]).toBe(
      'attachment; filename="faccine_by-week_2026-10-01_2026-10-31_excel-it_dati-di-esempio.csv"',
    );
    expect(answer.body.startsWith("\uFEFFperiod;period_start;")).toBe(true);
  });

  it("lead from the file to its metadata and back, with the same query", async () => {
    const { headers } = await tokenFor("reports");
    const file = await server.inject({ url: "/reports/aggregate.csv?month=2026-10&by=day", headers });
    const [, path] =
      /^<([^>]+)>; rel="describedby"; type="application\/csvm\+json"$/.exec(String(file.headers["link"])) ??
      [];
    const metadata = await server.inject({ url: `/reports/${path}`, headers });
    expect(metadata.statusCode).toBe(200);
    expect(metadata.headers["content-type"]).toMatch(/^application\/csvm\+json/);
    const described = metadata.json();
    const again = await server.inject({ url: `/reports/${described.url}`, headers });
    expect(again.body).toBe(file.body);
    const [header] = parse(file.body, { to: 1 });
    expect(described.tableSchema.columns.map((column: { titles: string }) => column.titles)).toEqual(header);
    expect(described["dc:title"]).toContain("dati di esempio");
  });

  it("answer a wrong query with the parameter, its value and what is expected", async () => {
    const { headers } = await tokenFor("reports");
    for (const path of ["aggregate.csv", "aggregate.csv-metadata.json"]) {
      const answer = await server.inject({ url: `/reports/${path}?month=2026-10&by=minute`, headers });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toEqual({ message: "by = minute: must be one of hour, day, week, month" });
    }
    const twice = await server.inject({ url: "/reports/monthly.csv?month=2026-10&month=2026-11", headers });
    expect(twice.json()).toEqual({ message: "month: must be given once" });
  });

  it("give a file with its header alone for days in which nothing happened", async () => {
    const { headers } = await tokenFor("reports");
    const answer = await server.inject({ url: "/reports/aggregate.csv?month=2026-01&by=day", headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.body.split("\r\n")).toHaveLength(2);
  });

  it("do not pass off a file that broke in the middle as whole, and say so in the log", async () => {
    const { headers } = await tokenFor("reports");
    failing = true;
    const answer = await server
      .inject({ url: "/reports/aggregate.csv?month=2026-10&by=day", headers })
      .then((response) => response.statusCode)
      .catch(() => "broken off");
    expect(answer).not.toBe(200);
    expect(logged).toEqual(['report-failed {"message":"the disk is gone"}']);
  });
});
