/**
 * The pieces of the manual's pictures: parts as plain boxes with their reference, wires in their colours, numbered
 * marks. No words, so that one picture serves both languages; the text beside it names the references.
 */
import { wire as drawnWire, type Point } from "../drawings/svg.ts";
import type { WireColour } from "../nets.ts";
import { INK, line, number, rect, text } from "../sheet.ts";

export type { Point };

/** Every picture is as wide as a printed page's text, and low enough for two on a page. */
export const PICTURE = { width: 180, height: 105 } as const;

/** The wiring sheets are drawn in quarters of a millimetre; here one unit is a millimetre. */
const WIRE_UNITS_PER_MM = 4;

export function picture(body: readonly string[]): string {
  const { width, height } = PICTURE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}" font-family="'DejaVu Sans', Arial, sans-serif" fill="none" stroke="${INK}" stroke-width="0.35" stroke-linejoin="round" stroke-linecap="round">
<rect width="${width}" height="${height}" fill="#fff" stroke="none"/>
${body.join("\n")}
</svg>
`;
}

/** A part: a box with its reference in the middle. */
export function part(
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  ref: string,
  look: { readonly fill?: string; readonly size?: number; readonly atTop?: boolean } = {},
): string {
  const { fill = "#eef2f6", size = 4, atTop = false } = look;
  const y = atTop ? box.y + size + 1.5 : box.y + box.height / 2 + size * 0.36;
  return `${rect(box, `rx="1.5" fill="${fill}"`)}${text(box.x + box.width / 2, y, size, ref, { anchor: "middle", bold: true })}`;
}

/** A wire through some points, in its colour. */
export function wire(points: readonly Point[], colour: WireColour | "cable"): string {
  const scaled = points.map(([x, y]): Point => [x * WIRE_UNITS_PER_MM, y * WIRE_UNITS_PER_MM]);
  return `<g transform="scale(${number(1 / WIRE_UNITS_PER_MM)})">${drawnWire(scaled, colour)}</g>`;
}

/** An arrow from one point to another: what goes where. */
export function arrow([x1, y1]: Point, [x2, y2]: Point): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const back = (side: number) =>
    `${number(x2 - dx * 3 - dy * 1.2 * side)} ${number(y2 - dy * 3 + dx * 1.2 * side)}`;
  return `${line(x1, y1, x2 - dx * 2.5, y2 - dy * 2.5, `stroke="${MARK}" stroke-width="0.7"`)}<path d="M${number(x2)} ${number(y2)}L${back(1)}L${back(-1)}Z" fill="${MARK}" stroke="none"/>`;
}

export const MARK = "#b3261e";
