/**
 * The panel of a virtual totem: the same firmware, pressed in the browser. Listens on the machine itself only and
 * answers only pages it served itself; it never starts beside real devices.
 */
import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import fastify, { type FastifyInstance } from "fastify";
import type { SiteSettings } from "#schemas/messages.ts";
import {
  PANEL_CLOCK,
  PANEL_HEADPHONES,
  PANEL_JAM,
  PANEL_NETWORK,
  PANEL_POWER,
  PANEL_PRESS,
  PANEL_SCAN,
  PANEL_SCANNER,
  PANEL_TICKET,
} from "#schemas/panel.ts";
import type { Shape } from "#schemas/shape.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import type { Journal, Uplink } from "../../ports.ts";
import type { Totem } from "../../totem.ts";
import type { SimulatedTotem } from "../simulated-totem.ts";
import { guardPanel } from "./guard.ts";
import { panelPage } from "./page.ts";
import { type PanelState, panelState } from "./panel-state.ts";
import { streamStates } from "./stream.ts";

export type PanelParts = {
  readonly settings: TotemSettings;
  readonly simulated: SimulatedTotem;
  readonly totem: Totem;
  readonly journal: Journal;
  readonly uplink: Uplink;
  readonly clockTrusted: () => boolean;
  readonly site: () => SiteSettings | null;
};

export type Panel = { readonly url: string; readonly close: () => Promise<void> };

/** Largest request: a scan of the longest text, escaped. */
const BODY_BYTES_MAX = 32_768;

/** Opens the panel on its port. @throws when the host is not this machine or the port is taken. */
export async function openPanel(parts: PanelParts): Promise<Panel> {
  const { host, port } = parts.settings.panel;
  const server = fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true });
  server.removeContentTypeParser("text/plain");
  guardPanel(server, host);
  const state = () => currentState(parts);
  servePage(server, parts);
  server.get("/panel/state", state);
  const stream = streamStates(server, { simulated: parts.simulated, state });
  serveCitizen(server, parts, state);
  serveWorld(server, parts, state);
  await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(`port ${port} is taken: set FACCINE_PANEL_PORT (panel.port) to a free one`);
  });
  return {
    url: server.listeningOrigin,
    close: async () => {
      stream.close();
      await server.close();
    },
  };
}

async function currentState(parts: PanelParts): Promise<PanelState> {
  return panelState({
    totemId: parts.settings.totemId,
    view: parts.totem.view(),
    sums: await parts.journal.sums(),
    simulated: parts.simulated,
    connected: parts.uplink.isConnected(),
    clockTrusted: parts.clockTrusted(),
    site: parts.site(),
  });
}

function servePage(server: FastifyInstance, parts: PanelParts): void {
  const read = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");
  // The browser gets the reviewed source with its types blanked out, as Node itself runs it: no build step.
  const script = stripTypeScriptTypes(read("client.ts"));
  const style = read("panel.css");
  server.get<{ Querystring: { lang?: string } }>("/", (request, reply) =>
    reply.type("text/html; charset=utf-8").send(
      panelPage({
        language: request.query.lang === "en" ? "en" : "it",
        totemId: parts.settings.totemId,
        site: parts.site(),
        canPrint: parts.settings.simulated.issuerUrl !== null,
      }),
    ),
  );
  server.get("/panel.js", (_, reply) => reply.type("text/javascript; charset=utf-8").send(script));
  server.get("/panel.css", (_, reply) => reply.type("text/css; charset=utf-8").send(style));
}

/** What a citizen or technician does at the totem. Answers with the state once everything has followed. */
function serveCitizen(server: FastifyInstance, parts: PanelParts, state: () => Promise<PanelState>): void {
  const { simulated, totem } = parts;
  const settled = async () => {
    await totem.settled();
    return state();
  };
  server.post("/panel/scan", async (request) => {
    const { code, glued, unterminated } = bodyOf(PANEL_SCAN, request.body);
    if (glued !== undefined) simulated.scanner.scanGlued(code, glued);
    else simulated.scanner.scan(code, { terminated: unterminated !== true });
    return settled();
  });
  server.post("/panel/press", async (request) => {
    simulated.keys.press(bodyOf(PANEL_PRESS, request.body).key);
    return settled();
  });
  server.post("/panel/ticket", async (request, reply) => {
    const { service } = bodyOf(PANEL_TICKET, request.body);
    const printed = await printTicket(parts.settings, service);
    return reply.code(printed.status).send(printed.body);
  });
}

/** What happens to the totem: cables, clocks, jammed keys, power. */
function serveWorld(server: FastifyInstance, parts: PanelParts, state: () => Promise<PanelState>): void {
  const { simulated } = parts;
  server.post("/panel/network", async (request) => {
    simulated.network.plug(bodyOf(PANEL_NETWORK, request.body).plugged);
    return state();
  });
  server.post("/panel/scanner", async (request) => {
    simulated.scanner.plug(bodyOf(PANEL_SCANNER, request.body).plugged);
    return state();
  });
  server.post("/panel/headphones", async (request) => {
    simulated.indicators.plugHeadphones(bodyOf(PANEL_HEADPHONES, request.body).plugged);
    return state();
  });
  server.post("/panel/jam", async (request) => {
    const { key, jammed } = bodyOf(PANEL_JAM, request.body);
    simulated.keys.jam(key, jammed);
    return state();
  });
  server.post("/panel/clock", async (request) => {
    const { offsetMs, synchronized } = bodyOf(PANEL_CLOCK, request.body);
    simulated.clock.set(offsetMs, synchronized);
    return state();
  });
  server.post("/panel/power", (request) => {
    // A power cut runs no shutdown code; whoever started the totem turns it on again.
    if (bodyOf(PANEL_POWER, request.body).cut) process.kill(process.pid, "SIGKILL");
    return {};
  });
}

/** @throws an error that Fastify answers with 400. */
function bodyOf<T>(shape: Shape<T>, body: unknown): T {
  const parsed = shape.parse(body);
  if (parsed.ok) return parsed.value;
  const { where, expected } = parsed.problem;
  throw Object.assign(new Error(`${where}: ${expected}`), { statusCode: 400 });
}

/** Asks the gateway for a ticket, as the desk's software would. Only the demo gives a totem the means for that. */
async function printTicket(
  settings: TotemSettings,
  service: string,
): Promise<{ status: number; body: unknown }> {
  const { issuerUrl, issuerTokenFile } = settings.simulated;
  if (issuerUrl === null || issuerTokenFile === null || !existsSync(issuerTokenFile)) {
    return { status: 404, body: { message: "this panel cannot print tickets" } };
  }
  const token = readFileSync(issuerTokenFile, "utf8").trim();
  try {
    const response = await fetch(issuerUrl, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ service }),
    });
    return { status: response.status, body: await response.json() };
  } catch {
    return { status: 502, body: { message: "the gateway does not answer" } };
  }
}
