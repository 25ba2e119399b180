/**
 * Writes HTML: every value put into `html` is escaped, unless it is HTML made by `html` itself. Pure.
 */

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | readonly Html[];

/** HTML from a template. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let out = parts[0] ?? "";
  values.forEach((value, index) => {
    out += written(value) + (parts[index + 1] ?? "");
  });
  return new Html(out);
}

/** Nothing. */
export const NOTHING = new Html("");

function written(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map((item) => item.text).join("");
  return escaped(String(value));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
