/** The panel's printer: asks the gateway for a ticket and passes on nothing but the ticket. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestPanel, postTo } from "./panel.fixture.ts";
import { canPrint, printTicket } from "./tickets.ts";

type Issuer = { readonly url: string; readonly close: () => Promise<void> };

let folder: string;
let tokenFile: string;
const closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-printer-"));
  tokenFile = join(folder, "issuer.token");
  writeFileSync(tokenFile, "the-issuers-token\n");
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function issuer(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<Issuer> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    answer(request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the issuer has no port");
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  closers.push(close);
  return { url: `http://127.0.0.1:${address.port}/api/v1/tickets`, close };
}

const simulated = (issuerUrl: string | null) => ({ issuerUrl, issuerTokenFile: tokenFile, bounce: true });

describe("printing a ticket", () => {
  it("asks as the desk's software would and gives back code and profile alone", async () => {
    let asked: unknown;
    const { url } = await issuer((request, body, response) => {
      asked = {
        method: request.method,
        authorization: request.headers.authorization,
        body: JSON.parse(body),
      };
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ code: "F1ABC", profile: "signed", minute: 29_000_000, secret: "x" }));
    });
    expect(await printTicket(simulated(url), "anagrafe")).toEqual({
      status: 201,
      body: { code: "F1ABC", profile: "signed" },
    });
    expect(asked).toEqual({
      method: "POST",
      authorization: "Bearer the-issuers-token",
      body: { service: "anagrafe" },
    });
  });

  it("passes on that the gateway refused, not what it said", async () => {
    const { url } = await issuer((_, __, response) => {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: "token the-issuers-token knows no such service" }));
    });
    const { status, body } = await printTicket(simulated(url), "anagrafe");
    expect([status, body]).toEqual([404, { message: "the gateway printed nothing (404)" }]);
  });

  const nonsense: readonly (readonly [string, string])[] = [
    ["no JSON", "<html>"],
    ["no ticket", "{}"],
    ["a code longer than any ticket", JSON.stringify({ code: "F".repeat(161), profile: "signed" })],
    ["an unknown profile", JSON.stringify({ code: "F1", profile: "golden" })],
    ["nothing", "null"],
  ];
  for (const [what, text] of nonsense) {
    it(`does not take ${what} for a ticket`, async () => {
      const { url } = await issuer((_, __, response) => response.end(text));
      expect((await printTicket(simulated(url), "anagrafe")).status).toBe(502);
    });
  }

  it("says when the gateway does not answer", async () => {
    const gone = await issuer(() => undefined);
    await gone.close();
    expect(await printTicket(simulated(gone.url), "anagrafe")).toEqual({
      status: 502,
      body: { message: "the gateway does not answer" },
    });
  });

  it("waits for no gateway that keeps silent", async () => {
    const { url } = await issuer(() => undefined);
    expect((await printTicket(simulated(url), "anagrafe", 20)).status).toBe(502);
  });

  it("needs an address and a token", async () => {
    expect(canPrint(simulated("http://127.0.0.1:1/"))).toBe(true);
    expect(canPrint(simulated(null))).toBe(false);
    rmSync(tokenFile);
    expect(canPrint(simulated("http://127.0.0.1:1/"))).toBe(false);
    expect((await printTicket(simulated("http://127.0.0.1:1/"), "anagrafe")).status).toBe(404);
  });
});

it("A printed ticket is good at the reader beside it, once", async () => {
  let fresh = "";
  const { url } = await issuer((_, __, response) => {
    response.end(JSON.stringify({ code: fresh, profile: "signed", minute: 1 }));
  });
  const totem = await openTestPanel({ simulated: simulated(url) });
  closers.push(totem.close);
  fresh = totem.ticket();
  expect((await totem.ask("/")).text).toContain('id="print"');
  const printed = await postTo(totem.ask, "ticket", { service: "anagrafe" });
  const { code } = JSON.parse(printed.text) as { code: string };
  expect(code).toBe(fresh);
  expect((await totem.act("scan", { code })).state).toBe("awaiting-face");
});
