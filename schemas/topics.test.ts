import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isId, RANDOM_ID_BYTES, randomId } from "./ids.ts";
import {
  DOWNLINKS,
  isRetained,
  mayPublish,
  maySubscribe,
  parseUplink,
  spentTopic,
  totemTopic,
  UPLINKS,
  uplinkFilter,
} from "./topics.ts";

const id = fc.stringMatching(/^[a-z0-9-]{1,40}$/);
const kind = fc.constantFrom(...UPLINKS, ...DOWNLINKS);
/** Pieces from which a hostile client would build a topic. */
const level = fc.oneof(
  id,
  fc.constantFrom(
    "+",
    "#",
    "",
    "$SYS",
    "faccine",
    "v1",
    "totem",
    "site",
    "spent",
    "..",
    "totem-1",
    "site-1",
    ...UPLINKS,
    ...DOWNLINKS,
  ),
);
const topic = fc.array(level, { minLength: 1, maxLength: 7 }).map((levels) => levels.join("/"));

describe("a topic", () => {
  it("of an uplink is read as the totem and the kind it was built from", () => {
    fc.assert(
      fc.property(id, fc.constantFrom(...UPLINKS), (totemId, uplink) => {
        expect(parseUplink(totemTopic(totemId, uplink))).toEqual({ totemId, kind: uplink });
      }),
    );
  });

  it("of anything else is read as nothing", () => {
    for (const other of [
      totemTopic("totem-1", "receipt"),
      spentTopic("site-1", "totem-1"),
      `${totemTopic("totem-1", "hello")}/more`,
      `/${totemTopic("totem-1", "hello")}`,
      "faccine/v2/totem/totem-1/hello",
      "faccine/v1/totem/Totem/hello",
      uplinkFilter("hello"),
      "",
    ]) {
      expect(parseUplink(other)).toBeNull();
    }
  });

  it("read from any text gives an id that may be one, or nothing", () => {
    fc.assert(
      fc.property(fc.oneof(topic, fc.string()), (text) => {
        const read = parseUplink(text);
        expect(read === null || (isId(read.totemId) && totemTopic(read.totemId, read.kind) === text)).toBe(
          true,
        );
      }),
    );
  });

  it("is kept by the broker for status and settings only: no key and no receipt stays behind", () => {
    const kept = [...UPLINKS, ...DOWNLINKS].filter(isRetained);
    expect(kept).toEqual(["status", "settings"]);
  });
});

describe("a totem's rights", () => {
  it("are its own uplinks, its own downlinks and its site's spent marks", () => {
    expect(UPLINKS.every((k) => mayPublish("totem-1", "site-1", totemTopic("totem-1", k)))).toBe(true);
    expect(DOWNLINKS.every((k) => maySubscribe("totem-1", "site-1", totemTopic("totem-1", k)))).toBe(true);
    expect(mayPublish("totem-1", "site-1", spentTopic("site-1", "totem-1"))).toBe(true);
    expect(maySubscribe("totem-1", "site-1", spentTopic("site-1", "+"))).toBe(true);
  });

  it("never reach another totem, another site, the gateway's side or a wildcard", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          topic,
          fc.tuple(id, kind).map(([t, k]) => totemTopic(t, k)),
        ),
        (text) => {
          if (mayPublish("totem-1", "site-1", text)) {
            expect(text).toMatch(
              /^faccine\/v1\/(totem\/totem-1\/(hello|entries|status|health|reply)|site\/site-1\/spent\/totem-1)$/,
            );
          }
          if (maySubscribe("totem-1", "site-1", text)) {
            expect(text).toMatch(
              /^faccine\/v1\/(totem\/totem-1\/(receipt|settings|keys|command)|site\/site-1\/spent\/\+)$/,
            );
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "#",
    "+",
    "faccine/#",
    "faccine/v1/totem/+/receipt",
    "faccine/v1/totem/totem-1/#",
    "faccine/v1/totem/totem-1/+",
    "faccine/v1/site/+/spent/+",
    "faccine/v1/site/site-1/#",
    "$SYS/#",
    "$share/g/faccine/v1/totem/totem-1/receipt",
  ])("do not hold the filter %s", (filter) => {
    expect(maySubscribe("totem-1", "site-1", filter)).toBe(false);
    expect(mayPublish("totem-1", "site-1", filter)).toBe(false);
  });

  it("are none for a name that is no id, even where it would match itself", () => {
    expect(maySubscribe("+", "site-1", totemTopic("+", "receipt"))).toBe(false);
    expect(mayPublish("#", "site-1", totemTopic("#", "hello"))).toBe(false);
    expect(maySubscribe("totem-1", "+", spentTopic("+", "+"))).toBe(false);
    expect(mayPublish("a/b", "site-1", totemTopic("a/b", "hello"))).toBe(false);
  });
});

describe("an id", () => {
  it.each(["totem-1", "0", "-", "a".repeat(40)])("may be %s", (value) => {
    expect(isId(value)).toBe(true);
  });

  it.each(["", "a".repeat(41), "A", "a b", "a\n", "à", "a/b", "+"])("may not be %j", (value) => {
    expect(isId(value)).toBe(false);
  });

  it("made at random is 128 bits in hex, from the bytes it is given", () => {
    expect(randomId((size) => Buffer.alloc(size, 0xab))).toBe("ab".repeat(RANDOM_ID_BYTES));
    expect(isId(randomId((size) => Buffer.alloc(size, 1)))).toBe(true);
  });
});
