/**
 * The few shapes the sheets are drawn with, as SVG text. Lengths are in quarters of a millimetre on A3: a text of 12 is 3 mm
 * high there and 2.1 mm on A4. Nothing is loaded from outside, so that a sheet prints alike everywhere.
 */
import type { WireColour } from "../nets.ts";

export type Point = readonly [x: number, y: number];

export const INK = "#1a1a1a";
const FAINT = "#8a8a8a";
const PAPER = "#ffffff";

/** What a wire of each colour looks like on paper: body, and stripe if it has one. */
const PAINT: Readonly<Record<WireColour | "cable", readonly [body: string, stripe?: string]>> = {
  BK: ["#1a1a1a"],
  BN: ["#8a5a2b"],
  RD: ["#d62828"],
  OG: ["#f08a24"],
  YE: ["#f5d90a"],
  GN: ["#2a9d3a"],
  BU: ["#2f6fd0"],
  VT: ["#8e4bb8"],
  GY: ["#9a9a9a"],
  WH: ["#ffffff"],
  PK: ["#f48fb1"],
  TQ: ["#2bb6b0"],
  WHBU: ["#ffffff", "#2f6fd0"],
  WHOG: ["#ffffff", "#f08a24"],
  WHGN: ["#ffffff", "#2a9d3a"],
  WHBN: ["#ffffff", "#8a5a2b"],
  cable: ["#5b5b5b"],
};

/** Bodies thinner than this vanish on A4. */
const WIRE_WIDTH = 3.2;
const OUTLINE_WIDTH = 5.2;

export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

type TextLook = {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  readonly faint?: boolean;
};

/** Text on a white edge, so that a line behind it does not touch it. */
export function text([x, y]: Point, content: string, look: TextLook = {}): string {
  const { size = 12, anchor = "start", bold = false, faint = false } = look;
  const weight = bold ? ` font-weight="bold"` : "";
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" fill="${faint ? FAINT : INK}"${weight} stroke="${PAPER}" stroke-width="3" paint-order="stroke">${escapeText(content)}</text>`;
}

function pathOf(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
}

/** A coloured wire with a dark edge, so that white and yellow show on paper. */
export function wire(points: readonly Point[], colour: WireColour | "cable"): string {
  const [body, stripe] = PAINT[colour];
  const path = pathOf(points);
  const line = (stroke: string, width: number, dash = "") =>
    `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"${dash}/>`;
  return [
    line(INK, OUTLINE_WIDTH),
    line(body, WIRE_WIDTH),
    ...(stripe === undefined ? [] : [line(stripe, WIRE_WIDTH, ` stroke-dasharray="7 6"`)]),
  ].join("");
}

/** A thin line of the drawing itself. */
export function line(
  points: readonly Point[],
  look: { readonly width?: number; readonly dash?: string } = {},
): string {
  const { width = 1.6, dash } = look;
  const dashed = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  return `<path d="${pathOf(points)}" fill="none" stroke="${INK}" stroke-width="${width}"${dashed}/>`;
}

export function box(
  corner: Point,
  size: { readonly width: number; readonly height: number },
  look: { readonly fill?: string; readonly dash?: string; readonly radius?: number } = {},
): string {
  const { fill = PAPER, dash, radius = 2 } = look;
  const dashed = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  return `<rect x="${corner[0]}" y="${corner[1]}" width="${size.width}" height="${size.height}" rx="${radius}" fill="${fill}" stroke="${INK}" stroke-width="1.6"${dashed}/>`;
}

export function disc([x, y]: Point, radius: number, fill: string = PAPER): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${INK}" stroke-width="1.6"/>`;
}

/** Where lines meet. */
export function dot([x, y]: Point): string {
  return `<circle cx="${x}" cy="${y}" r="3.4" fill="${INK}"/>`;
}

export function polygon(points: readonly Point[], fill: string): string {
  return `<path d="${pathOf(points)}Z" fill="${fill}" stroke="${INK}" stroke-width="1.6"/>`;
}

/** A whole sheet, A3 lying. `title` and `description` are read aloud by screen readers. */
export function sheet(
  words: { readonly title: string; readonly description: string; readonly language: string },
  size: { readonly width: number; readonly height: number },
  parts: readonly string[],
): string {
  const { title, description, language } = words;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width / 4}mm" height="${size.height / 4}mm" viewBox="0 0 ${size.width} ${size.height}" role="img" lang="${language}" font-family="DejaVu Sans, Verdana, Arial, sans-serif">`,
    `<title>${escapeText(title)}</title>`,
    `<desc>${escapeText(description)}</desc>`,
    `<rect width="${size.width}" height="${size.height}" fill="${PAPER}"/>`,
    ...parts,
    "</svg>",
  ].join("\n")}\n`;
}
