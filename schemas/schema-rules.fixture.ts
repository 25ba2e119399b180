/**
 * The house's rules for every schema: no text, list or number without a maximum, no record that lets unknown fields
 * pass, nothing shapeless outside an envelope that says why. Pure; says what breaks them and where.
 */
import type { SchemaNode } from "./shape-problem.ts";

/** What is wrong in a schema, each with its place; none when all limits are written. */
export function missingLimits(node: SchemaNode, place = ""): readonly string[] {
  const here = place === "" ? "/" : place;
  if (node.anyOf !== undefined) {
    return node.anyOf.flatMap((option, index) => missingLimits(option, `${place}/anyOf/${index}`));
  }
  if (node.enum !== undefined || node.const !== undefined) return [];
  switch (node.type) {
    case "null":
    case "boolean":
      return [];
    case "string":
      return node.maxLength === undefined ? [`${here}: a text without maxLength`] : [];
    case "integer":
      return node.minimum === undefined || node.maximum === undefined
        ? [`${here}: a number without bounds`]
        : [];
    case "array":
      return [
        ...(node.maxItems === undefined ? [`${here}: a list without maxItems`] : []),
        ...missingLimits(node.items ?? {}, `${place}/items`),
      ];
    case "object":
      return [
        ...(node.additionalProperties === false ? [] : [`${here}: a record that lets unknown fields pass`]),
        ...Object.entries(node.properties ?? {}).flatMap(([name, field]) =>
          missingLimits(field, `${place}/${name}`),
        ),
      ];
    case undefined:
      return node.description === undefined ? [`${here}: anything at all, without saying why`] : [];
    default:
      return [`${here}: a ${node.type}, which no shape of ours holds`];
  }
}
