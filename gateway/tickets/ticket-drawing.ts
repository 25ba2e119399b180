/**
 * A ticket's code as a picture to print: a QR code of medium correction, with the light border it needs. Knows nothing of what
 * the code says.
 */
import { type RenderOptions, toBuffer, toSVG } from "bwip-js/node";

/** Light squares around a QR code (ISO/IEC 18004, 9.1); the drawing kit pads in its own units, two of which are a square. */
const QUIET_SQUARES = 4;
const UNITS_PER_SQUARE = 2;

/**
 * Four dots of a receipt printer (203 an inch) a square: half a millimetre, which every scanner reads at a hand's distance,
 * and 25 mm for the 49 squares of a signed ticket with its border: paper of 58 mm has room for it.
 */
const DOTS_PER_SQUARE = 4;

/** A drawing that scales to any size. */
export function ticketSvg(code: string): string {
  return toSVG(optionsFor(code));
}

/** Dots for a receipt printer, black on white. */
export function ticketPng(code: string): Promise<Buffer> {
  return toBuffer({
    ...optionsFor(code),
    scale: DOTS_PER_SQUARE / UNITS_PER_SQUARE,
    backgroundcolor: "FFFFFF",
  });
}

function optionsFor(text: string): RenderOptions {
  // What only QR codes have, the kit's types leave out.
  const correction = { eclevel: "M" };
  return { bcid: "qrcode", text, scale: 1, padding: QUIET_SQUARES * UNITS_PER_SQUARE, ...correction };
}
