import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import { parse } from "csv-parse/sync";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeSigningKey } from "#schemas/signature.ts";
import { makeToken, type Scope } from "../access/tokens.ts";
import { guardOver } from "../api/auth.ts";
import { fillWithGolden, GOLDEN_DIRECTORY, GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { registerReportRoutes } from "../api/report-routes.ts";
import { openSessions } from "../api/sessions.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { openRecentRows } from "./recent-rows.ts";
import { registerTrendsRoutes } from "./trends-routes.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);
/** What the page's tables hold of the file. */
const COLUMNS = [
  ...["votes_valid", "green", "yellow", "red"],
  ...["reason_wait", "reason_staff", "reason_return", "reason_outcome", "reason_none"],
  ...["green_pct", "green_ci_low", "green_ci_high", "served", "participation_pct"],
];

describe("the page of trends", () => {
  const noted: string[] = [];
  let store: Store;
  let server: FastifyInstance;
  let nowMs: number;
  let isEmpty: boolean;

  beforeEach(async () => {
    nowMs = NOW_MS;
    isEmpty = false;
    noted.length = 0;
    const inner = openSqliteStore(":memory:", NOW_MS);
    store = {
      ...inner,
      provedMonths: async () =>
        new Map([...(isEmpty ? [] : ["2026-09"]), "2026-10"].map((month) => [month, 1])),
      countSpans: async (spans) => (isEmpty ? [] : inner.countSpans(spans)),
      noteAccess: async (_, what) => {
        noted.push(what);
      },
    };
    await fillWithGolden(store);
    server = fastify();
    server.decorateRequest("asker", null);
    await server.register(cookie);
    const nothing = () => undefined;
    const parts = {
      ...{ store, directory: GOLDEN_DIRECTORY, settings: { ...GOLDEN_SETTINGS, sample: true } },
      ...{ sessions: openSessions({ store, randomBytes, isSecure: false }), nowMs: () => nowMs },
    };
    registerTrendsRoutes(server, { ...parts, readRows: openRecentRows(parts) });
    registerReportRoutes(server, {
      ...{
        ...parts,
        key: makeSigningKey(),
        guard: guardOver(parts),
        log: { info: nothing, warn: nothing, error: nothing },
      },
    });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const headersFor = async (scopes: readonly Scope[], officeId: string | null = null) => {
    const { text, record } = makeToken({
      name: "test",
      scopes,
      officeId,
      days: 1,
      nowMs: NOW_MS,
      randomBytes,
    });
    await store.addToken(record);
    return { authorization: `Bearer ${text}` };
  };
  const ask = async (query: string, scopes: readonly Scope[] = ["reports"], officeId: string | null = null) =>
    server.inject({ url: `/trends?lang=en&${query}`, headers: await headersFor(scopes, officeId) });

  it.each(["day", "week", "month"])(
    "holds, by %s, cell by cell what the file for the same days holds",
    async (by) => {
      for (const [exact, scopes] of [
        ["", ["reports"]],
        ["&exact=1", ["reports", "reports:exact"]],
      ] as const) {
        const query = `from=2026-09-07&to=2026-11-02&by=${by}${exact}`;
        const page = (await ask(query, scopes)).body;
        const file = await server.inject({
          url: `/reports/aggregate.csv?${query}`,
          headers: await headersFor(scopes),
        });
        const rows: Readonly<Record<string, string>>[] = parse(file.body, { columns: true });
        const asked = rows.filter((row) => row["wording_version"] !== "");
        expect(asked.length).toBeGreaterThan(0);
        const shown = rowsOf(page);
        expect(shown.size).toBe(asked.length);
        for (const row of asked) {
          const key = `${row["period"]} ${row["site"]} ${row["office_id"]} ${row["service_id"]} ${row["wording_version"]?.padStart(4, "0")}`;
          expect([key, shown.get(key)]).toEqual([
            key,
            Object.fromEntries(COLUMNS.map((column) => [column, row[column]])),
          ]);
        }
      }
    },
  );

  it("ends before today, so that nobody learns a vote from reading it again and again", async () => {
    const late = await ask("to=2026-11-25");
    expect(late.statusCode).toBe(400);
    expect(late.body).toContain("must be at most 2026-11-24: today is not over");
    expect((await ask("exact=1", ["reports", "reports:exact"])).body).toContain(
      "From 1 Dec 2025 to 23 Nov 2026",
    );
  });

  it("ends with the last month that is closed and proved for who may not read exact figures", async () => {
    expect((await ask("")).body).toContain("From 1 Dec 2025 to 31 Oct 2026");
    expect((await ask("from=2026-11-01")).body).toContain("Nothing of these days is shown yet");
  });

  it("says what is wrong with the question, where, and what to do", async () => {
    for (const [query, problem] of [
      ["by=year", "by = year: must be one of day, week, month"],
      ["from=yesterday", "from = yesterday: must be a day, YYYY-MM-DD"],
      ["from=2026-11-01&to=2026-10-01", "must be before to"],
      ["from=1990-01-01", "must be at most 1008 days before to"],
      ["office=palace", "office = palace: must be an office that you may see"],
      ["office=tributi&service=anagrafe", "service = anagrafe: must be a service of the office"],
      [`office=${"x".repeat(5_000)}`, "…: must be an office"],
    ] as const) {
      const { statusCode, body } = await ask(query);
      expect([query, statusCode]).toEqual([query, 400]);
      expect(body).toContain(problem);
    }
  });

  it("shows exact figures to who may read them, and notes it; to nobody else", async () => {
    expect((await ask("exact=1")).statusCode).toBe(403);
    expect(noted).toEqual([]);
    expect((await ask("exact=1", ["reports", "reports:exact"])).statusCode).toBe(200);
    expect(noted).toEqual(["trends?exact=1"]);
    await ask("", ["reports", "reports:exact"]);
    expect(noted).toHaveLength(1);
  });

  it("shows an office nothing but its own, whatever it asks for", async () => {
    const own = (await ask("from=2026-09-01&to=2026-11-01", ["reports"], "tributi")).body;
    expect([...rowsOf(own).keys()].length).toBeGreaterThan(0);
    for (const key of rowsOf(own).keys()) expect(key).toContain(" tributi ");
    expect(own).not.toContain("Demografici");
    expect((await ask("office=demografici", ["reports"], "tributi")).statusCode).toBe(400);
  });

  it("reads what anybody may see once a minute, and exact figures each time", async () => {
    const rowsFor = async (query: string, scopes: readonly Scope[] = ["reports"]) =>
      rowsOf((await ask(`from=2026-09-01&to=2026-11-01${query}`, scopes)).body).size;
    const both = ["reports", "reports:exact"] as const;
    const [seen, exact] = [await rowsFor(""), await rowsFor("&exact=1", both)];
    isEmpty = true;
    expect(await rowsFor("")).toBe(seen);
    expect(await rowsFor("&exact=1", both)).not.toBe(exact);
    nowMs += 61_000;
    expect(await rowsFor("")).not.toBe(seen);
  });

  it("is closed to strangers and to who may not read reports", async () => {
    expect((await server.inject("/trends")).statusCode).toBe(303);
    expect((await ask("", ["fleet"])).statusCode).toBe(403);
  });
});

/** The page's rows by their keys, their cells as the file writes them: no groups of thousands, empty where nothing is shown. */
function rowsOf(page: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  return new Map(
    [...page.matchAll(/<tr data-row="([^"]+)">(.*?)<\/tr>/gs)].map(([, key = "", cells = ""]) => [
      key,
      // One cell has both ends of the interval; where it is hidden, it has neither.
      {
        green_ci_low: "",
        green_ci_high: "",
        ...Object.fromEntries(
          [...cells.matchAll(/data-column="(\w+)">([^<]*)</g)].map(([, column, text = ""]) => [
            column,
            text === "hidden" || text === "–" ? "" : text.replaceAll(",", "").replace("%", ""),
          ]),
        ),
      },
    ]),
  );
}
