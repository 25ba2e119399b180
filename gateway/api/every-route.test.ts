import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type WholeServer, wholeServer } from "./every-route.fixture.ts";
import { PEOPLE, ROUTE_TABLE, type Row, WHO, type Who } from "./route-table.fixture.ts";

const registered = vi.hoisted(() => new Set<string>());
vi.mock("fastify", async (importOriginal) => {
  const real = await importOriginal<typeof import("fastify")>();
  const open = (options: Parameters<typeof real.default>[0]) => {
    const server = real.default(options);
    server.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) registered.add(`${one} ${url}`);
    });
    return server;
  };
  return { ...real, default: open };
});

const NOW_MS = Date.UTC(2026, 8, 10, 12);

describe("every route, for everybody", () => {
  let whole: WholeServer;
  beforeAll(async () => {
    whole = await wholeServer(() => NOW_MS);
  });
  afterAll(() => whole.close());

  const expected = (row: Row, who: Who) => {
    if (row.in.includes(who)) return row.answer;
    const isPerson = PEOPLE.includes(who);
    const isLook = row.route.startsWith("GET ");
    if (row.door === "api") return who === "nobody" || (isPerson && !isLook) ? 401 : 403;
    if (row.door === "form") return isPerson ? 403 : "sign in";
    return who === "nobody" ? "sign in" : 403;
  };

  it("has a row in the table, and the table has no other", () => {
    const named = new Set(ROUTE_TABLE.map(({ route }) => route));
    const unnamed = (routes: Iterable<string>) =>
      [...routes].filter((route) => !route.startsWith("HEAD ") && !named.has(route));
    expect(unnamed(registered)).toEqual([]);
    expect(unnamed([...registered, "POST /new"])).toEqual(["POST /new"]);
    expect([...named].filter((route) => !registered.has(route))).toEqual([]);
  });

  it.each(ROUTE_TABLE.map((row) => [`${row.route} ${row.ask ?? ""}`, row] as const))("%s", async (_, row) => {
    const found: Record<string, string | number> = {};
    for (const who of WHO) {
      const sent = { headers: await whole.headersOf(who), formToken: await whole.formTokenOf(who) };
      const { status, to } = await whole.send(row, sent);
      const isSentAway = status === 303 && to.startsWith("/sign-in?") && !row.in.includes(who);
      found[who] = isSentAway ? "sign in" : status;
    }
    expect(found).toEqual(Object.fromEntries(WHO.map((who) => [who, expected(row, who)])));
  });

  it("is looked ahead at (HEAD) by nobody who may not look", async () => {
    for (const row of ROUTE_TABLE.filter(({ route, door }) => route.startsWith("GET ") && door !== "open")) {
      const { status } = await whole.send(
        { ...row, route: row.route.replace("GET", "HEAD") },
        { headers: {} },
      );
      expect([row.route, status]).toEqual([row.route, row.door === "api" ? 401 : 303]);
    }
  });
});
