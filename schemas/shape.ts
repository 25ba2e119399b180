/**
 * The vocabulary every shape is written in: one definition gives the TypeScript type, the validator and the JSON Schema.
 * It offers no text and no list without a maximum, and no record that lets unknown fields pass.
 * A problem names the place and what was expected, never the value: a refused value may be somebody's health card.
 */
import type {
  Static,
  TArray,
  TBoolean,
  TEnum,
  TInteger,
  TLiteral,
  TNull,
  TObject,
  TOptional,
  TProperties,
  TSchema,
  TString,
  TUnion,
  TUnknown,
} from "typebox";
import { Compile, type Validator } from "typebox/schema";
import { fail, ok, type Result } from "./result.ts";
import { problemsOf, type ShapeProblem } from "./shape-problem.ts";

export type { Static, TSchema } from "typebox";
export type { ShapeProblem } from "./shape-problem.ts";

/** A named, compiled shape. */
export type Shape<T> = {
  readonly name: string;
  readonly schema: TSchema;
  /** True when `value` has this shape. */
  readonly is: (value: unknown) => value is T;
  /** The value with its type, or the first place where it breaks the shape. */
  readonly parse: (value: unknown) => Result<T, ShapeProblem>;
  /** The first few places where a value breaks the shape, each place once; none when it has the shape. */
  readonly problems: (value: unknown) => readonly ShapeProblem[];
};

/**
 * TypeBox gives the types and the validator. What its own builders would make is these few fields of JSON Schema, and they
 * are written here: to load them took a totem's start a quarter of its processor time and 8 MB that it kept.
 */
const node = <T extends TSchema>(fields: object): T => fields as T;

/** How TypeBox's types, and `record` below, know a field that may be left out. */
const OPTIONAL = "~optional";

/** Free text of at most `maxLength` Unicode code points: up to four times as many bytes in UTF-8. */
export const text = (maxLength: number, description?: string) =>
  node<TString>({ type: "string", maxLength, ...(description === undefined ? {} : { description }) });

/** Text that must match `pattern` (an anchored regular expression) and is at most `maxLength` long. */
export const pattern = (source: string, maxLength: number, description?: string) =>
  node<TString>({
    type: "string",
    pattern: source,
    maxLength,
    ...(description === undefined ? {} : { description }),
  });

/** An identifier. */
export const id = () => pattern("^[a-z0-9-]{1,40}$", 40);

/** `bytes` bytes in lower-case hexadecimal. */
export const hex = (bytes: number) => pattern(`^[0-9a-f]{${bytes * 2}}$`, bytes * 2);

/** A whole number between two bounds, both included. */
export const integer = (minimum: number, maximum: number) =>
  node<TInteger>({ type: "integer", minimum, maximum });

/** True or false. */
export const flag = () => node<TBoolean>({ type: "boolean" });

/** One of a fixed list of words. */
export const oneOf = <const T extends readonly string[]>(values: T) =>
  node<TEnum<[...T]>>({ enum: [...values] });

/** Exactly this word. */
export const literal = <const T extends string>(value: T) =>
  node<TLiteral<T>>({ type: "string", const: value });

/** A list of at most `maxItems`. */
export const list = <T extends TSchema>(item: T, maxItems: number, minItems = 0) =>
  node<TArray<T>>({ type: "array", items: item, maxItems, minItems });

/** An object with exactly these fields: unknown ones are refused. */
export const record = <T extends TProperties>(fields: T) => {
  const required = Object.keys(fields).filter((name) => !(OPTIONAL in (fields[name] as object)));
  return node<TObject<T>>({
    type: "object",
    ...(required.length > 0 ? { required } : {}),
    properties: fields,
    additionalProperties: false,
  });
};

/** This shape or null. */
export const nullable = <T extends TSchema>(schema: T) =>
  node<TUnion<[T, TNull]>>({ anyOf: [schema, { type: "null" }] });

/** A field that may be left out. */
export const optional = <T extends TSchema>(schema: T) =>
  // Hidden, as it is no word of JSON Schema.
  Object.defineProperty({ ...schema }, OPTIONAL, { value: true }) as TOptional<T>;

/** One of several records. */
export const anyOf = <const T extends TSchema[]>(schemas: [...T]) => node<TUnion<T>>({ anyOf: schemas });

/** Anything at all; only for envelopes whose content is judged piece by piece afterwards, as `description` tells. */
export const anything = (description: string) => node<TUnknown>({ description });

/** Names a schema and compiles it at its first use: a totem that never meets a shape does not pay for it. */
export function shape<S extends TSchema>(name: string, schema: S): Shape<Static<S>> {
  let compiled: Validator | undefined;
  const validator = () => {
    compiled ??= Compile(schema) as unknown as Validator;
    return compiled;
  };
  const problems = (value: unknown) => problemsOf(name, schema, validator().Errors(value)[1]);
  return {
    name,
    schema,
    problems,
    is: (value): value is Static<S> => validator().Check(value),
    parse: (value) => {
      if (validator().Check(value)) return ok(value as Static<S>);
      return fail(problems(value)[0] ?? { shape: name, where: "/", expected: "must have this shape" });
    },
  };
}

/** The type a shape stands for. */
export type Of<S> = S extends Shape<infer T> ? T : never;
