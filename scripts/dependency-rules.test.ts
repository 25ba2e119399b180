import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { afterEach, describe, expect, it } from "vitest";

const rules = createRequire(import.meta.url)("./dependency-rules.cjs") as {
  readonly forbidden: readonly { readonly name: string; readonly comment: string }[];
  readonly options: Readonly<Record<string, unknown>>;
};

/** A small house that keeps every rule, with the permitted ways at their closest to a forbidden one. */
const CLEAN: Readonly<Record<string, string>> = {
  "schemas/shape.ts": `import "typebox";`,
  "schemas/link.ts": `import "mqtt"; import "node:net";`,
  "schemas/sqlite.ts": `import "node:fs"; import type Database from "better-sqlite3"; export type D = Database;`,
  "schemas/chain.ts": `import "node:crypto";`,
  "hardware/wiring.ts": `import "#schemas/shape.ts";`,
  "firmware/main.ts": `import "pino"; import "./totem.ts"; import "./journal/journal.ts"; import "./sync/uplink.ts";`,
  "firmware/totem.ts": `import "./session/step.ts"; import "./sync/outbox.ts"; import "#hardware/wiring.ts";`,
  "firmware/session/step.ts": `import "#schemas/chain.ts";`,
  "firmware/sync/outbox.ts": `import "../session/step.ts";`,
  "firmware/sync/uplink.ts": `import "mqtt"; import "./outbox.ts";`,
  "firmware/devices/framing.ts": "export {};",
  "firmware/simulated/scanner.ts": `import "../devices/framing.ts";`,
  "firmware/journal/journal.ts": `import "better-sqlite3"; import "comlink"; import "node:fs";`,
  "gateway/main.ts": `import "./gateway.ts"; import "./store/sqlite/sqlite-store.ts";`,
  "gateway/gateway.ts": `import "./api/server.ts"; import "./ingest/inbox.ts"; import "./broker/broker.ts";`,
  "gateway/store/store.ts": "export type Store = { readonly votes: () => number };",
  "gateway/store/sqlite/sqlite-store.ts": `import "better-sqlite3"; import "../../rollups/counts.ts";`,
  "gateway/rollups/counts.ts": `import type { Store } from "../store/store.ts"; export type S = Store;`,
  "gateway/api/server.ts": `import "fastify"; import "@fastify/cookie"; import "../store/store.ts";`,
  "gateway/broker/broker.ts": `import "aedes";`,
  "gateway/ingest/inbox.ts": `import "mqtt"; import "../store/store.ts";`,
  "gateway/ingest/inbox.test.ts": `import "fast-check"; import "../api/server.ts"; import "#scripts/outside-tools.ts";`,
  "scripts/outside-tools.ts": "export {};",
  "scripts/demo.ts": `import "fast-check"; import "#gateway/gateway.ts"; import "#firmware/totem.ts"; import "yaml";`,
};

