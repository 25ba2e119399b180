/**
 * What can be done at a virtual totem and to it: scans and presses, cables, clocks, jammed keys, power. Each answers
 * with the state once everything that followed is settled: a scan is judged, a press is stored and thanked for.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
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
  type PanelState,
} from "#schemas/panel.ts";
import type { Shape, ShapeProblem } from "#schemas/shape.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import { PAUSE_MS } from "../../devices/framing.ts";
import type { SimulatedTotem } from "../simulated-totem.ts";
import { printTicket } from "./tickets.ts";

export type ActionParts = {
  readonly settings: TotemSettings;
  readonly simulated: SimulatedTotem;
  /** The state after everything so far is judged and stored. */
  readonly settled: () => Promise<PanelState>;
};

/** A request whose body breaks its shape: answered with 400, the place and what was expected, never the value. */
export class BadBody extends Error {
  readonly statusCode = 400;
  readonly problem: ShapeProblem;
  constructor(problem: ShapeProblem) {
    super(`${problem.where}: ${problem.expected}`);
    this.problem = problem;
  }
}

/** What a citizen or technician does in front of the totem. */
export function serveCitizen(server: FastifyInstance, { settings, simulated, settled }: ActionParts): void {
  server.post("/panel/scan", async (request) => {
    const { code, glued, unterminated } = bodyOf(PANEL_SCAN, request.body);
    if (glued !== undefined) simulated.scanner.scanGlued(code, glued);
    else simulated.scanner.scan(code, { terminated: unterminated !== true });
    // Without its terminator a code ends with a pause; only then can it be judged.
    if (unterminated === true) await pause(PAUSE_MS);
    return settled();
  });
  server.post("/panel/press", async (request) => {
    simulated.keys.press(bodyOf(PANEL_PRESS, request.body).key);
    return settled();
  });
  server.post("/panel/headphones", async (request) => {
    simulated.indicators.plugHeadphones(bodyOf(PANEL_HEADPHONES, request.body).plugged);
    return settled();
  });
  server.post("/panel/ticket", async (request, reply) => {
    const { status, body } = await printTicket(
      settings.simulated,
      bodyOf(PANEL_TICKET, request.body).service,
    );
    return reply.code(status).send(body);
  });
}

/** What happens to the totem. */
export function serveWorld(server: FastifyInstance, { simulated, settled }: ActionParts): void {
  server.post("/panel/network", async (request) => {
    simulated.network.plug(bodyOf(PANEL_NETWORK, request.body).plugged);
    return settled();
  });
  server.post("/panel/scanner", async (request) => {
    const { plugged, halfRead } = bodyOf(PANEL_SCANNER, request.body);
    simulated.scanner.plug(plugged, halfRead);
    return settled();
  });
  server.post("/panel/jam", async (request) => {
    const { key, jammed } = bodyOf(PANEL_JAM, request.body);
    simulated.keys.jam(key, jammed);
    return settled();
  });
  server.post("/panel/clock", async (request) => {
    const { offsetMs, synchronized } = bodyOf(PANEL_CLOCK, request.body);
    simulated.clock.set(offsetMs, synchronized);
    return settled();
  });
  server.post("/panel/power", async (request) => {
    // A power cut runs no shutdown code and answers nobody; whoever started the totem turns it on again.
    if (bodyOf(PANEL_POWER, request.body).cut) process.kill(process.pid, "SIGKILL");
    return settled();
  });
}

/** @throws {BadBody} */
function bodyOf<T>(shape: Shape<T>, body: unknown): T {
  const parsed = shape.parse(body);
  if (parsed.ok) return parsed.value;
  throw new BadBody(parsed.problem);
}
