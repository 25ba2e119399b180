/**
 * A sheet of paper as SVG: one unit is one millimetre, so that a sheet printed at 100 % can be measured with a ruler.
 * Holds the pieces every drawing is made of: lines, texts, dimensions, a title block with a ruler to check the print.
 */
import type { Bilingual, GuideLanguage } from "./bilingual.ts";

export const INK = "#1b2733";
export const FAINT = "#7b8794";
export const MEASURE = "#0b5394";

export type Anchor = "start" | "middle" | "end";

export type Sheet = {
  readonly title: Bilingual;
  /** Said under the title: what the drawing is for. */
  readonly note: Bilingual;
  /** In red, in place of the sentence that no case was built yet. */
  readonly warning?: Bilingual;
  readonly scale: string;
  readonly width: number;
  readonly height: number;
  readonly body: string;
};

const MARGIN = 8;
const BLOCK_HEIGHT = 20;
/** Lower edge of the room left for a drawing. */
export const BLOCK_ROOM = MARGIN + BLOCK_HEIGHT + 4;

const UNTRIED: Bilingual = {
  it: "Progetto su carta: nessuna cassa è ancora stata costruita.",
  en: "A design on paper: no case has been built yet.",
};
const RULER: Bilingual = {
  it: "50 mm: misuri qui la stampa, al 100 %",
  en: "50 mm: measure the print here, at 100 %",
};

/** The whole sheet with frame and title block. */
export function sheet(content: Sheet, language: GuideLanguage): string {
  const { width, height } = content;
  const top = height - MARGIN - BLOCK_HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}" font-family="'DejaVu Sans', Arial, sans-serif" fill="none" stroke="${INK}" stroke-width="0.3" stroke-linejoin="round" stroke-linecap="round">
<title>${escaped(content.title[language])}</title>
<rect width="${width}" height="${height}" fill="#fff" stroke="none"/>
${content.body}
<rect x="${MARGIN}" y="${MARGIN}" width="${width - 2 * MARGIN}" height="${height - 2 * MARGIN}" stroke-width="0.5"/>
<path d="M${MARGIN} ${top}H${width - MARGIN}" stroke-width="0.5"/>
${text(MARGIN + 4, top + 6.5, 4.2, `Faccine · ${content.title[language]}`, { bold: true })}
${text(MARGIN + 4, top + 11.5, 2.7, content.note[language])}
${text(MARGIN + 4, top + 16.2, 2.7, (content.warning ?? UNTRIED)[language], { colour: "#a33" })}
${text(width - MARGIN - 4, top + 6.5, 4.2, content.scale, { anchor: "end", bold: true })}
${ruler(width - MARGIN - 54, top + 10)}
${text(width - MARGIN - 4, top + 17, 2.4, RULER[language], { anchor: "end" })}
</svg>
`;
}

/** A piece of SVG drawn at a scale: strokes inside keep the width they have on paper. */
export function scaled(at: { readonly x: number; readonly y: number }, factor: number, body: string): string {
  return `<g transform="translate(${number(at.x)} ${number(at.y)}) scale(${number(factor)})" stroke-width="${number(0.3 / factor)}">${body}</g>`;
}

export function text(
  x: number,
  y: number,
  sizeMm: number,
  words: string,
  style: {
    readonly anchor?: Anchor;
    readonly colour?: string;
    readonly bold?: boolean;
    readonly turned?: number;
  } = {},
): string {
  const { anchor = "start", colour = INK, bold = false, turned = 0 } = style;
  const turn = turned === 0 ? "" : ` transform="rotate(${turned} ${number(x)} ${number(y)})"`;
  return `<text x="${number(x)}" y="${number(y)}" font-size="${number(sizeMm)}" text-anchor="${anchor}" fill="${colour}" stroke="none"${bold ? ' font-weight="bold"' : ""}${turn}>${escaped(words)}</text>`;
}

export function path(d: string, attributes = ""): string {
  return `<path d="${d}"${attributes === "" ? "" : ` ${attributes}`}/>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes = ""): string {
  return path(`M${number(x1)} ${number(y1)}L${number(x2)} ${number(y2)}`, attributes);
}

export function rect(
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  attributes = "",
): string {
  return `<rect x="${number(box.x)}" y="${number(box.y)}" width="${number(box.width)}" height="${number(box.height)}"${attributes === "" ? "" : ` ${attributes}`}/>`;
}

export function circle(x: number, y: number, radius: number, attributes = ""): string {
  return `<circle cx="${number(x)}" cy="${number(y)}" r="${number(radius)}"${attributes === "" ? "" : ` ${attributes}`}/>`;
}

/** A dimension between two places of one line, with arrows and its figure above the line. */
export function dimension(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  figure: string,
): string {
  const upright = from.x === to.x;
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const label = upright
    ? text(middle.x - 1, middle.y, 2.6, figure, { anchor: "middle", colour: MEASURE, turned: -90 })
    : text(middle.x, middle.y - 1, 2.6, figure, { anchor: "middle", colour: MEASURE });
  return `<g stroke="${MEASURE}" stroke-width="0.18">${line(from.x, from.y, to.x, to.y)}${arrow(from, to)}${arrow(to, from)}</g>${label}`;
}

/** A thin line from a feature to the edge of the drawing, with the distance from the drawing's origin at its end. */
export function ordinate(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  figure: string,
): string {
  const upright = from.x === to.x;
  const left = to.x < from.x;
  const label = upright
    ? text(to.x + 0.9, to.y - 0.8, 2.5, figure, { colour: MEASURE, turned: -90 })
    : text(to.x + (left ? -0.8 : 0.8), to.y + 0.9, 2.5, figure, {
        anchor: left ? "end" : "start",
        colour: MEASURE,
      });
  return `${line(from.x, from.y, to.x, to.y, `stroke="${MEASURE}" stroke-width="0.13"`)}${label}`;
}

/** A number in a circle, for a legend. */
export function bubble(x: number, y: number, words: string): string {
  return `${circle(x, y, 2.4, `fill="#fff" stroke-width="0.25"`)}${text(x, y + 0.95, 2.6, words, { anchor: "middle", bold: true })}`;
}

export function number(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}

function arrow(
  at: { readonly x: number; readonly y: number },
  from: { readonly x: number; readonly y: number },
) {
  const length = Math.hypot(from.x - at.x, from.y - at.y);
  const x = (from.x - at.x) / length;
  const y = (from.y - at.y) / length;
  const back = (side: number) =>
    `${number(at.x + x * 1.8 - y * 0.5 * side)} ${number(at.y + y * 1.8 + x * 0.5 * side)}`;
  return path(`M${number(at.x)} ${number(at.y)}L${back(1)}L${back(-1)}Z`, `fill="${MEASURE}" stroke="none"`);
}

function ruler(x: number, y: number): string {
  const ticks = Array.from({ length: 11 }, (_, index) =>
    line(x + index * 5, y, x + index * 5, y + (index % 2 === 0 ? 2 : 1.2), `stroke-width="0.2"`),
  );
  return `${line(x, y, x + 50, y, `stroke-width="0.2"`)}${ticks.join("")}`;
}

function escaped(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
