import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { describeWithTool } from "../../scripts/outside-tools.ts";
import { shortCode, signedCode } from "./ticket-codes.fixture.ts";
import { ticketPng, ticketSvg } from "./ticket-drawing.ts";

const SHORT = shortCode(131_073);
/** Width and height in the header of a PNG. */
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

it("A ticket is 49 squares wide with its border, four dots each: 25 mm on a receipt printer", async () => {
  expect(sizeOf(await ticketPng(signedCode(1), "signed"))).toEqual([196, 196]);
});

it("The drawing holds nothing but the code's squares: no text, no link, no script", () => {
  const svg = ticketSvg(signedCode(1), "signed");
  expect(svg).toMatch(/^<svg viewBox="0 0 98 98"/);
  expect([...svg.matchAll(/<(\w+)/g)].map(([, name]) => name).toSorted()).toEqual(["path", "svg"]);
});

it("A short ticket is 69 mm wide on a receipt printer, with its border", async () => {
  expect(sizeOf(await ticketPng(SHORT, "short"))[0]).toBe(550);
});

describeWithTool("zbarimg", "a printed ticket, read back", (zbarimg) => {
  const folder = mkdtempSync(join(tmpdir(), "faccine-drawing-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const readBack = (png: Buffer): string => {
    const file = join(folder, "ticket.png");
    writeFileSync(file, png);
    return spawnSync(zbarimg, ["--quiet", "--raw", file], { encoding: "utf8" }).stdout.trim();
  };

  it("as dots says its code", async () => {
    for (let serial = 1; serial <= 20; serial += 1) {
      expect(readBack(await ticketPng(signedCode(serial), "signed"))).toBe(signedCode(serial));
    }
    expect(readBack(await ticketPng(SHORT, "short"))).toBe(SHORT);
  });

  describeWithTool("chromium", "as a drawing", (executablePath) => {
    it("of any size, turned by three degrees either way, says its code", async () => {
      const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
      try {
        const page = await browser.newPage();
        for (const sidePx of [250, 400, 600]) {
          for (const degrees of [0, 3, -3]) {
            const drawn = { svg: ticketSvg(signedCode(sidePx), "signed"), sidePx, degrees };
            const png = Buffer.from(await page.evaluate(photographed, drawn), "base64");
            expect([sidePx, degrees, readBack(png)]).toEqual([sidePx, degrees, signedCode(sidePx)]);
          }
        }
      } finally {
        await browser.close();
      }
    });
  });
});

/** In the page: a ticket printed askew on white paper. */
async function photographed(drawn: {
  readonly svg: string;
  readonly sidePx: number;
  readonly degrees: number;
}): Promise<string> {
  const { svg, sidePx, degrees } = drawn;
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = sidePx + 120;
  canvas.height = sidePx + 120;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.rotate((degrees * Math.PI) / 180);
  pen.drawImage(image, -sidePx / 2, -sidePx / 2, sidePx, sidePx);
  return canvas.toDataURL("image/png").split(",")[1] ?? "";
}