/** One forbidden import for every rule: the rule, and the files that break it. A fence has one in each program. */
const PLANTED: readonly { readonly rule: string; readonly files: Readonly<Record<string, string>> }[] = [
  {
    rule: "no-cycles",
    files: {
      "firmware/session/one.ts": `import type { B } from "./two.ts"; export type A = B;`,
      "firmware/session/two.ts": `import type { A } from "./one.ts"; export type B = A;`,
    },
  },
  { rule: "everything-resolves", files: { "gateway/lost.ts": `import "./nowhere.ts";` } },
  { rule: "schemas-import-nothing-of-ours", files: { "schemas/a.ts": `import "#hardware/wiring.ts";` } },
  { rule: "schemas-touch-nothing", files: { "schemas/b.ts": `import "node:fs";` } },
  { rule: "hardware-imports-only-schemas", files: { "hardware/a.ts": `import "#firmware/totem.ts";` } },
  {
    rule: "firmware-and-gateway-are-strangers",
    files: {
      "firmware/journal/a.ts": `import type { Store } from "#gateway/store/store.ts"; export type S = Store;`,
    },
  },
  { rule: "gateway-knows-no-wiring", files: { "gateway/pins.ts": `import "#hardware/wiring.ts";` } },
  { rule: "nobody-imports-scripts", files: { "gateway/tool.ts": `import "#scripts/outside-tools.ts";` } },
  { rule: "tests-know-one-script", files: { "gateway/a.test.ts": `import "#scripts/demo.ts";` } },
  { rule: "nobody-imports-main", files: { "scripts/start.ts": `import "#firmware/main.ts";` } },
  { rule: "no-test-code-in-the-product", files: { "gateway/b.ts": `import "./ingest/inbox.test.ts";` } },
  { rule: "no-development-package-in-the-product", files: { "firmware/c.ts": `import "fast-check";` } },
  { rule: "pure-files-touch-nothing", files: { "gateway/reports/a.ts": `import "node:fs";` } },
  { rule: "pure-files-touch-nothing", files: { "firmware/session/a.ts": `import "yaml-not-even-ours";` } },
  { rule: "pure-files-touch-nothing", files: { "firmware/session/b.ts": `import "#schemas/link.ts";` } },
  {
    rule: "pure-files-touch-nothing",
    files: { "firmware/session/c.ts": `import type {} from "../ports.ts";` },
  },
  {
    rule: "pure-files-see-only-types-of-a-port",
    files: { "gateway/reports/b.ts": `import "../store/store.ts";` },
  },
  {
    rule: "firmware-adapters-do-not-know-each-other",
    files: { "firmware/sync/a.ts": `import "../journal/journal.ts";` },
  },
  {
    rule: "gateway-adapters-do-not-know-each-other",
    files: { "gateway/broker/a.ts": `import "../ingest/inbox.ts";` },
  },
  { rule: "totem-sees-ports-not-adapters", files: { "firmware/upkeep.ts": `import "./sync/uplink.ts";` } },
  {
    rule: "store-is-reached-through-its-port",
    files: { "gateway/rounds.ts": `import "./store/sqlite/sqlite-store.ts";` },
  },
  { rule: "aedes-stays-behind-its-fence", files: { "gateway/api/aedes.ts": `import "aedes";` } },
  {
    rule: "better-sqlite3-stays-behind-its-fence",
    files: { "gateway/ingest/sqlite.ts": `import "better-sqlite3";` },
  },
  {
    rule: "better-sqlite3-stays-behind-its-fence",
    files: { "firmware/sync/sqlite.ts": `import type D from "better-sqlite3"; export type E = D;` },
  },
  { rule: "hpke-stays-behind-its-fence", files: { "gateway/fleet/seal.ts": `import "hpke";` } },
  {
    rule: "noble-curves-stays-behind-its-fence",
    files: { "firmware/tickets/curve.ts": `import "@noble/curves/ed25519.js";` },
  },
  {
    rule: "noble-hashes-stays-behind-its-fence",
    files: { "firmware/tickets/hash.ts": `import "@noble/hashes/sha2.js";` },
  },
  {
    rule: "point-of-sale-receipt-printer-encoder-stays-behind-its-fence",
    files: { "gateway/api/receipt.ts": `import "@point-of-sale/receipt-printer-encoder";` },
  },
  { rule: "bwip-js-stays-behind-its-fence", files: { "gateway/api/codes.ts": `import "bwip-js";` } },
  { rule: "johnny-five-stays-behind-its-fence", files: { "firmware/lamps.ts": `import "johnny-five";` } },
  { rule: "koffi-stays-behind-its-fence", files: { "firmware/clock/native.ts": `import "koffi";` } },
  { rule: "serialport-stays-behind-its-fence", files: { "firmware/scan.ts": `import "serialport";` } },
  { rule: "comlink-stays-behind-its-fence", files: { "firmware/sync/comlink.ts": `import "comlink";` } },
  { rule: "fastify-stays-behind-its-fence", files: { "gateway/ingest/fastify.ts": `import "fastify";` } },
  {
    rule: "fastify-plugins-stays-behind-its-fence",
    files: { "firmware/cookie.ts": `import "@fastify/cookie";` },
  },
  { rule: "mqtt-stays-behind-its-fence", files: { "gateway/api/mqtt.ts": `import "mqtt";` } },
  { rule: "mqtt-stays-behind-its-fence", files: { "firmware/simulated/mqtt.ts": `import "mqtt";` } },
  { rule: "pino-stays-behind-its-fence", files: { "gateway/log.ts": `import "pino";` } },
  { rule: "prom-client-stays-behind-its-fence", files: { "gateway/api/prom.ts": `import "prom-client";` } },
  {
    rule: "temporal-polyfill-stays-behind-its-fence",
    files: { "schemas/t.ts": `import "temporal-polyfill";` },
  },
  { rule: "typebox-stays-behind-its-fence", files: { "gateway/api/typebox.ts": `import "typebox";` } },
  { rule: "nodemailer-stays-behind-its-fence", files: { "gateway/api/mail.ts": `import "nodemailer";` } },
  {
    rule: "openid-client-stays-behind-its-fence",
    files: { "gateway/web/oidc.ts": `import "openid-client";` },
  },
  { rule: "pdfkit-stays-behind-its-fence", files: { "gateway/reports/pdf.ts": `import "pdfkit";` } },
  { rule: "yazl-stays-behind-its-fence", files: { "gateway/reports/zip.ts": `import "yazl";` } },
  { rule: "yaml-stays-behind-its-fence", files: { "gateway/yaml.ts": `import "yaml";` } },
];

let root: string;
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the import rules", () => {
  it("let a clean house pass", async () => {
    expect(await violations(CLEAN)).toEqual([]);
  });

  it("catch one planted violation of each, by its name", async () => {
    const found = await violations({ ...CLEAN, ...Object.assign({}, ...PLANTED.map(({ files }) => files)) });
    const caught = ({ rule, files }: (typeof PLANTED)[number]) =>
      found.some((violation) => violation.rule === rule && violation.file in files);
    expect(PLANTED.filter((planted) => !caught(planted))).toEqual([]);
    // Nobody else is accused: what was not planted is as clean as before.
    const guilty = new Set(PLANTED.flatMap(({ files }) => Object.keys(files)));
    expect(found.filter(({ file }) => !guilty.has(file))).toEqual([]);
  });

  it("have each a planted violation and a reason", () => {
    const planted = new Set(PLANTED.map(({ rule }) => rule));
    expect([...planted].sort()).toEqual(rules.forbidden.map(({ name }) => name).sort());
    for (const { name, comment } of rules.forbidden) expect(comment.length, name).toBeGreaterThan(20);
  });
});

/** Cruises a tree of these files, with the project's own packages and import map. */
async function violations(files: Readonly<Record<string, string>>) {
  root = mkdtempSync(join(tmpdir(), "faccine-rules-"));
  for (const shared of ["package.json", "tsconfig.json", "node_modules"]) {
    symlinkSync(resolve(shared), join(root, shared));
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const { output } = await cruise(
    ["schemas", "hardware", "firmware", "gateway", "scripts"],
    { ...rules.options, baseDir: root, ruleSet: { forbidden: rules.forbidden as never }, validate: true },
    {},
    { tsConfig: extractTSConfig(join(root, "tsconfig.json")) },
  );
  return (output as ICruiseResult).summary.violations.map(({ rule, from }) => ({
    rule: rule.name,
    file: from,
  }));
}
