/**
 * The panel of a virtual totem: the same firmware, pressed in the browser. Listens on the machine itself only and
 * answers only pages it served itself; it never starts beside real devices.
 */
import fastify, { type FastifyError, type FastifyInstance } from "fastify";
import type { SiteSettings } from "#schemas/messages.ts";
import type { PanelState } from "#schemas/panel.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import type { Journal, Uplink } from "../../ports.ts";
import type { GuidedSelfTest } from "../../self-test/guided-self-test.ts";
import type { Totem } from "../../totem.ts";
import type { SimulatedTotem } from "../simulated-totem.ts";
import { BadBody, serveCitizen, serveWorld } from "./actions.ts";
import { serveAssets } from "./assets.ts";
import { guardPanel } from "./guard.ts";
import { panelState } from "./panel-state.ts";
import { serveReport } from "./report-page.ts";
import { streamStates } from "./stream.ts";
import { canPrint } from "./tickets.ts";

export type PanelParts = {
  readonly settings: TotemSettings;
  readonly simulated: SimulatedTotem;
  readonly totem: Pick<Totem, "view" | "settled" | "selfTestProgress">;
  readonly selfTest: Pick<GuidedSelfTest, "lastReport">;
  readonly journal: Pick<Journal, "sums">;
  readonly uplink: Pick<Uplink, "isConnected">;
  readonly clockTrusted: () => boolean;
  readonly site: () => SiteSettings | null;
};

export type Panel = {
  readonly url: string;
  /** Pages listening to the event stream. */
  readonly pages: () => number;
  readonly close: () => Promise<void>;
};

/** Largest request: two scans of the longest text, each character escaped to six. */
const BODY_BYTES_MAX = 65_536;

/** Connections at once: every page of the event stream, and some dozens of scripts beside. */
export const CONNECTIONS_MAX = 100;

/** Opens the panel on its port. @throws when the host is not this machine, the port is taken or devices are real. */
export async function openPanel(parts: PanelParts): Promise<Panel> {
  const { devices, panel } = parts.settings;
  if (devices !== "simulated")
    throw new Error(`devices = ${devices}: a panel never stands beside real devices`);
  const server = fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true });
  server.server.maxConnections = CONNECTIONS_MAX;
  server.removeContentTypeParser("text/plain");
  guardPanel(server, panel.host);
  answerProblems(server);
  const state = () => currentState(parts);
  const stream = streamStates(server, { indicators: parts.simulated.indicators, state });
  const settled = async () => {
    await parts.totem.settled();
    stream.tell();
    return state();
  };
  serveReport(server, parts.selfTest);
  serveAssets(server, { state, canPrint: () => canPrint(parts.settings.simulated) });
  server.get("/panel/state", state);
  serveCitizen(server, { ...parts, settled });
  serveWorld(server, { ...parts, settled });
  const close = async () => {
    stream.close();
    await server.close();
  };
  try {
    await server.listen({ host: panel.host, port: panel.port });
  } catch (error) {
    await close();
    throw portProblem(error as NodeJS.ErrnoException, panel.port);
  }
  return { url: server.listeningOrigin, pages: stream.pages, close };
}

/** One moment's state: the journal is asked first, so that everything told was true together. */
async function currentState(parts: PanelParts): Promise<PanelState> {
  const sums = await parts.journal.sums();
  return panelState({
    totemId: parts.settings.totemId,
    view: parts.totem.view(),
    selfTestAsks: parts.totem.selfTestProgress(),
    selfTestReport: parts.selfTest.lastReport() !== null,
    sums,
    simulated: parts.simulated,
    connected: parts.uplink.isConnected(),
    clockTrusted: parts.clockTrusted(),
    site: parts.site(),
  });
}

/** Answers say what was wrong with a request and never repeat what it held: it may be somebody's health card. */
function answerProblems(server: FastifyInstance): void {
  server.setNotFoundHandler((_, reply) => reply.code(404).send({ message: "not found" }));
  server.setErrorHandler((error: FastifyError | BadBody, _, reply) => {
    if (error instanceof BadBody) {
      const { where, expected } = error.problem;
      return reply.code(400).send({ message: error.message, where, expected });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) return reply.code(500).send({ message: "the totem could not answer" });
    const details = status === 400 ? { where: "/", expected: "a JSON object" } : {};
    return reply.code(status).send({ message: error.message, ...details });
  });
}

function portProblem(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== "EADDRINUSE") return error;
  return new Error(`port ${port} is taken: set FACCINE_PANEL_PORT (panel.port) to a free one`, {
    cause: error,
  });
}
