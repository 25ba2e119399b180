/**
 * The document every page of ours stands in, served or static: head, way past the header, languages, note on invented
 * data, title. It knows no words and no addresses of its own. Pure.
 */
import { type Html, html, NOTHING } from "./html.ts";

export type Frame = {
  readonly language: string;
  readonly title: string;
  /** What the head holds after the title: styles, icon, scripts. */
  readonly head: Html;
  /** The text of the link past the header. */
  readonly skip: string;
  /** The page in other languages. */
  readonly nav: Html;
  /** The note that the data is invented; null for a page that shows none. */
  readonly sample: string | null;
  /** Attributes of the body, each with a space before it. */
  readonly attributes?: readonly Html[];
};

/** A whole page around its body. */
export function framed(frame: Frame, body: Html): string {
  const { language, title, head, skip, nav, sample, attributes = [] } = frame;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}
</head>
<body${attributes}>
<a class="skip" href="#content">${skip}</a>
<header>
<p class="brand">Faccine</p>
<nav>${nav}</nav>
</header>
<main id="content">
${sample === null ? NOTHING : html`<p class="sample" role="note">${sample}</p>`}
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
}
