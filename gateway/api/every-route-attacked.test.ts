import { randomBytes } from "node:crypto";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "#schemas/time.ts";
import { makeToken, SCOPES } from "../access/tokens.ts";
import { HOST, type Sent, type WholeServer, wholeServer } from "./every-route.fixture.ts";
import { ROUTE_TABLE, type Row, type Who } from "./route-table.fixture.ts";

/** One row of each route. */
const ROUTES = [...new Map(ROUTE_TABLE.map((row) => [row.route, row])).values()];
const GUARDED = ROUTES.filter(({ door }) => door !== "open");
const POSTS = ROUTES.filter(({ route }) => route.startsWith("POST "));
const FORMS = POSTS.filter(({ form }) => form !== undefined);
const LOOKS = ROUTES.filter(({ route }) => route.startsWith("GET "));
const LARGE = 1_048_576;
const DEED = { atMs: 0, kind: "account-changed", byId: "", byName: "", what: "" } as const;

describe("no route", () => {
  let whole: WholeServer;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 8, 10, 12);
    whole = await wholeServer(() => nowMs);
  });
  afterEach(() => whole.close());

  /** What each route says to a nobody: to anybody who only seems to be somebody it must say the same. */
  const answersTo = async (sent: Sent, rows: readonly Row[] = GUARDED) => {
    const answers: (readonly [route: string, status: number, to: string])[] = [];
    for (const row of rows) {
      const { status, to } = await whole.send(row, sent);
      answers.push([row.route, status, to]);
    }
    return answers;
  };
  const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });
  const token = async (days = 1) => {
    const made = makeToken({ name: "all", scopes: SCOPES, days, nowMs, randomBytes });
    await whole.store.addToken(made.record);
    return made;
  };

  it("takes a forged, an expired or a revoked token, nor one in another place", async () => {
    const asNobody = await answersTo({ headers: {} });
    expect(JSON.stringify(asNobody)).not.toMatch(/,20\d,/);
    const [good, revoked, short] = [await token(2), await token(), await token()];
    await whole.store.revokeToken(revoked.record.tokenId, nowMs);
    nowMs += DAY_MS;
    const { text } = good;
    const forged = `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`;
    for (const bad of [forged, revoked.text, short.text, text.toUpperCase(), `${text} ${text}`, ""])
      expect(await answersTo(bearer(bad))).toEqual(asNobody);
    expect(await answersTo({ headers: { authorization: `Basic ${text}` } })).toEqual(asNobody);
    expect(await answersTo({ headers: { cookie: `${whole.sessions.cookie.name}=${text}` } })).toEqual(
      asNobody,
    );
    expect(await answersTo(bearer(text))).not.toEqual(asNobody);
  });

  it("takes the session of who was signed out, disabled, idle or away, nor a made-up one", async () => {
    const asNobody = await answersTo({ headers: {} });
    const name = whole.sessions.cookie.name;
    const asked = async (cookie: string) => answersTo({ headers: { cookie } });
    const of = async (who: Who) => (await whole.headersOf(who))["cookie"] ?? "";
    const [viewer, office, operator, admin] = [
      await of("viewer"),
      await of("office"),
      await of("operator"),
      await of("admin"),
    ];
    for (const cookie of [viewer, office, operator, admin]) expect(await asked(cookie)).not.toEqual(asNobody);
    // Asking for `/sign-out` with its form would have ended them.
    for (const madeUp of ["a".repeat(43), "", "a".repeat(5_000), "%00", "../../etc/passwd"])
      expect(await asked(`${name}=${madeUp}`)).toEqual(asNobody);
    await whole.sessions.end(viewer.slice(name.length + 1), nowMs);
    expect(await asked(viewer)).toEqual(asNobody);
    await whole.store.changeAccount("id-office", { disabledMs: nowMs }, DEED);
    expect(await asked(office)).toEqual(asNobody);
    await whole.store.changeAccount("id-operator", { role: "viewer" }, DEED);
    expect(await asked(operator)).toEqual(asNobody);
    nowMs += 3 * HOUR_MS;
    expect(await asked(admin)).toEqual(asNobody);
  });

  it("takes a form that another site, another session or no page of ours has filled in", async () => {
    const { cookie = "" } = await whole.headersOf("admin");
    const formToken = await whole.formTokenOf("admin");
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "", origin: "https://evil.example" },
      { "sec-fetch-site": "", origin: "null" },
    ];
    for (const headers of foreign) {
      for (const row of FORMS) {
        const { status } = await whole.send(row, { headers: { cookie, ...headers }, formToken });
        expect([row.route, headers, status]).toEqual([row.route, headers, 403]);
      }
    }
    const theirs = await whole.formTokenOf("operator");
    for (const row of FORMS.filter(({ door }) => door === "form")) {
      for (const wrong of [theirs, "", "x".repeat(43), formToken.slice(1)]) {
        const { status } = await whole.send(row, { headers: { cookie }, formToken: wrong });
        expect([row.route, wrong, status]).toEqual([row.route, wrong, 403]);
      }
    }
    // It was a good session all along.
    expect(await whole.sessions.find(cookie.split("=")[1] ?? "", nowMs)).not.toBeNull();
  });

  it("acts for a cookie that comes with something else than a form of ours", async () => {
    const { cookie = "" } = await whole.headersOf("admin");
    for (const row of POSTS.filter(({ door }) => door !== "open")) {
      for (const type of ["text/plain", "application/json", "multipart/form-data; boundary=x"]) {
        const { status } = await whole.send(row, { headers: { cookie, "content-type": type }, body: "{}" });
        expect([row.route, type, status >= 400 && status < 500]).toEqual([row.route, type, true]);
      }
    }
    expect(await whole.sessions.find(cookie.split("=")[1] ?? "", nowMs)).not.toBeNull();
  });

  it("believes or repeats where it is told to be", async () => {
    const { cookie = "" } = await whole.headersOf("admin");
    const headers = {
      ...{ cookie, host: "evil.example", "x-forwarded-host": "evil.example", forwarded: "host=evil.example" },
      ...{ "x-original-url": "/evil.example", referer: "https://evil.example/" },
    };
    for (const row of LOOKS) {
      const answer = await whole.send(row, { headers });
      expect([row.route, `${answer.headers}${answer.text}`.includes("evil.example")]).toEqual([
        row.route,
        false,
      ]);
    }
  });

  it("lets what is in an address into its headers, or into its page as HTML", async () => {
    const { cookie = "" } = await whole.headersOf("admin");
    for (const value of [
      "%0d%0ax-evil:%201",
      "%0aset-cookie:evil=1",
      "%22%3E%3Cscript%3Eevil%3C/script%3E",
    ]) {
      for (const name of ["lang", "next", "key", "from", "by", "before", "place", "month"]) {
        for (const row of LOOKS) {
          const { headers, text, status } = await whole.send(row, {
            headers: { cookie },
            query: `${name}=${value}`,
          });
          expect([row.route, name, value, /"x-evil"|evil=1"/.test(headers)]).toEqual([
            row.route,
            name,
            value,
            false,
          ]);
          expect([row.route, name, text.includes("<script>evil")]).toEqual([row.route, name, false]);
          expect([row.route, name, status < 500 || status === 503]).toEqual([row.route, name, true]);
        }
      }
    }
  });

  it("leads out of its folder", async () => {
    const { cookie = "" } = await whole.headersOf("admin");
    const ways = [
      "..%2f..%2f..%2f..%2fetc%2fpasswd",
      "..%5c..%5cgateway.db",
      "%2e%2e/%2e%2e/gateway.db",
      "%00",
      "....//gateway.db",
    ];
    for (const folder of [
      "/public/",
      "/public/proof/",
      "/public/verify/",
      "/public/proof/months/",
      "/fonts/",
      "/alarms/",
      "/api/v1/totems/",
      "/",
    ]) {
      for (const way of [
        ...ways,
        ...ways.map((one) => `${one}/readiness`),
        "/etc/passwd",
        "gateway.db",
        "a".repeat(5_000),
      ]) {
        const row: Row = { route: `GET ${folder}${way}`, door: "open", in: [], answer: 404 };
        const { status, text } = await whole.send(row, { headers: { cookie } });
        expect([folder, way, [400, 404, 414].includes(status)]).toEqual([folder, way, true]);
        expect(text).not.toContain("root:");
      }
    }
  });

  it("fails over a megabyte in its body, whoever sends it, and judges none of a stranger's", async () => {
    const bodies: readonly string[] = [
      ...["x", "[", "&", "%", " "].map((letter) => letter.repeat(LARGE)),
      ...[`{"service":"${"x".repeat(LARGE)}"}`, `name=${"x".repeat(LARGE)}`],
    ];
    const asNobody = await answersTo(
      { headers: {} },
      POSTS.filter(({ door }) => door === "api"),
    );
    const { text } = await token();
    for (const body of bodies) {
      expect(
        await answersTo(
          { headers: {}, body },
          POSTS.filter(({ door }) => door === "api"),
        ),
      ).toEqual(asNobody);
      for (const headers of [{}, await whole.headersOf("admin"), bearer(text).headers]) {
        for (const [route, status] of await answersTo({ headers, body }, POSTS))
          expect([route, body.slice(0, 9), Number(status) < 500]).toEqual([route, body.slice(0, 9), true]);
      }
    }
  });

  it("sees a megabyte of address or headers", async () => {
    await whole.server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = whole.server.server.address() as AddressInfo;
    const first = (head: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.write(head));
        socket.once("data", (data) => {
          resolve(String(data).split("\r\n")[0] ?? "");
          socket.destroy();
        });
        socket.once("error", () => resolve("cut off"));
      });
    const large = "x".repeat(LARGE);
    for (const head of [
      `GET /?next=${large} HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`,
      `GET / HTTP/1.1\r\nhost: ${HOST}\r\ncookie: faccine-session=${large}\r\n\r\n`,
      `GET /api/v1/status HTTP/1.1\r\nhost: ${HOST}\r\nauthorization: Bearer ${large}\r\n\r\n`,
    ])
      expect(await first(head)).toMatch(/^HTTP\/1\.1 431|^cut off$/);
    expect(await first(`GET /healthz HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`)).toBe("HTTP/1.1 200 OK");
  });
});
