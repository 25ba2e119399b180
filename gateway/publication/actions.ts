/**
 * What offices say they do about a month's judgements: a YAML file for each month that IT staff write, `actions/2026-10.yaml` in the data
 * folder, with a text for each office and language. One that cannot be read says nothing, and never keeps a month from being published.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGES } from "#schemas/code-list.ts";
import { plainYaml } from "#schemas/read-settings.ts";
import type { Actions } from "./month-page.ts";

/** Longest text of an office: a page. */
const TEXT_MAX = 3_000;

/** Where a month's texts are written. */
export function actionsFile(dataDir: string, month: string): string {
  return join(dataDir, "actions", `${month}.yaml`);
}

export function readActions(dataDir: string, month: string): Actions {
  const file = actionsFile(dataDir, month);
  if (!existsSync(file)) return {};
  return actionsOf(plainYaml(readFileSync(file, "utf8")));
}

/** Texts among whatever stands in the file; pure. */
export function actionsOf(value: unknown): Actions {
  if (typeof value !== "object" || value === null) return {};
  const offices = Object.entries(value).map(([officeId, texts]) => [officeId, textsOf(texts)] as const);
  return Object.fromEntries(offices);
}

/** `office: text` is Italian; `office: {it: text, de: text}` says which. */
function textsOf(value: unknown): Actions[string] {
  if (typeof value === "string") return { it: value.slice(0, TEXT_MAX) };
  if (typeof value !== "object" || value === null) return {};
  const entries = LANGUAGES.flatMap((language) => {
    const text = (value as Readonly<Record<string, unknown>>)[language];
    return typeof text === "string" ? [[language, text.slice(0, TEXT_MAX)]] : [];
  });
  return Object.fromEntries(entries);
}
