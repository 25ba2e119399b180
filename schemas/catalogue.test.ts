import { readdirSync } from "node:fs";
import Type from "typebox";
import { describe, expect, it } from "vitest";
import { CATALOGUE, shapeNamed, shapesIn } from "./catalogue.ts";
import { missingLimits } from "./schema-rules.fixture.ts";
import { list, record, shape, text } from "./shape.ts";
import type { SchemaNode } from "./shape-problem.ts";

const limitsMissingIn = (schema: object) => missingLimits(schema as SchemaNode);

describe("the catalogue of shapes", () => {
  it("holds every shape that any file of the contract exports", async () => {
    const files = readdirSync(new URL(".", import.meta.url)).filter(
      (name) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name),
    );
    expect(files.length).toBeGreaterThan(25);
    const modules = await Promise.all(
      files.map((name) => import(new URL(name, import.meta.url).href) as Promise<object>),
    );
    const exported = modules.flatMap((module) => shapesIn(module).map(({ name }) => name));
    expect(CATALOGUE.map(({ name }) => name)).toEqual([...new Set(exported)].sort());
  });

  it("has one shape for each name, and the names make file names", () => {
    const names = CATALOGUE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(shapeNamed("hello").name).toBe("hello");
    expect(() => shapeNamed("nothing")).toThrow();
  });
});

describe("every limit is written", () => {
  it.each(CATALOGUE.map(({ name }) => name))("in the shape %s", (name) => {
    expect(limitsMissingIn(shapeNamed(name).schema)).toEqual([]);
  });

  it("or it is found missing: in a text, a list, a number, a record, deep inside or in one form of several", () => {
    const planted = shape(
      "planted",
      record({
        fine: text(5),
        text: Type.String(),
        list: Type.Array(text(1)),
        number: Type.Integer({ minimum: 0 }),
        fraction: Type.Number({ minimum: 0, maximum: 1 }),
        open: Type.Object({ inner: text(1) }),
        anything: Type.Unknown(),
        deep: list(record({ text: Type.Union([Type.Null(), Type.String({ pattern: "^a*$" })]) }), 1),
      }),
    );
    expect(limitsMissingIn(planted.schema)).toEqual([
      "/text: a text without maxLength",
      "/list: a list without maxItems",
      "/number: a number without bounds",
      "/fraction: a number, which no shape of ours holds",
      "/open: a record that lets unknown fields pass",
      "/anything: anything at all, without saying why",
      "/deep/items/text/anyOf/1: a text without maxLength",
    ]);
  });
});
