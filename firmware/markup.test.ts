/** Values never become markup. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { attribute, html } from "./markup.ts";

it("Whatever a text holds, it opens no tag, ends no attribute and comes out as it went in", () => {
  const read = (text: string) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
  const dangerous = fc.string({
    unit: fc.constantFrom("<", ">", '"', "'", "&", "/", "script", "amp;", "#39;", "x", " "),
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), dangerous), (text) => {
      const written = html`<p title="${text}">${text}</p>`.html;
      const inner = written.slice('<p title="'.length, -"</p>".length);
      const [inAttribute, inText] = [
        inner.slice(0, inner.indexOf('">')),
        inner.slice(inner.indexOf('">') + 2),
      ];
      expect(inAttribute).not.toMatch(/[<>"']/);
      expect(inText).toBe(inAttribute);
      expect(read(inText)).toBe(text);
    }),
  );
});

it("Markup made by a template is taken as it is, alone or in a list, and numbers are written", () => {
  const items = ["a & b", "c"].map((text) => html`<li>${text}</li>`);
  expect(html`<ul data-count="${items.length}">${items}</ul>`.html).toBe(
    '<ul data-count="2"><li>a &amp; b</li><li>c</li></ul>',
  );
});

it("A text that looks like markup of ours is still only a text", () => {
  const posing = JSON.stringify({ html: "<b>" });
  expect(html`${posing}`.html).toBe("{&quot;html&quot;:&quot;&lt;b&gt;&quot;}");
});

it("An attribute is there or not", () => {
  expect(html`<input${attribute("checked", true)}${attribute("hidden", false)}>`.html).toBe(
    "<input checked>",
  );
});
