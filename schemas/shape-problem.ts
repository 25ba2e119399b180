/**
 * Says in words where a value breaks a schema and what was expected there. Never repeats the value, nor the name of an
 * unknown field: both come from outside and may be anything.
 */

/** Where a value broke its shape and what was expected there. */
export type ShapeProblem = { readonly shape: string; readonly where: string; readonly expected: string };

/** What is said of a field that a shape does not know. */
export const UNKNOWN_FIELD = "no unknown field";

/** The part of JSON Schema our shapes use. */
export type SchemaNode = {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};

/** What the validator reports, as far as it is used here. */
type ValidatorError = {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
};

/** The validator's errors as problems, each place once, in the validator's order. */
export function problemsOf(
  shape: string,
  schema: object,
  errors: readonly ValidatorError[],
): readonly ShapeProblem[] {
  const found = new Map<string, ShapeProblem>();
  for (const error of errors) {
    for (const { where, expected } of placesOf(schema as SchemaNode, error)) {
      if (!found.has(where)) found.set(where, { shape, where, expected });
    }
  }
  return [...found.values()];
}

/** What a schema accepts, as the end of a sentence: "must be a whole number from 0 to 65535". */
export function expectationOf(node: SchemaNode): string {
  if (node.anyOf !== undefined) {
    const others = node.anyOf.filter((option) => option.type !== "null");
    const orNull = others.length < node.anyOf.length ? ", or null" : "";
    const [first] = others;
    return first === undefined || others.length > 1
      ? "must have a known form"
      : expectationOf(first) + orNull;
  }
  if (node.enum !== undefined) return `must be one of ${node.enum.join(", ")}`;
  if (node.const !== undefined) return `must be ${String(node.const)}`;
  switch (node.type) {
    case "integer":
      return `must be a whole number from ${node.minimum} to ${node.maximum}`;
    case "boolean":
      return "must be true or false";
    case "string":
      if (node.description !== undefined) return `must be ${node.description}`;
      return node.pattern === undefined
        ? `must be a text of at most ${node.maxLength} characters`
        : `must match ${node.pattern}`;
    case "array":
      return `must be a list of ${node.minItems ?? 0} to ${node.maxItems} items`;
    case "object":
      return "must be a group of fields";
    default:
      return "must have a known form";
  }
}

function placesOf(
  schema: SchemaNode,
  error: ValidatorError,
): readonly { readonly where: string; readonly expected: string }[] {
  const { keyword, instancePath } = error;
  // A path is made of our own field names and list positions, but an unknown field's name comes from outside.
  if (keyword === "boolean") {
    return [{ where: instancePath.slice(0, instancePath.lastIndexOf("/")) || "/", expected: UNKNOWN_FIELD }];
  }
  if (keyword === "additionalProperties") return [];
  if (keyword === "required") {
    const { requiredProperties = [] } = error.params as { requiredProperties?: readonly string[] };
    return requiredProperties.map((name) => ({
      where: `${instancePath}/${name}`,
      expected: "must be given",
    }));
  }
  const expected = commonExpectation(nodesAt(schema, instancePath)) ?? error.message;
  return [{ where: instancePath || "/", expected }];
}

/** What all forms that a place may have expect there, or null when they expect different things. */
function commonExpectation(nodes: readonly SchemaNode[]): string | null {
  if (nodes.length > 1 && nodes.every((node) => node.const !== undefined)) {
    return `must be one of ${nodes.map((node) => String(node.const)).join(", ")}`;
  }
  const [first, ...others] = [...new Set(nodes.map(expectationOf))];
  return others.length > 0 ? null : (first ?? null);
}

/** The schemas a place may have: several where a value may have several forms. */
function nodesAt(schema: SchemaNode, path: string): readonly SchemaNode[] {
  return path
    .split("/")
    .slice(1)
    .reduce<readonly SchemaNode[]>(
      (nodes, part) =>
        nodes
          .flatMap((node) => node.anyOf ?? [node])
          .flatMap((node) => (/^\d+$/.test(part) ? node.items : node.properties?.[part]) ?? []),
      [schema],
    );
}
