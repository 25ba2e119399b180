/**
 * The panel's page and the files it asks for. The browser gets the reviewed sources with their types blanked out, as
 * Node itself runs them: no build step.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { PanelState } from "#schemas/panel.ts";
import { panelPage } from "./page.ts";
import { PANEL_LANGUAGES, type PanelLanguage, pageWords } from "./page-words.ts";

/** Every file a browser may have: its address, where it lies, and what it is. */
const FILES = {
  "/panel.js": ["client.ts", "text/javascript"],
  "/browser/controls.ts": ["browser/controls.ts", "text/javascript"],
  "/browser/desk.ts": ["browser/desk.ts", "text/javascript"],
  "/browser/ears.ts": ["browser/ears.ts", "text/javascript"],
  "/browser/elements.ts": ["browser/elements.ts", "text/javascript"],
  "/browser/follow.ts": ["browser/follow.ts", "text/javascript"],
  "/browser/paint.ts": ["browser/paint.ts", "text/javascript"],
  "/browser/post.ts": ["browser/post.ts", "text/javascript"],
  "/browser/reader.ts": ["browser/reader.ts", "text/javascript"],
  "/browser/receipts.ts": ["browser/receipts.ts", "text/javascript"],
  "/browser/retry.ts": ["browser/retry.ts", "text/javascript"],
  "/browser/shown.ts": ["browser/shown.ts", "text/javascript"],
  "/browser/sounds.ts": ["browser/sounds.ts", "text/javascript"],
  "/panel.css": ["panel.css", "text/css"],
  "/controls.css": ["controls.css", "text/css"],
  "/totem.css": ["totem.css", "text/css"],
  "/keys.css": ["keys.css", "text/css"],
  "/fittings.css": ["fittings.css", "text/css"],
  "/panel.svg": ["panel.svg", "image/svg+xml"],
} as const satisfies Readonly<Record<string, readonly [file: string, type: string]>>;

export function serveAssets(
  server: FastifyInstance,
  parts: { readonly state: () => Promise<PanelState>; readonly canPrint: () => boolean },
): void {
  server.get<{ Querystring: { lang?: unknown } }>("/", async (request, reply) => {
    const language = languageOf(request.query.lang);
    const page = panelPage({ language, state: await parts.state(), canPrint: parts.canPrint() });
    return reply.type("text/html; charset=utf-8").send(page);
  });
  server.get<{ Querystring: { lang?: unknown } }>("/panel/words", async (request) => {
    const { wording } = await parts.state();
    return pageWords(wording, languageOf(request.query.lang));
  });
  // Read at the first request, not at the start: a totem is ready to scan before anybody looks at its panel.
  const contents = new Map<string, string>();
  for (const [address, [file, type]] of Object.entries(FILES)) {
    server.get(address, (_, reply) => {
      const content = contents.get(file) ?? contentOf(file);
      contents.set(file, content);
      return reply.type(`${type}; charset=utf-8`).send(content);
    });
  }
}

function contentOf(file: string): string {
  const content = readFileSync(join(import.meta.dirname, file), "utf8");
  return file.endsWith(".ts") ? stripTypeScriptTypes(content) : content;
}

function languageOf(asked: unknown): PanelLanguage {
  return PANEL_LANGUAGES.find((language) => language === asked) ?? "it";
}
