/**
 * The JSON Schema documents of all shapes, for whoever writes a program of their own against Faccine. Pure: text in
 * memory; `scripts/generate.ts` puts it into `schemas/json/`. Draft 7, the one AsyncAPI understands without more.
 */
import { asyncApi } from "./asyncapi.ts";
import { CATALOGUE } from "./catalogue.ts";
import { SCHEMA_VERSION } from "./messages.ts";
import type { Shape } from "./shape.ts";

/** A generated file: its name inside `schemas/json/` and its whole text. */
export type Document = { readonly name: string; readonly text: string };

/** Every document below `schemas/json/`, sorted by name. */
export function contractDocuments(): readonly Document[] {
  const documents = CATALOGUE.map((shape) => ({
    name: `${shape.name}.schema.json`,
    text: pretty(schemaDocument(shape)),
  }));
  return [{ name: "asyncapi.json", text: pretty(asyncApi()) }, ...documents].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

function schemaDocument({ name, schema }: Shape<unknown>): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `urn:faccine:v${SCHEMA_VERSION}:${name}`,
    title: name,
    ...schema,
  };
}

function pretty(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
