/** A file in pages: one after the other they are the file, and a cursor is good for nothing else. */
import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import fc from "fast-check";
import fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSigningKey } from "#schemas/signature.ts";
import { makeToken } from "../access/tokens.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { guardOver } from "./auth.ts";
import { fillWithGolden, GOLDEN_DIRECTORY, GOLDEN_SETTINGS } from "./golden-votes.fixture.ts";
import { registerReportRoutes } from "./report-routes.ts";
import { openSessions } from "./sessions.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const silent = () => undefined;
let store: Store;
let server: FastifyInstance;
let headers: { readonly authorization: string };
let ofOneOffice: typeof headers;

beforeAll(async () => {
  store = openSqliteStore(":memory:", NOW_MS);
  await fillWithGolden(store);
  server = fastify();
  server.decorateRequest("asker", null);
  await server.register(cookie);
  registerReportRoutes(server, {
    ...{ store, directory: GOLDEN_DIRECTORY, settings: GOLDEN_SETTINGS, key: makeSigningKey() },
    guard: guardOver({
      store,
      sessions: openSessions({ store, randomBytes, isSecure: false }),
      nowMs: () => NOW_MS,
    }),
    nowMs: () => NOW_MS,
    log: { info: silent, warn: silent, error: silent },
  });
  const scopes = ["reports", "reports:exact"] as const;
  const bearer = async (officeId: string | null) => {
    const made = makeToken({ name: "test", scopes, officeId, days: 1, nowMs: NOW_MS, randomBytes });
    await store.addToken(made.record);
    return { authorization: `Bearer ${made.text}` };
  };
  headers = await bearer(null);
  ofOneOffice = await bearer("tributi");
});
afterAll(async () => {
  await server.close();
  await store.close();
});

const get = async (url: string, as = headers) => server.inject({ url: `/reports/${url}`, headers: as });
const nextOf = (link: unknown) => /<([^>]+)>; rel="next"/.exec(String(link))?.[1] ?? null;
/** All pages of a file, as somebody fetches them who only follows the links. */
const pagesOf = async (url: string, limit: number, as = headers) => {
  const pages: string[] = [];
  for (let next: string | null = `${url}&limit=${limit}`; next !== null; ) {
    const answer = await get(next, as);
    expect(answer.statusCode).toBe(200);
    pages.push(answer.body);
    next = nextOf(answer.headers.link);
  }
  return pages;
};
const firstCursor = async (url: string) => {
  const { headers: answered } = await get(`${url}&limit=3`);
  return new URLSearchParams(nextOf(answered.link)?.split("?")[1]).get("cursor") ?? "";
};
const MONTH = "aggregate.csv?month=2026-10&by=day";

