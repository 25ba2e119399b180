/**
 * Every named shape of the contract in one list: what the documents are made from and what the tests walk through.
 * A file that exports shapes is named here; a test finds one that is not.
 */
import * as api from "./api.ts";
import * as backup from "./backup.ts";
import * as dayKeys from "./day-keys.ts";
import * as entry from "./entry.ts";
import * as gatewaySettings from "./gateway-settings.ts";
import * as messages from "./messages.ts";
import * as ministryReport from "./ministry-report.ts";
import * as panel from "./panel.ts";
import * as publicLog from "./public-log.ts";
import * as publication from "./publication.ts";
import * as sealedKeys from "./sealed-keys.ts";
import * as selfTest from "./self-test.ts";
import type { Shape } from "./shape.ts";
import * as totemSettings from "./totem-settings.ts";
import * as wording from "./wording.ts";

const MODULES: readonly object[] = [
  api,
  backup,
  dayKeys,
  entry,
  gatewaySettings,
  messages,
  ministryReport,
  panel,
  publication,
  publicLog,
  sealedKeys,
  selfTest,
  totemSettings,
  wording,
];

/** All shapes, by name. */
export const CATALOGUE: readonly Shape<unknown>[] = MODULES.flatMap((module) => shapesIn(module)).sort(
  (a, b) => (a.name < b.name ? -1 : 1),
);

/** The shapes a module exports. */
export function shapesIn(module: object): readonly Shape<unknown>[] {
  return Object.values(module).filter(isShape);
}

/** The shape with this name. @throws when there is none: a defect of the caller. */
export function shapeNamed(name: string): Shape<unknown> {
  const found = CATALOGUE.find((shape) => shape.name === name);
  if (found === undefined) throw new Error(`no shape is named ${name}`);
  return found;
}

function isShape(value: unknown): value is Shape<unknown> {
  return typeof value === "object" && value !== null && "schema" in value && "parse" in value;
}
