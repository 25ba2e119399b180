/**
 * Symbols of parts as the sheets show them, each drawn around the wire it sits on.
 */
import { box, disc, dot, INK, line, type Point, polygon, text } from "./svg.ts";

const RAIL_FILLS = { "3V3": "#ffe0bd", "5V": "#ffd0d0" } as const;

/** A rail's name in a coloured tag, centred. */
export function railTag([x, y]: Point, rail: keyof typeof RAIL_FILLS, label: string): string {
  return (
    box([x - 24, y - 9], { width: 48, height: 18 }, { fill: RAIL_FILLS[rail], radius: 9 }) +
    text([x, y + 4], label, { size: 11, anchor: "middle" })
  );
}

/** Ground below a point: the rail A2.GND. */
export function ground([x, y]: Point): string {
  return [
    line([
      [x, y],
      [x, y + 6],
    ]),
    line(
      [
        [x - 10, y + 6],
        [x + 10, y + 6],
      ],
      { width: 2 },
    ),
    line(
      [
        [x - 6, y + 10],
        [x + 6, y + 10],
      ],
      { width: 2 },
    ),
    line(
      [
        [x - 2, y + 14],
        [x + 2, y + 14],
      ],
      { width: 2 },
    ),
  ].join("");
}

/** Ground beside a point; `side` is where it lies. */
export function groundBeside([x, y]: Point, side: -1 | 1): string {
  const at = (step: number) => x + side * step;
  return [
    line([
      [x, y],
      [at(6), y],
    ]),
    line(
      [
        [at(6), y - 9],
        [at(6), y + 9],
      ],
      { width: 2 },
    ),
    line(
      [
        [at(10), y - 5],
        [at(10), y + 5],
      ],
      { width: 2 },
    ),
    line(
      [
        [at(14), y - 2],
        [at(14), y + 2],
      ],
      { width: 2 },
    ),
  ].join("");
}

/** A resistor on a horizontal wire, centred, 46 long, its label above. */
export function resistorAcross([x, y]: Point, label: string): string {
  return (
    box([x - 23, y - 7], { width: 46, height: 14 }) + text([x, y - 13], label, { size: 11, anchor: "middle" })
  );
}

/** A resistor from the wire up to 3.3 V, its label on the left. */
export function pullUp([x, y]: Point, label: string, rail: string): string {
  return [
    line([
      [x, y],
      [x, y - 46],
    ]),
    box([x - 6, y - 34], { width: 12, height: 24 }),
    railTag([x, y - 46], "3V3", rail),
    dot([x, y]),
    text([x - 12, y - 18], label, { size: 11, anchor: "end" }),
  ].join("");
}

/** A capacitor from the wire down to ground, its label on the left. */
export function capacitorDown([x, y]: Point, label: string): string {
  return [
    line([
      [x, y],
      [x, y + 13],
    ]),
    line(
      [
        [x - 9, y + 13],
        [x + 9, y + 13],
      ],
      { width: 2.4 },
    ),
    line(
      [
        [x - 9, y + 18],
        [x + 9, y + 18],
      ],
      { width: 2.4 },
    ),
    line([
      [x, y + 18],
      [x, y + 22],
    ]),
    ground([x, y + 20]),
    dot([x, y]),
    text([x - 14, y + 20], label, { size: 11, anchor: "end" }),
  ].join("");
}

/** A line of a suppressor below the wire. */
export function suppressorDown([x, y]: Point, label: string): string {
  return [
    line([
      [x, y],
      [x, y + 13],
    ]),
    box([x - 28, y + 13], { width: 56, height: 19 }, { fill: "#eef3ff" }),
    text([x, y + 27], label, { size: 11, anchor: "middle" }),
    dot([x, y]),
  ].join("");
}

/** One way of a connector, with its number; centred. */
export function way([x, y]: Point, number: number): string {
  return (
    box([x - 14, y - 10], { width: 28, height: 20 }, { fill: "#e9f5e9" }) +
    text([x, y + 4], String(number), { size: 12, anchor: "middle", bold: true })
  );
}

/** A contact that is open at rest, from `x` (right, NO) to `x - 54` (left, COM). */
export function contact([x, y]: Point): string {
  return [
    line(
      [
        [x - 8, y],
        [x - 46, y - 17],
      ],
      { width: 2.4 },
    ),
    disc([x - 5, y], 4),
    disc([x - 49, y], 4),
    text([x - 4, y + 18], "NO", { size: 10, anchor: "middle" }),
    text([x - 50, y + 18], "COM", { size: 10, anchor: "middle" }),
  ].join("");
}

/** A lamp: `x` is its L- on the left, its L+ is 44 to the right. */
export function lamp([x, y]: Point, fill: string): string {
  return [
    line([
      [x, y],
      [x + 44, y],
    ]),
    disc([x + 22, y], 16, fill),
    polygon(
      [
        [x + 30, y - 8],
        [x + 30, y + 8],
        [x + 16, y],
      ],
      "#ffffff",
    ),
    line(
      [
        [x + 15, y - 8],
        [x + 15, y + 8],
      ],
      { width: 2.4 },
    ),
    text([x - 1, y + 20], "L-", { size: 10, anchor: "middle" }),
    text([x + 46, y + 20], "L+", { size: 10, anchor: "middle" }),
  ].join("");
}

/** An active buzzer: `x` is its minus, its plus is 40 to the right and goes to 5 V. */
export function buzzer([x, y]: Point, label: string, rail: string): string {
  return [
    line([
      [x, y],
      [x + 38, y],
    ]),
    disc([x + 17, y], 13, "#fff6d6"),
    text([x + 17, y + 4], "BZ1", { size: 10, anchor: "middle" }),
    text([x + 17, y - 18], label, { size: 11, anchor: "middle" }),
    railTag([x + 60, y], "5V", rail),
  ].join("");
}

/** A fuse on a horizontal wire, centred, 46 long. */
export function fuse([x, y]: Point, label: string): string {
  return (
    box([x - 23, y - 7], { width: 46, height: 14 }) +
    `<path d="M${x - 23} ${y}L${x + 23} ${y}" stroke="${INK}" stroke-width="1.6"/>` +
    text([x, y - 13], label, { size: 11, anchor: "middle" })
  );
}
