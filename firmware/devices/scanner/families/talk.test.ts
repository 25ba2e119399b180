import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DE2120 } from "./de2120.ts";
import { type Family, GENERIC } from "./family.ts";
import { GM65, writeZone, ZONE } from "./gm65.ts";
import { type Outcome, REPLY_MS, startTalk, talkHeard, talkWaited } from "./talk.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const OK = Buffer.from([0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31]);
const steps = (family: Family, count: number) =>
  family.toInstall.slice(-1).flatMap((step) => Array.from({ length: count }, () => step));

/** What passes of these pieces while so many replies are expected. */
function passed(family: Family, replies: number, pieces: readonly Uint8Array[]) {
  let { talk } = startTalk(family, steps(family, replies), 0);
  const out: Buffer[] = [];
  const outcomes: Outcome[] = [];
  for (const piece of pieces) {
    const step = talkHeard(talk, piece, 1);
    talk = step.talk;
    out.push(Buffer.from(step.passed));
    outcomes.push(...step.outcomes);
    expect(talk.held.length).toBeLessThan(OK.length);
  }
  const last = talkWaited(talk, REPLY_MS + 1);
  out.push(Buffer.from(last.passed));
  return { text: Buffer.concat(out).toString("latin1"), outcomes: [...outcomes, ...last.outcomes] };
}

const chopped = (whole: Uint8Array, places: readonly number[]) => {
  const cuts = [0, ...places.filter((place) => place < whole.length), whole.length].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => whole.subarray(cuts[index], end));
};

describe("a reply", () => {
  it("is taken out wherever it stands in the codes, and however all is chopped", () => {
    const code = "F1ABC31\r3331DEF\r";
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: code.length }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat({ max: 60 }), { maxLength: 10 }),
        (spots, places) => {
          const sorted = [...spots].sort((a, b) => a - b);
          const parts = [0, ...sorted, code.length]
            .slice(1)
            .map((end, index) => code.slice([0, ...sorted][index], end));
          const whole = Buffer.concat(
            parts.flatMap((part, index) => (index < spots.length ? [bytes(part), OK] : [bytes(part)])),
          );
          const { text, outcomes } = passed(GM65, spots.length, chopped(whole, places));
          expect(text).toBe(code);
          expect(outcomes.map(({ result }) => result)).toEqual(spots.map(() => "good"));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is looked for only as often as something was asked", () => {
    const twice = Buffer.concat([OK, bytes("A\r"), OK, bytes("B\r")]).toString("latin1");
    expect(passed(GM65, 1, [bytes(twice)]).text).toBe(`A\r${OK.toString("latin1")}B\r`);
    expect(passed(GM65, 0, [bytes(twice)]).text).toBe(twice);
    expect(passed(GENERIC, 0, [bytes(twice)]).text).toBe(twice);
  });

  it("that does not come is not waited for for ever, and nothing is asked after it", () => {
    const { talk } = startTalk(GM65, GM65.atStart, 0);
    const half = talkHeard(talk, bytes("A\x02\x00"), 10);
    expect(Buffer.from(half.passed).toString()).toBe("A");
    const over = talkWaited(half.talk, REPLY_MS);
    expect([...over.passed]).toEqual([0x02, 0x00]);
    expect(over).toMatchObject({ send: [], outcomes: [{ name: "reading-mode", result: "silent" }] });
    expect(talkHeard(over.talk, OK, REPLY_MS + 1).passed).toEqual(Uint8Array.from(OK));
  });

  it("that asks for a correction is followed by it, and its reply is taken out as well", () => {
    const begun = startTalk(GM65, GM65.atStart, 0);
    const value = Buffer.from([0x02, 0x00, 0x00, 0x01, 0xd4, 0x33, 0x31]);
    const asked = talkHeard(begun.talk, value, 1);
    expect(asked.send).toEqual([writeZone(ZONE.mode, 0xd6)]);
    const set = talkHeard(asked.talk, OK, 2);
    expect(set.outcomes).toEqual([{ name: "reading-mode", result: "set" }]);
    expect(talkHeard(set.talk, OK, 3)).toMatchObject({
      send: [],
      outcomes: [{ name: "code-end", result: "good" }],
      talk: { untilMs: null },
    });
  });
});

describe("any bytes that hold no reply", () => {
  it("pass as they are while one is expected", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat({ max: 200 }), { maxLength: 10 }),
        (whole, places) => {
          fc.pre(!Buffer.from(whole).includes(OK.subarray(0, 4)));
          expect(passed(GM65, 1, chopped(whole, places)).text).toBe(Buffer.from(whole).toString("latin1"));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("would lose digits, if replies were looked for by their last ones", () => {
    const byDigits: Family = {
      ...GM65,
      replyLength: ([first, second]) =>
        first !== 0x33 ? "other" : second === undefined ? "partial" : second === 0x31 ? 2 : "other",
    };
    expect(passed(byDigits, 1, [bytes("F1A31\r")]).text).not.toBe("F1A31\r");
    expect(passed(GM65, 1, [bytes("F1A31\r")]).text).toBe("F1A31\r");
  });
});

describe("a DE2120", () => {
  it("agrees or refuses with one byte", () => {
    const { talk } = startTalk(DE2120, DE2120.toInstall, 0);
    const step = talkHeard(talk, bytes("A\x06B\x15C\r"), 1);
    expect(Buffer.from(step.passed).toString()).toBe("ABC\r");
    expect(step.outcomes.map(({ result }) => result)).toEqual(["good", "refused"]);
  });
});
