/**
 * Outlines and reliefs of the keys' caps, told apart by touch and by sight: round and smiling, square and straight,
 * pointed and frowning. SVG path data in millimetres, around the key's centre; y goes down.
 */
import type { Face } from "#schemas/code-list.ts";
import type { CapShape } from "./case.ts";

type Point = { readonly x: number; readonly y: number };

/** Raised lines on a face's cap: wide and high enough for a finger. A choice of ours, to be tried with who reads by touch. */
export const RELIEF_MM = { line: 4, height: 1.5 } as const;

/** Roundness of corners, so that none is sharp. */
const CORNER_MM: Readonly<Record<CapShape, number>> = { circle: 0, square: 6, triangle: 7, diamond: 4 };

/** Corners of the triangle before rounding: point up, its centre of gravity on the key's centre. */
function triangleCorners(sideMm: number): readonly Point[] {
  const height = (sideMm * Math.sqrt(3)) / 2;
  return [
    { x: 0, y: (-2 * height) / 3 },
    { x: sideMm / 2, y: height / 3 },
    { x: -sideMm / 2, y: height / 3 },
  ];
}

/** The room an outline takes around the key's centre, its corners rounded. */
export function capExtent(
  shape: CapShape,
  sizeMm: number,
): { readonly left: number; readonly top: number; readonly width: number; readonly height: number } {
  const radius = CORNER_MM[shape];
  if (shape === "triangle") {
    const height = (sizeMm * Math.sqrt(3)) / 2;
    // A circle in a corner of 60 degrees ends its own radius before the tip, and a little less beside it.
    const width = sizeMm - 2 * radius * (Math.sqrt(3) - 1);
    return { left: -width / 2, top: (-2 * height) / 3 + radius, width, height: height - radius };
  }
  const side = shape === "diamond" ? sizeMm - 2 * radius * (Math.SQRT2 - 1) : sizeMm;
  return { left: -side / 2, top: -side / 2, width: side, height: side };
}

/** A cap's outline. */
export function capPath(shape: CapShape, sizeMm: number): string {
  const half = sizeMm / 2;
  switch (shape) {
    case "circle":
      return `M${number(-half)} 0a${number(half)} ${number(half)} 0 1 1 ${number(sizeMm)} 0a${number(half)} ${number(half)} 0 1 1 ${number(-sizeMm)} 0z`;
    case "square":
      return rounded(
        [
          { x: -half, y: -half },
          { x: half, y: -half },
          { x: half, y: half },
          { x: -half, y: half },
        ],
        CORNER_MM.square,
      );
    case "triangle":
      return rounded(triangleCorners(sizeMm), CORNER_MM.triangle);
    case "diamond":
      return rounded(
        [
          { x: 0, y: -half },
          { x: half, y: 0 },
          { x: 0, y: half },
          { x: -half, y: 0 },
        ],
        CORNER_MM.diamond,
      );
  }
}

/** Raised lines and dots of the three faces, for a cap of 60 mm; the triangle's lie in its wide lower part. */
export const FACE_RELIEFS: Readonly<
  Record<Face, { readonly lines: string; readonly dots: readonly Point[] }>
> = {
  green: {
    lines: "M-14-7q4.5-6 9 0M5-7q4.5-6 9 0M-16 5q16 18 32 0",
    dots: [],
  },
  yellow: {
    lines: "M-15 11h30",
    dots: [
      { x: -10, y: -8 },
      { x: 10, y: -8 },
    ],
  },
  red: {
    lines: "M-14 14q14-15 28 0",
    dots: [
      { x: -7, y: -9 },
      { x: 7, y: -9 },
    ],
  },
};

/** Radius of a face's raised dots. */
export const RELIEF_DOT_MM = 3;

/** The raised bars that number a reason key, upright, side by side. */
export function barLines(
  bars: number,
): readonly { readonly x: number; readonly y: number; readonly length: number }[] {
  return Array.from({ length: bars }, (_, index) => ({
    x: (index - (bars - 1) / 2) * BAR_PITCH_MM,
    y: BAR_TOP_MM,
    length: BAR_LENGTH_MM,
  }));
}

/** A finger tells bars apart from about the distance of two Braille cells' columns on; measured from bar to bar. */
const BAR_PITCH_MM = 5;
const BAR_TOP_MM = 4;
const BAR_LENGTH_MM = 6;

/** What a reason's or the voice's cap shows above its bars, as lines in a 24 mm square around the centre. */
export const SMALL_RELIEFS = {
  wait: "M0-11a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11M0-8.5v3l2 1.5",
  staff: "M0-11.5a2.7 2.7 0 1 1 0 5.4a2.7 2.7 0 1 1 0-5.4M-5.5 0c0-3.4 2.3-4.6 5.5-4.6s5.5 1.2 5.5 4.6z",
  return: "M-5-10.5v4h4M-4.8-6.8a5.3 5.3 0 1 1 0.2 4",
  outcome: "M-4.5-11.5h6l3 3v8.5h-9zM-1.8-6.2l3.6 3.6M1.8-6.2l-3.6 3.6",
  assist: "M-9-3v6h4l5 5v-16l-5 5zM4-4q4 4 0 8M7-7q7 7 0 14",
} as const;

/** A closed path through the corners, each rounded by an arc that leaves its sides where a circle of that radius touches. */
function rounded(corners: readonly Point[], radiusMm: number): string {
  const parts = corners.map((corner, index) => {
    const before = corners.at(index - 1) ?? corner;
    const after = corners[(index + 1) % corners.length] ?? corner;
    const from = unit(corner, before);
    const to = unit(corner, after);
    const half = Math.acos(from.x * to.x + from.y * to.y) / 2;
    const reach = radiusMm / Math.tan(half);
    const enter = { x: corner.x + from.x * reach, y: corner.y + from.y * reach };
    const leave = { x: corner.x + to.x * reach, y: corner.y + to.y * reach };
    const move = index === 0 ? "M" : "L";
    return `${move}${pair(enter)}A${number(radiusMm)} ${number(radiusMm)} 0 0 1 ${pair(leave)}`;
  });
  return `${parts.join("")}Z`;
}

function unit(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}

function pair({ x, y }: Point): string {
  return `${number(x)} ${number(y)}`;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
