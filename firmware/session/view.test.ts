import { describe, expect, it } from "vitest";
import { FACES, KEYS, REASON_KEYS } from "#schemas/code-list.ts";
import { PULSE_MS } from "./rules.ts";
import { good, type Play, play, RULES, refusedAs } from "./session.fixture.ts";
import { type Pictogram, viewOf } from "./view.ts";

const view = ({ state }: Play, rules = RULES) => viewOf(state, rules);
const lit = (so: Play) =>
  (Object.entries(view(so).pictograms) as [Pictogram, string][])
    .filter(([, lamp]) => lamp !== "off")
    .map(([name, lamp]) => `${name} ${lamp}`);
const faces = (so: Play) => FACES.map((face) => view(so).lamps[face]);
/** In test mode, after the self-test. */
const TESTED = play().press("service").feed({ type: "self-test-finished", passed: true }).wait(PULSE_MS);
const THANKED_RED = play().scan(good(1)).press("red").committed().wait(PULSE_MS);

describe("the pictograms", () => {
  it("say one thing in each state", () => {
    expect(lit(play())).toEqual(["showReceipt on"]);
    expect(lit(play().scan(good(1)))).toEqual(["choose on"]);
    expect(lit(play().scan(good(1)).press("green"))).toEqual([]);
    expect(lit(THANKED_RED)).toEqual(["thankYou on"]);
    expect(lit(play().scan(refusedAs("used")))).toEqual(["notAccepted on"]);
    expect(lit(play().feed({ type: "storage-failed", cause: "disk-full" }))).toEqual(["notAccepted blink"]);
  });

  it("ask for the receipt after a press without one, for three seconds", () => {
    const asked = play().press("green");
    expect(lit(asked)).toEqual(["showReceipt blink"]);
    expect(lit(asked.wait(2_909))).toEqual(["showReceipt blink"]);
    expect(lit(asked.wait(2_910))).toEqual(["showReceipt on"]);
  });

  it("blink the self-test's course and outcome, out of order too", () => {
    for (const so of [play(), play().feed({ type: "storage-failed", cause: "disk-full" })]) {
      const running = so.press("service");
      expect(lit(running)).toContain("choose blink");
      expect(lit(running.feed({ type: "self-test-finished", passed: true }))).toContain("thankYou blink");
      expect(lit(running.feed({ type: "self-test-finished", passed: false }))).toContain("notAccepted blink");
    }
  });
});

describe("the lamps", () => {
  it("of the faces are lit while a face is awaited and nowhere else", () => {
    expect(faces(play().scan(good(1)))).toEqual(["on", "on", "on"]);
    for (const so of [play(), THANKED_RED, play().scan(refusedAs("used"))]) {
      expect(faces(so)).toEqual(["off", "off", "off"]);
    }
  });

  it("of the reasons are lit for red only, as long as it can be given a reason", () => {
    const reasons = (so: Play) => REASON_KEYS.map((key) => view(so).lamps[key]);
    expect(reasons(THANKED_RED)).toEqual(["on", "on", "on", "on"]);
    for (const face of ["green", "yellow"] as const) {
      expect(reasons(play().scan(good(1)).press(face).committed())).toEqual(["off", "off", "off", "off"]);
    }
    expect(reasons(THANKED_RED.wait(20_000))).toEqual(["off", "off", "off", "off"]);
    // Whoever changed as often as one may is asked for nothing that would not be taken.
    const rules = { ...RULES, changesMax: 1 };
    const changed = play(rules).scan(good(1)).press("green").committed().press("red").committed();
    expect(REASON_KEYS.map((key) => view(changed, rules).lamps[key])).toEqual(["off", "off", "off", "off"]);
    expect(changed.state.phase).toMatchObject({ untilMs: changed.atMs + RULES.thanksMs });
  });

  it("of the faces change at once with every press, together and alike, whichever key it was", () => {
    for (const so of [play(), play().scan(good(1)), THANKED_RED, TESTED]) {
      const calm = so.wait(600);
      const before = faces(calm);
      for (const key of KEYS.filter((key) => key !== "service")) {
        const edge = { type: "key-changed", key, active: true, freshId: "a", afterHours: false } as const;
        const answered = calm.feed(edge);
        const change = before.includes("off") ? ["on", "on", "on"] : ["off", "off", "off"];
        expect(faces(answered)).toEqual(change);
        // A second key within the same moment is answered by a change of its own.
        const other = answered.wait(50).feed({ ...edge, key: key === "wait" ? "staff" : "wait" });
        expect(faces(other)).not.toEqual(change);
      }
    }
  });

  it("of the faces go back after a moment to what the state says", () => {
    const pressed = play().scan(good(1)).press("wait");
    expect(faces(pressed)).toEqual(["off", "off", "off"]);
    expect(faces(pressed.wait(PULSE_MS - 90))).toEqual(["on", "on", "on"]);
  });

  it("of a key that is stuck stay dark", () => {
    const stuck = play().feed({ type: "key-found-active", key: "yellow" }).scan(good(1));
    expect(FACES.map((face) => view(stuck).lamps[face])).toEqual(["on", "off", "on"]);
  });

  it("of assist says that the voice is on", () => {
    expect(view(play()).lamps.assist).toBe("off");
    expect(view(play().press("assist")).lamps.assist).toBe("on");
  });

  it("of the faces invite in a campaign without tickets, and blink in test mode", () => {
    expect(view(play(), { ...RULES, withoutTicket: true }).lamps.green).toBe("on");
    const testing = TESTED;
    expect(view(testing)).toMatchObject({
      testMode: true,
      lamps: { green: "blink", yellow: "blink", red: "blink" },
    });
  });
});

it("a refusal's reason is shown while it is refused and not afterwards", () => {
  const refused = play().scan(refusedAs("other-office"));
  expect(view(refused).refusal).toBe("other-office");
  expect(view(refused.wait(3_000)).refusal).toBeNull();
});
