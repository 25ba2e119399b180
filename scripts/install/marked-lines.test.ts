import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BEGIN, END, withMarkedLines, withoutMarkedLines } from "./marked-lines.ts";

const line = fc.stringMatching(/^[ -~]{0,30}$/).filter((text) => text !== BEGIN && text !== END);
const lines = fc.array(line, { maxLength: 8 });
const text = lines.map((all) => all.map((one) => `${one}\n`).join(""));

describe("lines of ours in a file of somebody else's", () => {
  it("come and go, and leave every byte around them as it was", () => {
    fc.assert(
      fc.property(text, text, lines, lines, (above, below, first, second) => {
        const added = withMarkedLines(above, first);
        expect(added).not.toBeNull();
        const changed = withMarkedLines(`${added}${below}`, second);
        expect(changed).toBe(`${above}${[BEGIN, ...second, END].join("\n")}\n${below}`);
        expect(withMarkedLines(changed ?? "", second)).toBe(changed);
        expect(withoutMarkedLines(changed ?? "")).toBe(above + below);
      }),
    );
  });

  it("begin on a line of their own, also after one without an end", () => {
    expect(withMarkedLines("a=1", ["b=2"])).toBe(`a=1\n${BEGIN}\nb=2\n${END}\n`);
  });

  it.each([
    ["no end", `${BEGIN}\na`],
    ["no beginning", `a\n${END}\n`],
    ["the end first", `${END}\n${BEGIN}\n`],
    ["two beginnings", `${BEGIN}\n${BEGIN}\n${END}\n`],
    ["two ends", `${BEGIN}\n${END}\n${END}\n`],
  ])("are not touched when there is %s: nobody knows what is whose", (_, broken) => {
    expect(withMarkedLines(broken, ["b"])).toBeNull();
    expect(withoutMarkedLines(broken)).toBeNull();
  });

  it("are known only as whole lines", () => {
    const quoted = `x ${BEGIN}\n${END} x\n`;
    expect(withoutMarkedLines(quoted)).toBe(quoted);
  });
});
