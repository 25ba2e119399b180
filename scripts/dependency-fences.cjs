/**
 * Which package is used where: one that belongs in one place can be replaced there, and an attack through it stays there. Each entry becomes a
 * rule of `dependency-rules.cjs`.
 */

/** Packages that belong in one place, so that replacing one, or an attack through one, stays there. */
const FENCES = {
  aedes: "gateway/broker/",
  "bwip-js": "hardware/|gateway/tickets/ticket-drawing\\.ts$",
  "@noble/curves": "schemas/(commitments|sealed-keys)\\.ts$|gateway/web/verify/bytes\\.ts$",
  // SHA-256 for the page that checks proofs: browsers have their own only over TLS.
  "@noble/hashes": "gateway/web/verify/bytes\\.ts$",
  "@point-of-sale/receipt-printer-encoder": "gateway/tickets/ticket-receipt\\.ts$",
  hpke: "schemas/sealed-keys\\.ts$",
  "better-sqlite3": "firmware/journal/|gateway/store/sqlite/|schemas/sqlite\\.ts$",
  comlink: "firmware/journal/",
  fastify: "firmware/simulated/panel/|gateway/(api|web)/",
  "@fastify/[a-z-]+": "firmware/simulated/panel/|gateway/(api|web)/",
  "johnny-five": "firmware/devices/",
  koffi: "firmware/(devices|service)/",
  mqtt: "firmware/sync/|gateway/ingest/|schemas/link\\.ts$",
  // Mail: encryption, encodings and long lines are not for us to get right.
  nodemailer: "gateway/alerts/senders\\.ts$",
  // Signing in by OpenID Connect: the checks of a protocol that many got wrong, by a library certified for them.
  "openid-client": "gateway/access/oidc\\.ts$",
  // PDFs with tags for screen readers, tables among them, without a browser.
  pdfkit: "gateway/ministry/pdf-writer\\.ts$",
  pino: "(firmware|gateway)/main\\.ts$",
  "prom-client": "gateway/metrics\\.ts$",
  "temporal-polyfill": "schemas/local-day\\.ts$",
  serialport: "firmware/devices/",
  typebox: "schemas/shape\\.ts$",
  // Zip archives as streams, with no moment of making in the bytes.
  yazl: "gateway/(api/xlsx-file|ministry/report-package)\\.ts$",
  yaml: "schemas/read-settings\\.ts$",
};

module.exports = { FENCES };
