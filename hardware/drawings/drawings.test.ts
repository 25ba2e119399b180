import { describe, expect, it } from "vitest";
import { HEADER } from "../boards.ts";
import { WIRING } from "../nets.ts";
import { KINDS, PARTS } from "../parts.ts";
import { billOfMaterialsCsv, shortened } from "./bill-of-materials.ts";
import { hardwareDocuments } from "./documents.ts";
import { leaveY } from "./header.ts";
import { wiredPins } from "./lookup.ts";
import { pinTable } from "./pin-table.ts";
import { routes } from "./routes.ts";
import type { Point } from "./svg.ts";

const DOCUMENTS = new Map(hardwareDocuments().map(({ name, text }) => [name, text]));

function documentOf(name: string): string {
  const found = DOCUMENTS.get(name);
  if (found === undefined) throw new Error(`no document ${name}`);
  return found;
}

describe.each(["it", "en"] as const)("the sheets in %s", (language) => {
  it("name every part that a wire leads to, and every line that is wired", () => {
    const drawn = `${documentOf(`wiring.${language}.svg`)}${documentOf(`sound-and-power.${language}.svg`)}`;
    const refs = new Set(
      WIRING.flatMap(({ from, to }) => [from, to]).map((end) => end.slice(0, end.indexOf("."))),
    );
    for (const ref of refs) expect(drawn, ref).toMatch(new RegExp(`>${ref}\\b`));
    for (const pin of wiredPins())
      expect(drawn).toContain(`>${HEADER[pin - 1]?.replace("3V3", "3")}`.slice(0, 3));
  });

  it("say what they show to who cannot see them, and that nothing has been tried", () => {
    for (const name of ["wiring", "sound-and-power"]) {
      const svg = documentOf(`${name}.${language}.svg`);
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*role="img" lang="(it|en)"/);
      expect(svg).toMatch(/<title>Faccine: .+<\/title>\n<desc>.{40,}<\/desc>/);
      expect(svg).toMatch(/non ancora provato|tried on no board/);
    }
  });
});

describe("the wires on the sheet", () => {
  const crosses = (one: readonly Point[], other: readonly Point[]): boolean =>
    segments(one).some((a) => segments(other).some((b) => meet(a, b)));
  const segments = (points: readonly Point[]) =>
    points.slice(1).map((to, index) => ({ from: points[index] ?? to, to }));
  type Segment = ReturnType<typeof segments>[number];
  const between = (value: number, one: number, other: number) =>
    value >= Math.min(one, other) && value <= Math.max(one, other);
  const meet = (a: Segment, b: Segment): boolean => {
    const [upright, level] = a.from[0] === a.to[0] ? [a, b] : [b, a];
    if (level.from[1] !== level.to[1] || upright.from[0] !== upright.to[0]) return false;
    return (
      between(upright.from[0], level.from[0], level.to[0]) &&
      between(level.from[1], upright.from[1], upright.to[1])
    );
  };
  const targets = (pins: readonly number[], side: "left" | "right", firstY: number, x: number) =>
    pins
      .toSorted((one, other) => leaveY(one, side) - leaveY(other, side))
      .map((physical, index) => ({ physical, row: [x, firstY + index * 47] as Point }));

  it.each([
    ["left", 712, 640, 600],
    ["right", 976, 1_064, 1_080],
  ] as const)("never cross on their way to the %s, whichever pins are wired", (side, nearX, farX, rowX) => {
    const sets = [
      [3, 7, 13, 19, 21, 23, 24, 26, 29, 31],
      [12, 11, 16, 15, 18, 22, 32, 33, 36, 35],
      [40, 38, 37, 36, 35, 33],
    ];
    for (const pins of sets) {
      const paths = routes(targets(pins, side, 186, rowX), side, { nearX, farX });
      for (const [index, one] of paths.entries()) {
        for (const other of paths.slice(index + 1))
          expect(crosses(one, other), `${one} and ${other}`).toBe(false);
      }
    }
  });

  it("lie above the header's body: one from the far column is seen as far as its pin", () => {
    for (const name of ["wiring.it.svg", "wiring.en.svg"]) {
      const svg = documentOf(name);
      const body = svg.indexOf('fill="#f4f4f4"');
      expect(body).toBeGreaterThan(0);
      expect(svg.indexOf('stroke-width="5.2"')).toBeGreaterThan(body);
    }
  });

  it("are refused where they would lie on each other", () => {
    const many = targets(
      Array.from({ length: 20 }, (_, index) => index + 1),
      "left",
      186,
      600,
    );
    expect(() => routes(many, "left", { nearX: 712, farX: 640 })).toThrow(
      "20 wires do not fit into one channel",
    );
  });
});

describe("the tables", () => {
  it("list all 40 pins with where they lead, in both languages", () => {
    for (const language of ["it", "en"] as const) {
      const rows = pinTable(language)
        .split("\n")
        .filter((line) => /^\| \d+ \|/.test(line));
      expect(rows).toHaveLength(40);
      for (const row of rows) expect(row.split(" | ")).toHaveLength(7);
    }
    expect(pinTable("en")).toContain("| 7 | GPIO4 | high | R11.1 | GN green | S1 green face | J1.1 |");
    expect(pinTable("it")).toContain("| 37 | GPIO26 | basso | U2.IN4 | TQ turchese | BZ1 cicalino |  |");
  });

  it("list every part once in the bill of materials, whose CSV has the same fields in every row", () => {
    const [head = "", ...rows] = billOfMaterialsCsv().trimEnd().split("\n");
    expect(rows).toHaveLength(KINDS.length);
    const refs = rows.flatMap((row) => (row.startsWith('"') ? [] : (row.split(",")[0] ?? "").split(" ")));
    expect(refs.toSorted()).toEqual(PARTS.map(({ ref }) => ref).toSorted());
    const fields = (row: string) => row.replace(/"(?:[^"]|"")*"/g, "").split(",").length;
    for (const row of rows) expect(fields(row), row).toBe(fields(head));
  });

  it("shorten runs of references", () => {
    expect(shortened(["R1", "R2", "R3", "R11", "S1", "S2"])).toBe("R1-R3, R11, S1-S2");
    expect(shortened(["BZ1"])).toBe("BZ1");
    expect(shortened([])).toBe("");
  });
});
