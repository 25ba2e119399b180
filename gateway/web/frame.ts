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
  /** Whose page it is, above everything. */
  readonly owner?: string;
  /** The way to other pages. */
  readonly menu?: Html;
  /** Attributes of the body, each with a space before it. */
  readonly attributes?: readonly Html[];
};

/** A whole page around its body. */
export function framed(frame: Frame, body: Html): string {
  const { language, title, head, skip, nav, sample, owner = "", menu = NOTHING, attributes = [] } = frame;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}
</head>
<body${attributes}>
<a class="skip" href="#content">${skip}</a>
<header>
<div class="strip"><p class="owner">${owner}</p><nav class="languages">${nav}</nav></div>
<div class="bar"><p class="brand">${FACES} Faccine</p>
${menu}</div>
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

/** Three faces, told apart by their mouths. */
const FACES = html`<svg class="faces" viewBox="0 0 76 28" width="76" height="28" aria-hidden="true" focusable="false">
<g fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><circle cx="14" cy="14" r="11"/><circle cx="38" cy="14" r="11"/><circle cx="62" cy="14" r="11"/>
<path d="M10 11v.1M18 11v.1M34 11v.1M42 11v.1M58 11v.1M66 11v.1" stroke-width="3"/><path d="M8.5 16.5q5.5 6 11 0M33 18.5h10M56.5 20q5.5-6 11 0"/></g></svg>`;
