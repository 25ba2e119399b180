import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithTool } from "#scripts/outside-tools.ts";
import { hardwareDocuments } from "./documents.ts";

type Box = {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

const SHEETS = hardwareDocuments().filter(({ name }) => name.endsWith(".svg"));

/** Letters stand on their line and reach this share of their size above it. */
const CAPITAL = 0.75;

/** What lies on something else or off the paper, with the texts as wide as a browser sets them. */
async function troublesOf(page: Page, svg: string): Promise<readonly string[]> {
  await page.setContent(svg);
  const { texts, wires, panels, paper } = await page.evaluate((capital) => {
    const root = document.querySelector("svg");
    const view = root?.viewBox.baseVal;
    const numbers = (element: Element, name: string) => Number(element.getAttribute(name));
    return {
      paper: { width: view?.width ?? 0, height: view?.height ?? 0 },
      texts: [...document.querySelectorAll("text")].map((text) => {
        const { x, width } = text.getBBox();
        const baseline = numbers(text, "y");
        return {
          name: text.textContent ?? "",
          left: x,
          right: x + width,
          top: baseline - numbers(text, "font-size") * capital,
          bottom: baseline,
        };
      }),
      panels: [...document.querySelectorAll('rect[fill]:not([fill="none"])')]
        .map((rect) => ({
          left: numbers(rect, "x"),
          right: numbers(rect, "x") + numbers(rect, "width"),
          top: numbers(rect, "y"),
          bottom: numbers(rect, "y") + numbers(rect, "height"),
        }))
        .filter(({ left, right }) => right - left < (view?.width ?? 0)),
      // The dark edge of a wire: its body and stripe lie on it.
      wires: [...document.querySelectorAll('path[stroke-width="5.2"]')].map(
        (path) => path.getAttribute("d") ?? "",
      ),
    };
  }, CAPITAL);
  const runs = wires.flatMap(segmentsOf);
  // A filled box is drawn over its wire, as a connector's way is.
  const isOnPanel = (text: Box) =>
    panels.some(
      (panel) =>
        panel.left <= text.left &&
        panel.right >= text.right &&
        panel.top <= text.top &&
        panel.bottom >= text.bottom,
    );
  const apart = (one: Box, other: Box) =>
    one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
  return texts.flatMap((text, index) => [
    ...(text.left < 0 || text.right > paper.width || text.bottom > paper.height
      ? [`${text.name} leaves the paper`]
      : []),
    ...[...texts.slice(index + 1), ...(isOnPanel(text) ? [] : runs)].flatMap((other) =>
      apart(text, other) ? [] : [`${text.name} lies on ${other.name}`],
    ),
  ]);
}

/** The straight parts of a wire as thin boxes. */
function segmentsOf(path: string): readonly Box[] {
  const points = [...path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  return points.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = points[index] ?? [x, y];
    return {
      name: `the wire ${path}`,
      left: Math.min(x, fromX) - 1.6,
      right: Math.max(x, fromX) + 1.6,
      top: Math.min(y, fromY) - 1.6,
      bottom: Math.max(y, fromY) + 1.6,
    };
  });
}

describeWithTool("chromium", "the sheets as a browser sets them", (chromiumPath) => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  it.each(SHEETS.map(({ name, text }) => [name, text] as const))(
    "%s: no text lies on a text or a wire, or leaves the paper",
    async (_, text) => {
      expect(await troublesOf(page, text)).toEqual([]);
    },
  );

  it("would find a label on a wire, on another label and off the paper", async () => {
    const sheet = SHEETS.find(({ name }) => name === "wiring.en.svg")?.text ?? "";
    const planted = (x: number, y: number) =>
      sheet.replace(
        "</svg>",
        `<text x="${x}" y="${y}" font-size="12" text-anchor="start">planted</text></svg>`,
      );
    const wire = /<path d="M([\d.]+) ([\d.]+)L[^"]*"[^>]*stroke-width="5.2"/.exec(sheet);
    expect(await troublesOf(page, planted(Number(wire?.[1]) - 20, Number(wire?.[2]) + 4))).toContainEqual(
      expect.stringMatching(/^planted lies on the wire/),
    );
    expect(await troublesOf(page, planted(30, 40))).toContainEqual(expect.stringMatching(/lies on planted$/));
    expect(await troublesOf(page, planted(1_660, 600))).toContain("planted leaves the paper");
  });
});
