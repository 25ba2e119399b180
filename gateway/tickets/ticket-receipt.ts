/**
 * A ticket's code for a receipt printer: ESC/POS commands that print it as dots, so that it looks the same on every printer, whichever codes
 * its own firmware can draw. Neither feeds nor cuts more than the code needs: the rest of the receipt is whoever prints it.
 */
import ReceiptPrinterEncoder from "@point-of-sale/receipt-printer-encoder";
import type { IssuedProfile } from "./issuer.ts";
import { type CodeDots, dotsOf } from "./ticket-drawing.ts";

/** The printer's raster has eight dots in a byte, and the kit takes no other widths. */
const DOTS_PER_BYTE = 8;

/** Values of an image's pixels, and the one between them. */
const [DARK, LIGHT, BETWEEN] = [0, 255, 128];

/** The commands, as bytes. */
export function ticketEscPos(code: string, profile: IssuedProfile): Buffer {
  const dots = dotsOf(code, profile);
  const width = roundedUp(dots.width);
  const height = roundedUp(dots.height);
  const encoder = new ReceiptPrinterEncoder({ language: "esc-pos", imageMode: "raster" });
  const image = { data: pixelsOf(dots, width, height), width, height };
  const commands = encoder
    .initialize()
    .align("center")
    .image(image as never, width, height, "threshold", BETWEEN)
    .newline()
    .encode();
  return Buffer.from(commands);
}

/** Red, green, blue and opacity of each dot, row by row. */
function pixelsOf({ width, height, isDark }: CodeDots, paddedWidth: number, paddedHeight: number) {
  const pixels = new Uint8ClampedArray(paddedWidth * paddedHeight * 4).fill(LIGHT);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isDark(x, y)) pixels.fill(DARK, (y * paddedWidth + x) * 4, (y * paddedWidth + x) * 4 + 3);
    }
  }
  return pixels;
}

function roundedUp(dots: number): number {
  return Math.ceil(dots / DOTS_PER_BYTE) * DOTS_PER_BYTE;
}