describe("a file in pages", () => {
  it("is the whole file, byte for byte, whatever the report and the number of rows", async () => {
    const reports = fc.record({
      from: fc.constantFrom("2026-01-01", "2026-03-20", "2026-10-01", "2026-10-15"),
      to: fc.constantFrom("2026-10-26", "2026-11-01", "2027-01-01"),
      by: fc.constantFrom("hour", "day", "week", "month"),
      form: fc.constantFrom("csv", "ndjson", "csv excel"),
      exact: fc.constantFrom("0", "1"),
    });
    await fc.assert(
      fc.asyncProperty(
        reports,
        fc.integer({ min: 1, max: 40 }),
        async ({ from, to, by, form, exact }, limit) => {
          const [format = "", excel] = form.split(" ");
          const query = `from=${from}&to=${to}&by=${by}&exact=${exact}${excel ? "&profile=excel-it" : ""}`;
          const url = `aggregate.${format}?${query}`;
          const whole = (await get(url)).body;
          const rows = whole.split("\n").length - (format === "csv" ? 2 : 1);
          const pages = await pagesOf(url, Math.max(limit, Math.ceil(rows / 20)));
          expect(pages.join("")).toBe(whole);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is one page where everything has room, and the header alone where there is nothing", async () => {
    expect(await pagesOf("monthly.csv?month=2026-10", 10_000)).toEqual([
      (await get("monthly.csv?month=2026-10")).body,
    ]);
    expect(await pagesOf("monthly.csv?month=2020-01&exact=1", 1)).toEqual([
      (await get("monthly.csv?month=2020-01&exact=1")).body,
    ]);
  });

  it("refuses a cursor that was changed, made up, or given for another query", async () => {
    const cursor = await firstCursor(MONTH);
    expect((await get(`${MONTH}&limit=3&cursor=${cursor}`)).statusCode).toBe(200);
    const [place = "", tag = ""] = cursor.split(".");
    const other = Buffer.from(place, "base64url").toString().replace("2026-10-", "2026-09-");
    const wrong = [
      `${MONTH}&limit=3&cursor=`,
      `${MONTH}&limit=3&cursor=${place}`,
      `${MONTH}&limit=3&cursor=${cursor}.`,
      `${MONTH}&limit=3&cursor=${place}.${"0".repeat(32)}`,
      `${MONTH}&limit=3&cursor=${place}.${"%C3%A8".repeat(32)}`,
      `${MONTH}&limit=3&cursor=${Buffer.from(other).toString("base64url")}.${tag}`,
      `${MONTH}&limit=3&cursor=${"a".repeat(1_001)}`,
      `${MONTH}&limit=3&exact=1&cursor=${cursor}`,
      `${MONTH}&limit=3&profile=excel-it&cursor=${cursor}`,
      `aggregate.ndjson?month=2026-10&by=day&limit=3&cursor=${cursor}`,
      `aggregate.csv?month=2026-10&by=week&limit=3&cursor=${cursor}`,
      `monthly.csv?month=2026-10&limit=3&cursor=${cursor}`,
    ];
    for (const url of wrong) {
      const answer = await get(url);
      expect(answer.statusCode, url).toBe(400);
      expect(answer.json().message).toContain("cursor");
    }
  });

  it("shows who reads for one office that office alone, and takes nobody else's cursor", async () => {
    const whole = (await get(MONTH, ofOneOffice)).body;
    const pages = await pagesOf(MONTH, 2, ofOneOffice);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.join("")).toBe(whole);
    const [, ...rows] = whole.trimEnd().split("\r\n");
    expect(new Set(rows.map((row) => row.split(",")[3]))).toEqual(new Set(["tributi"]));
    expect((await get(MONTH)).body).toContain("demografici");
    const cursor = await firstCursor(MONTH);
    expect((await get(`${MONTH}&limit=3&cursor=${cursor}`, ofOneOffice)).statusCode).toBe(400);
  });

  it("says that the figures have changed instead of going on with others", async () => {
    const url = "aggregate.csv?month=2026-03&by=day";
    const cursor = await firstCursor(url);
    const count = { officeId: "tributi", serviceId: "imu", day: "2026-03-30", served: 77 };
    await store.putServed([count], NOW_MS);
    const answer = await get(`${url}&limit=3&cursor=${cursor}`);
    expect(answer.statusCode).toBe(409);
    expect(answer.json().message).toContain("have changed");
    // Another month is not concerned.
    expect((await get(`${MONTH}&limit=3&cursor=${await firstCursor(MONTH)}`)).statusCode).toBe(200);
  });

  it.each([
    ["limit=0", "from 1 to 10000"],
    ["limit=10001", "from 1 to 10000"],
    ["limit=1e3", "from 1 to 10000"],
    ["cursor=a", "limit: is missing"],
  ])("refuses %s and says what is expected", async (page, words) => {
    const answer = await get(`${MONTH}&${page}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toContain(words);
  });

  it.each(["json", "xlsx"])("does not exist of %s, a part of which would be no file", async (format) => {
    const answer = await get(`monthly.${format}?month=2026-10&limit=3`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toContain("comes whole");
  });
});
