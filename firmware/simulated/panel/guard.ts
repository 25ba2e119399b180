/**
 * Keeps other pages and other machines away from the panel: loopback only, its own Host, its own Origin, JSON only.
 * A page elsewhere could otherwise press keys through the visitor's browser (cross-site requests, DNS rebinding).
 */
import type { FastifyInstance } from "fastify";

const LOOPBACK_HOSTS = new Set(["127.0.0.1", "localhost", "::1", "[::1]"]);

/** Everything the page uses is served by the panel itself; nothing inline, nothing from elsewhere, in no frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What every answer carries. A totem's state is nobody's to keep or to show inside another page. */
export const GUARD_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** @throws when the panel was told to listen on more than this machine. */
export function guardPanel(server: FastifyInstance, host: string): void {
  if (!LOOPBACK_HOSTS.has(host)) {
    throw new Error(
      `panel.host = ${host}: must be 127.0.0.1, ::1 or localhost, because anybody who reaches the panel can vote`,
    );
  }
  server.addHook("onRequest", async (request, reply) => {
    const { host: asked, origin } = request.headers;
    if (!isLoopback(`http://${asked ?? ""}`)) return reply.code(421).send({ message: "unknown host" });
    if (origin !== undefined && origin !== `http://${asked}`) {
      return reply.code(403).send({ message: "foreign origin" });
    }
    if (request.method === "POST" && !isJson(request.headers["content-type"])) {
      return reply.code(415).send({ message: "content-type must be application/json" });
    }
  });
  server.addHook("onSend", async (_, reply) => {
    // A page to be saved and printed carries its style in itself, and a policy of its own that allows nothing else.
    const own = reply.getHeader("content-security-policy");
    reply.headers(own === undefined ? GUARD_HEADERS : { ...GUARD_HEADERS, "content-security-policy": own });
  });
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK_HOSTS.has(new URL(url).hostname);
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(";")[0]?.trim().toLowerCase() === "application/json";
}
