/**
 * What the gateway's pages look like: the style, and the typeface of Italian public sites. Static, the same for everybody, and kept by browsers.
 *
 * The look is Bootstrap Italia's by its design tokens (colours, type, spacing, held against `design-tokens-italia` by a test), not by its style
 * sheet: that one is 612 KB for the dozen things these pages are made of, knows no dark, and its package brings a video player along.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";

const require = createRequire(import.meta.url);
const FONTS: Readonly<Record<string, string>> = {
  "titillium-400.ttf": "400Regular/TitilliumWeb_400Regular.ttf",
  "titillium-600.ttf": "600SemiBold/TitilliumWeb_600SemiBold.ttf",
  "titillium-700.ttf": "700Bold/TitilliumWeb_700Bold.ttf",
};
const STYLES = ["page.css", "fonts.css", "dashboard.css", "fleet.css"];

export function registerLookRoutes(server: FastifyInstance): void {
  const options = { schema: { hide: true } };
  for (const name of STYLES) {
    const style = readFileSync(join(import.meta.dirname, name), "utf8");
    server.get(`/${name}`, options, (_, reply) =>
      reply.type("text/css; charset=utf-8").header("cache-control", "max-age=3600").send(style),
    );
  }
  for (const [name, file] of Object.entries(FONTS)) {
    // Read when asked for: browsers ask once a month.
    server.get(`/fonts/${name}`, options, (_, reply) =>
      reply
        .type("font/ttf")
        .header("cache-control", "max-age=2592000")
        .send(readFileSync(require.resolve(`@expo-google-fonts/titillium-web/${file}`))),
    );
  }
}
