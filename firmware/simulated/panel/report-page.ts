/**
 * The readiness report of the last self-test, as the page a technician prints.
 */
import type { FastifyInstance } from "fastify";
import type { GuidedSelfTest } from "../../self-test/guided-self-test.ts";
import { reportHtml } from "../../self-test/report-html.ts";

/** Its style is written into it, so that a saved copy needs nothing else; nothing else of the panel may do that. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function serveReport(server: FastifyInstance, selfTest: Pick<GuidedSelfTest, "lastReport">): void {
  server.get<{ Querystring: { lang?: unknown } }>("/panel/self-test-report", (request, reply) => {
    const report = selfTest.lastReport();
    if (report === null) return reply.code(404).send({ message: "no self-test has been done yet" });
    return reply
      .header("content-security-policy", POLICY)
      .type("text/html; charset=utf-8")
      .send(reportHtml(report, request.query.lang === "en" ? "en" : "it"));
  });
}
