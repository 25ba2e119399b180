import fc from "fast-check";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { describe, expect, it } from "vitest";
import {
  anyOf,
  anything,
  flag,
  hex,
  id,
  integer,
  list,
  literal,
  nullable,
  oneOf,
  optional,
  pattern,
  record,
  shape,
  text,
} from "./shape.ts";

const PERSON = shape(
  "person",
  record({
    name: text(5),
    age: integer(0, 130),
    key: optional(hex(2)),
    nick: nullable(pattern("^[a-z]+$", 8, "lower-case letters")),
    colours: list(oneOf(["red", "green"]), 2),
    home: record({ id: id(), owned: flag() }),
  }),
);
const ADA = { name: "Ada", age: 36, nick: null, colours: ["red"], home: { id: "h-1", owned: true } };
const broken = (change: object) => PERSON.problems({ ...ADA, ...change })[0];

describe("a shape", () => {
  it("takes a value that has it, with and without what may be left out", () => {
    expect(PERSON.parse(ADA)).toEqual({ ok: true, value: ADA });
    expect(PERSON.is({ ...ADA, key: "00ff" })).toBe(true);
    expect(PERSON.problems(ADA)).toEqual([]);
  });

  it.each([
    ["a text too long", { name: "Adaaaa" }, "/name", "must be a text of at most 5 characters"],
    ["a number too large", { age: 131 }, "/age", "must be a whole number from 0 to 130"],
    ["a fraction", { age: 1.5 }, "/age", "must be a whole number from 0 to 130"],
    ["a number in quotes", { age: "36" }, "/age", "must be a whole number from 0 to 130"],
    ["upper-case hex", { key: "00FF" }, "/key", "must match ^[0-9a-f]{4}$"],
    ["what a description explains", { nick: "ADA" }, "/nick", "must be lower-case letters, or null"],
    ["a word that is none of the list", { colours: ["blue"] }, "/colours/0", "must be one of red, green"],
    ["one item too many", { colours: ["red", "red", "red"] }, "/colours", "must be a list of 0 to 2 items"],
    ["a word for a truth", { home: { id: "h", owned: "yes" } }, "/home/owned", "must be true or false"],
    ["a list for a group", { home: [] }, "/home", "must be a group of fields"],
    ["a field that is missing", { home: { id: "h" } }, "/home/owned", "must be given"],
    ["a field nobody knows", { home: { id: "h", owned: true, secret: 1 } }, "/home", "no unknown field"],
  ])("says where and what was expected for %s", (_, change, where, expected) => {
    expect(broken(change)).toEqual({ shape: "person", where, expected });
  });

  it("names every place once, in one look", () => {
    const places = PERSON.problems({ ...ADA, name: 1, nick: 2, age: -1 }).map(({ where }) => where);
    expect(places.sort()).toEqual(["/age", "/name", "/nick"]);
  });

  it("never repeats a value or an unknown field's name: either may be somebody's health card", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{8,12}$/), (secret) => {
        for (const value of [
          secret,
          { [secret]: 1 },
          { ...ADA, name: secret, [secret]: secret },
          { ...ADA, nick: secret, colours: [secret], home: { [secret]: secret } },
        ]) {
          expect(JSON.stringify(PERSON.problems(value))).not.toContain(secret);
        }
      }),
    );
  });

  it("refuses __proto__ in JSON like any unknown field, and takes nothing from a prototype", () => {
    expect(PERSON.is(JSON.parse(`{"__proto__":{},${JSON.stringify(ADA).slice(1)}`))).toBe(false);
    expect(shape("odd", record({ toString: text(5) })).is({})).toBe(false);
  });

  it("counts characters as JSON Schema does, by code points, and every one of them", () => {
    expect(PERSON.is({ ...ADA, name: "😀😀😀😀😀" })).toBe(true);
    expect(PERSON.is({ ...ADA, name: "😀😀😀😀😀😀" })).toBe(false);
    // A single visible character made of six: a count of what is seen would let any length pass.
    expect(PERSON.is({ ...ADA, name: `e${"\u0301".repeat(5)}` })).toBe(false);
  });

  it("reads any JSON without failing, and agrees with itself", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = PERSON.parse(value);
        expect(parsed.ok).toBe(PERSON.is(value));
        expect(PERSON.problems(value).length > 0).toBe(!parsed.ok);
      }),
    );
  });

  it("of several forms says that none was met", () => {
    const either = shape("either", anyOf([record({ kind: literal("a") }), record({ kind: literal("b") })]));
    expect(either.is({ kind: "b" })).toBe(true);
    expect(either.problems({ kind: "c" }).length).toBeGreaterThan(0);
  });
});

describe("the vocabulary", () => {
  it("writes, to the letter, what TypeBox's own builders write", () => {
    const ours = record({
      text: text(5),
      told: text(5, "a word"),
      pattern: pattern("^a$", 1),
      number: optional(integer(0, 9)),
      truth: flag(),
      one: oneOf(["a", "b"]),
      word: literal("a"),
      list: optional(list(nullable(text(1)), 3, 1)),
      none: record({ left: optional(flag()) }),
      either: anyOf([record({}), record({ a: flag() })]),
      any: anything("whatever comes"),
    });
    const closed = { additionalProperties: false };
    const theirs = Type.Object(
      {
        text: Type.String({ maxLength: 5 }),
        told: Type.String({ maxLength: 5, description: "a word" }),
        pattern: Type.String({ pattern: "^a$", maxLength: 1 }),
        number: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
        truth: Type.Boolean(),
        one: Type.Enum(["a", "b"]),
        word: Type.Literal("a"),
        list: Type.Optional(
          Type.Array(Type.Union([Type.String({ maxLength: 1 }), Type.Null()]), { maxItems: 3, minItems: 1 }),
        ),
        none: Type.Object({ left: Type.Optional(Type.Boolean()) }, closed),
        either: Type.Union([Type.Object({}, closed), Type.Object({ a: Type.Boolean() }, closed)]),
        any: Type.Unknown({ description: "whatever comes" }),
      },
      closed,
    );
    expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
  });

  it("is judged as TypeBox's whole validator judges it", () => {
    const whole = Compile(PERSON.schema);
    const nearly = fc.oneof(
      fc.anything(),
      fc.record(
        Object.fromEntries(
          Object.entries(ADA).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.anything())]),
        ),
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(nearly, (value) => {
        expect(PERSON.is(value)).toBe(whole.Check(value));
      }),
    );
  });
});
