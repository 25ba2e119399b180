/**
 * Writes HTML without ever letting a value become markup: every interpolated text is escaped, and only what this
 * template itself made is taken as it is.
 */

/** A piece of finished markup. */
export type Markup = { readonly html: string };

type Interpolated = string | number | Markup | readonly Markup[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Tag for template literals: html`<p>${text}</p>`. */
export function html(strings: TemplateStringsArray, ...values: readonly Interpolated[]): Markup {
  return { html: strings.reduce((so, piece, at) => so + written(values[at - 1]) + piece) };
}

/** An attribute that is there or not, with the space before it. */
export function attribute(name: "checked" | "hidden" | "open" | "selected", present: boolean): Markup {
  return { html: present ? ` ${name}` : "" };
}

function written(value: Interpolated | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") {
    return String(value).replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);
  }
  return "html" in value ? value.html : value.map((piece) => piece.html).join("");
}
