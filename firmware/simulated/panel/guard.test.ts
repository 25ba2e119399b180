/** Who may ask anything of the panel, and what every answer carries. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestPanel, type TestPanel } from "./panel.fixture.ts";

let totem: TestPanel;
beforeAll(async () => {
  totem = await openTestPanel();
});
afterAll(() => totem.close());

const press = (headers: Readonly<Record<string, string>>) =>
  totem.ask("/panel/press", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: '{"key":"green"}',
  });

describe("the Host a page believes it is talking to", () => {
  const foreign = [
    "evil.example",
    "evil.example:8081",
    "127.0.0.1.evil.example",
    "localhost.evil.example:8081",
    "127.0.0.1@evil.example",
    "0.0.0.0:8081",
    "192.168.1.10:8081",
    "[::ffff:127.0.0.1]:8081",
    "not a host",
  ];
  for (const host of foreign) {
    it(`is refused as ${JSON.stringify(host)}, so that a rebound name reaches nothing`, async () => {
      for (const path of ["/", "/panel/state", "/panel/events", "/panel.js", "/nothing-here"]) {
        expect((await totem.ask(path, { headers: { host } })).status).toBe(421);
      }
      expect((await press({ host })).status).toBe(421);
    });
  }

  it("is this machine, by name or number, through any port", async () => {
    for (const host of [`127.0.0.1:${totem.port}`, "localhost", "localhost:9999", "[::1]:8081"]) {
      expect((await totem.ask("/panel/state", { headers: { host } })).status).toBe(200);
    }
  });
});

describe("the page a request comes from", () => {
  it("is the panel's own, or none", async () => {
    const host = `localhost:${totem.port}`;
    expect((await press({ host, origin: `http://${host}` })).status).toBe(200);
    expect((await press({ host })).status).toBe(200);
  });

  it("is never another site, another port, another scheme or a sandboxed frame", async () => {
    const host = `localhost:${totem.port}`;
    const foreign = [
      "http://evil.example",
      "http://localhost",
      `http://localhost:${totem.port + 1}`,
      `http://127.0.0.1:${totem.port}`,
      `https://${host}`,
      "null",
      "",
    ];
    for (const origin of foreign) expect((await press({ host, origin })).status).toBe(403);
  });
});

describe("the type of a request's body", () => {
  it("is JSON, with any parameters and in any case", async () => {
    for (const type of ["application/json", "application/json; charset=utf-8", "Application/JSON"]) {
      expect((await press({ "content-type": type })).status).toBe(200);
    }
  });

  it("is never one that a form or a foreign page can send without asking first", async () => {
    const simple = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
    for (const type of [...simple, "application/jsonp", "text/json", ""]) {
      expect((await press({ "content-type": type })).status).toBe(415);
    }
  });

  it("must be said", async () => {
    const nothing = await totem.ask("/panel/press", { method: "POST", body: '{"key":"green"}' });
    expect(nothing.status).toBe(415);
  });
});

it("A refused request presses no key", async () => {
  const before = (await totem.state()).heard.length;
  await press({ host: "evil.example" });
  await press({ origin: "http://evil.example" });
  await press({ "content-type": "text/plain" });
  expect((await totem.state()).heard).toHaveLength(before);
});

it("Foreign pages are told nothing of what they may ask: there is no preflight answer", async () => {
  const asked = await totem.ask("/panel/press", {
    method: "OPTIONS",
    headers: { "access-control-request-method": "POST" },
  });
  expect(asked.status).toBe(404);
  expect(Object.keys(asked.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
});

it("Every answer forbids inline scripts, frames, foreign sources, guessing of types and keeping", async () => {
  for (const path of ["/", "/panel/state", "/panel/words", "/panel.css", "/nothing-here"]) {
    const { headers } = await totem.ask(path);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
  }
});

describe("the address the panel listens on", () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.10", "totem.local", "localhost.evil.example", ""]) {
    it(`is never ${JSON.stringify(host)}`, async () => {
      const opening = openTestPanel({ panel: { host, port: 0 } });
      await expect(opening).rejects.toThrow(`panel.host = ${host}: must be 127.0.0.1, ::1 or localhost`);
    });
  }
});
