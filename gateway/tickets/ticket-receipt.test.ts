import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeWithTool } from "../../scripts/outside-tools.ts";
import { shortCode, signedCode } from "./ticket-codes.fixture.ts";
import { ticketEscPos } from "./ticket-receipt.ts";

/** A printer's own reading of `GS v 0`: its dots, true where it is black. */
function printed(commands: Buffer): {
  readonly width: number;
  readonly rows: readonly (readonly boolean[])[];
} {
  const at = commands.indexOf(Buffer.from([0x1d, 0x76, 0x30, 0x00]));
  const bytesWide = commands.readUInt16LE(at + 4);
  const height = commands.readUInt16LE(at + 6);
  const raster = commands.subarray(at + 8, at + 8 + bytesWide * height);
  const rows = Array.from({ length: height }, (_, y) =>
    Array.from({ length: bytesWide * 8 }, (__, x) => {
      const byte = raster[y * bytesWide + Math.floor(x / 8)] ?? 0;
      return (byte & (0x80 >> (x % 8))) !== 0;
    }),
  );
  return { width: bytesWide * 8, rows };
}

/** The dots as a scanner sees them: four pixels each, turned, a share of the pixels wrong, and all of it through a lens that blurs a dot's width. */
function photographed(
  rows: readonly (readonly boolean[])[],
  { degrees, torn, isTall }: { readonly degrees: number; readonly torn: number; readonly isTall: boolean },
): Buffer {
  const [scale, margin] = [4, 60];
  const [width, height] = [(rows[0]?.length ?? 0) * scale + 2 * margin, rows.length * scale + 2 * margin];
  const radians = (degrees * Math.PI) / 180;
  const pixels = Buffer.alloc(width * height, 255);
  let noise = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      const sourceX = Math.floor(
        (Math.cos(radians) * dx + Math.sin(radians) * dy + width / 2 - margin) / scale,
      );
      const sourceY = Math.floor(
        (Math.cos(radians) * dy - Math.sin(radians) * dx + height / 2 - margin) / scale,
      );
      const isDark = rows[sourceY]?.[sourceX] === true;
      // A linear congruential generator (Numerical Recipes): the same picture in every run.
      noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
      pixels[y * width + x] = (noise / 2 ** 32 < torn ? !isDark : isDark) ? 0 : 255;
    }
  }
  let seen = blurred(blurred(pixels, width, 1), width, width);
  // The spot that reads bars is taller than it is wide: about half the narrowest bar wide, and many times as high.
  for (let times = 0; isTall && times < 24; times++) seen = blurred(seen, width, width);
  for (let times = 0; isTall && times < 3; times++) seen = blurred(seen, width, 1);
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), seen]);
}

/** Each pixel as the mean of five, along rows (`step` 1) or columns (`step` the width). */
function blurred(pixels: Buffer, width: number, step: number): Buffer {
  const out = Buffer.from(pixels);
  for (let at = 2 * width; at < pixels.length - 2 * width; at++) {
    let sum = 0;
    for (let off = -2; off <= 2; off++) sum += pixels[at + off * step] as number;
    out[at] = Math.round(sum / 5);
  }
  return out;
}

describe("a ticket for a receipt printer", () => {
  it("begins with a reset, centres its dots and feeds one line; nothing cuts the paper", () => {
    const commands = ticketEscPos(signedCode(1), "signed");
    expect(commands.subarray(0, 2).toString("hex")).toBe("1b40");
    expect(commands.includes(Buffer.from([0x1d, 0x56]))).toBe(false);
  });

  it("fits paper of 58 mm as a QR code and of 80 mm as a Code 128", () => {
    expect(printed(ticketEscPos(signedCode(1), "signed")).width).toBeLessThanOrEqual(384);
    expect(printed(ticketEscPos(shortCode(1), "short")).width).toBeLessThanOrEqual(576);
  });
});

describeWithTool("zbarimg", "the dots of a receipt printer, read back", (zbarimg) => {
  const folder = mkdtempSync(join(tmpdir(), "faccine-escpos-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const readBack = (picture: Buffer): string => {
    const file = join(folder, "ticket.pgm");
    writeFileSync(file, picture);
    return spawnSync(zbarimg, ["--quiet", "--raw", file], { encoding: "utf8" }).stdout.trim();
  };

  it.each([
    ["straight", 0, 0],
    ["turned by three degrees", 3, 0],
    ["turned by three degrees the other way", -3, 0],
    ["with one pixel in twenty wrong", 0, 0.05],
    ["turned, with one pixel in twenty wrong", 3, 0.05],
  ])("%s say their code", (_, degrees, torn) => {
    for (const serial of [1, 77]) {
      const qr = printed(ticketEscPos(signedCode(serial), "signed")).rows;
      expect(readBack(photographed(qr, { degrees, torn, isTall: false }))).toBe(signedCode(serial));
      const bars = printed(ticketEscPos(shortCode(serial), "short")).rows;
      expect(readBack(photographed(bars, { degrees, torn, isTall: true }))).toBe(shortCode(serial));
    }
  });
});
