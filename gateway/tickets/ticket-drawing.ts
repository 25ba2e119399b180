/**
 * A ticket's code as a picture to print, with the light border it needs: a QR code of medium correction for a signed ticket, a
 * Code 128 for a short one. Knows nothing of what the code says.
 */
import bwipjs, { type RenderOptions, toBuffer, toSVG } from "bwip-js/node";

/** Light squares around a QR code (ISO/IEC 18004, 9.1); the drawing kit pads in its own units, two of which are a square. */
const QUIET_SQUARES = 4;
const UNITS_PER_SQUARE = 2;

/**
 * Four dots of a receipt printer (203 an inch) a square: half a millimetre, which every scanner reads at a hand's distance,
 * and 25 mm for the 49 squares of a signed ticket with its border: paper of 58 mm has room for it.
 */
const DOTS_PER_SQUARE = 4;

/**
 * Two dots of a receipt printer for the narrowest bar of a short ticket: a quarter of a millimetre. Twenty characters are then 69 mm
 * wide with their border, and paper of 80 mm has 72 mm to print on.
 */
const DOTS_PER_BAR = 2;
/** Light bars beside a Code 128 (ISO/IEC 15417, 4.1.4): ten. */
const QUIET_BARS = 10;
/** High enough to be hit by hand. */
const BAR_HEIGHT_MM = 15;

/** A drawing that scales to any size. */
export function ticketSvg(code: string, profile: DrawnProfile): string {
  return toSVG(optionsFor(code, profile));
}

/** Dots for a receipt printer, black on white. */
export function ticketPng(code: string, profile: DrawnProfile): Promise<Buffer> {
  const scale = profile === "short" ? DOTS_PER_BAR : DOTS_PER_SQUARE / UNITS_PER_SQUARE;
  return toBuffer({ ...optionsFor(code, profile), scale, backgroundcolor: "FFFFFF" });
}

/** A code as a printer's dots, its light border included. */
export type CodeDots = {
  readonly width: number;
  readonly height: number;
  readonly isDark: (x: number, y: number) => boolean;
};

/** Dots a millimetre of a receipt printer: 203 an inch. */
const DOTS_PER_MM = 8;

/** The dots of a code, as large as the picture of `ticketPng`. */
export function dotsOf(code: string, profile: DrawnProfile): CodeDots {
  const [drawn] = bwipjs.raw(optionsFor(code, profile)) as unknown as readonly RawCode[];
  if (drawn !== undefined && "pixs" in drawn) {
    const { pixs, pixx, pixy } = drawn;
    const at = (dot: number) => Math.floor(dot / DOTS_PER_SQUARE) - QUIET_SQUARES;
    const isIn = (square: number, count: number) => 0 <= square && square < count;
    return {
      width: (pixx + 2 * QUIET_SQUARES) * DOTS_PER_SQUARE,
      height: (pixy + 2 * QUIET_SQUARES) * DOTS_PER_SQUARE,
      isDark: (x, y) => isIn(at(x), pixx) && isIn(at(y), pixy) && pixs[at(y) * pixx + at(x)] === 1,
    };
  }
  // Widths of bars and gaps, a bar first.
  const bars = (drawn?.sbs ?? []).flatMap((width, index) =>
    Array.from({ length: width }, () => index % 2 === 0),
  );
  return {
    width: (bars.length + 2 * QUIET_BARS) * DOTS_PER_BAR,
    height: BAR_HEIGHT_MM * DOTS_PER_MM,
    isDark: (x) => bars[Math.floor(x / DOTS_PER_BAR) - QUIET_BARS] === true,
  };
}

/** What the kit makes before it draws: squares, or widths. Its types say less. */
type RawCode =
  | { readonly pixs: readonly number[]; readonly pixx: number; readonly pixy: number }
  | { readonly sbs: readonly number[] };

type DrawnProfile = "signed" | "short";

function optionsFor(text: string, profile: DrawnProfile): RenderOptions {
  if (profile === "short") {
    return { bcid: "code128", text, scale: 1, height: BAR_HEIGHT_MM, paddingwidth: QUIET_BARS };
  }
  // What only QR codes have, the kit's types leave out.
  const correction = { eclevel: "M" };
  return { bcid: "qrcode", text, scale: 1, padding: QUIET_SQUARES * UNITS_PER_SQUARE, ...correction };
}
