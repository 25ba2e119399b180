import { describe, expect, it } from "vitest";
import { FACES, KEYS, REASON_KEYS } from "#schemas/code-list.ts";
import { good, type Play, play, RULES, refusedAs, told } from "./session.fixture.ts";
import { nextDeadlineMs } from "./session.ts";

const ASSISTED = play().press("assist");
const HEARING = ASSISTED.feed({ type: "headphones-changed", plugged: true });

function spoken(so: Play): string {
  return so.effects
    .filter((effect) => effect.type === "speak")
    .map((effect) => told([effect]))
    .join(", ");
}

function languages(so: Play): readonly string[] {
  return so.effects.flatMap((effect) => (effect.type === "speak" ? [effect.language] : []));
}

describe("the voice", () => {
  it("is silent until the assist key is pressed, headphones or not", () => {
    const plugged = play().feed({ type: "headphones-changed", plugged: true });
    for (const quiet of [play(), plugged]) {
      const scanned = quiet.scan(good(1));
      const voted = scanned.press("red");
      for (const so of [
        scanned,
        voted,
        voted.committed(),
        quiet.press("green"),
        quiet.scan(refusedAs("used")),
      ]) {
        expect(spoken(so)).toBe("");
      }
    }
  });

  it("reads the layout, then each step", () => {
    expect(spoken(ASSISTED)).toBe("say other-language, say layout, say show-receipt");
    const scanned = ASSISTED.scan(good(1));
    expect(spoken(scanned)).toBe("say choose");
    expect(spoken(scanned.press("green").committed())).toBe("say thanks");
    expect(spoken(ASSISTED.press("green"))).toBe("say show-receipt");
    expect(spoken(ASSISTED.scan(refusedAs("expired")))).toBe("say refused");
  });

  it("says that the totem is out of order, whatever is pressed or scanned", () => {
    const broken = ASSISTED.feed({ type: "storage-failed", cause: "journal-failed" });
    for (const so of [broken, broken.press("green"), broken.scan(good(1))]) {
      expect(spoken(so)).toBe("say out-of-order");
    }
    expect(spoken(broken.wait(600).press("assist"))).toBe("say other-language, say layout, say out-of-order");
  });

  it("without headphones never says what was chosen: every choice sounds the same", () => {
    const heard = FACES.map((face) => {
      const voted = ASSISTED.scan(good(1)).press(face);
      const thanked = voted.committed();
      const asked = thanked.wait(600).press("assist");
      return [voted, thanked, asked].map(spoken);
    });
    expect(new Set(heard.map((phrases) => JSON.stringify(phrases))).size).toBe(1);
  });

  it("ends with the session, and by itself when nothing is begun", () => {
    const ended = ASSISTED.scan(good(1)).press("green").committed().wait(12_000);
    expect(ended.state.assist).toBeNull();
    expect(ASSISTED.wait(119_000).state.assist).not.toBeNull();
    expect(ASSISTED.wait(120_000).state.assist).toBeNull();
    expect(ASSISTED.scan(good(1)).wait(120_000).state.assist).toBeNull();
  });

  it("goes on while somebody still feels for the keys", () => {
    const feeling = ASSISTED.wait(100_000).press("green").wait(100_000);
    expect(feeling.state.assist).not.toBeNull();
  });

  it("stays after a refusal, so that another code can be tried", () => {
    const refused = ASSISTED.scan(refusedAs("malformed")).wait(12_000);
    expect(refused.state.phase.name).toBe("idle");
    expect(spoken(refused.scan(good(1)))).toBe("say choose");
  });

  it("does not speak to the next citizen", () => {
    const next = ASSISTED.scan(good(1)).press("green").committed().scan(good(2));
    expect(spoken(next)).toBe("");
    expect(next.state.assist).toBeNull();
  });

  it("speaks the site's next language when the assist key is pressed again, and the first one after the last", () => {
    const again = ASSISTED.wait(600).press("assist");
    const inEnglish = again.scan(good(1));
    expect(languages(ASSISTED)).toEqual(["en", "it", "it"]);
    expect(languages(again)).toEqual(["it", "en", "en"]);
    expect(languages(inEnglish)).toEqual(["en"]);
    expect(languages(inEnglish.press("green").committed())).toEqual(["en"]);
    expect(languages(inEnglish.wait(600).press("assist"))).toEqual(["en", "it", "it"]);
    expect(languages(inEnglish.press("green").committed().wait(12_000).press("assist"))).toEqual([
      "en",
      "it",
      "it",
    ]);
  });

  it("offers no other language where there is one only, and finds its way when the site's languages change", () => {
    const one = play({ ...RULES, languages: ["en"] }).press("assist");
    expect(spoken(one)).toBe("say layout, say show-receipt");
    expect(languages(one.wait(600).press("assist"))).toEqual(["en", "en"]);
    const changed = play({ ...RULES, languages: ["it"] }, ASSISTED.wait(600).press("assist").state).wait(
      5_000,
    );
    expect(languages(changed.press("assist"))).toEqual(["it", "it"]);
  });

  it("marks the vote as given with assistance", () => {
    expect(ASSISTED.scan(good(1)).press("green").state.phase).toMatchObject({ draft: { flags: ["assist"] } });
  });
});

describe("with headphones on", () => {
  const scanned = HEARING.scan(good(1));

  it("the first press names the key and the second confirms", () => {
    const named = scanned.press("red");
    expect(told(named.effects)).toBe("click, counted, say key red, say confirm");
    expect(named.state.phase.name).toBe("awaiting-face");
    expect(told(named.wait(600).press("red").effects)).toBe("click, counted, commit red/none");
  });

  it("another key is named anew, and only the named one confirms", () => {
    const other = scanned.press("red").wait(600).press("green");
    expect(told(other.effects)).toBe("click, counted, say key green, say confirm");
    expect(told(other.wait(600).press("red").effects)).toBe("click, counted, say key red, say confirm");
  });

  it("reasons and changes are confirmed too", () => {
    const red = scanned.press("red").wait(600).press("red").committed();
    expect(spoken(red)).toBe("say thanks, say reason");
    const named = red.wait(600).press("staff");
    expect(spoken(named)).toBe("say key staff, say confirm");
    expect(told(named.wait(600).press("staff").effects)).toBe("click, counted, commit red/staff");
  });

  it("each naming gives the whole time again", () => {
    const named = scanned.wait(119_000).press("red").wait(119_000);
    expect(named.state.phase.name).toBe("awaiting-face");
  });

  it("taken off between the two presses, one press is a choice again and nothing is named", () => {
    const off = scanned.press("red").feed({ type: "headphones-changed", plugged: false });
    expect(told(off.wait(600).press("green").effects)).toBe("click, counted, commit green");
    const onAgain = off.feed({ type: "headphones-changed", plugged: true });
    expect(spoken(onAgain.wait(600).press("red"))).toBe("say key red, say confirm");
  });

  it("what was named is forgotten with the step it was named in", () => {
    const named = scanned.press("green").scan(good(2));
    expect(spoken(named.wait(600).press("green"))).toBe("say key green, say confirm");
  });

  it("a key felt before the receipt is named, and nothing is chosen", () => {
    for (const key of [...FACES, ...REASON_KEYS]) {
      expect(told(HEARING.press(key).effects)).toBe(`click, counted, say key ${key}, say show-receipt`);
    }
  });

  it("a press that would do nothing is not asked to be confirmed", () => {
    const thanked = scanned.press("green").wait(600).press("green").committed();
    for (const key of ["green", "wait", "staff"] as const) {
      expect(told(thanked.wait(600).press(key).effects)).toBe("click, counted");
    }
  });
});

it("every key answers with the same click, before anything else, in every state", () => {
  const states = [
    play(),
    play().scan(good(1)),
    play().scan(good(1)).press("yellow"),
    play().scan(good(1)).press("red").committed(),
    play().scan(refusedAs("used")),
    play().feed({ type: "storage-failed", cause: "disk-full" }),
  ].map((so) => so.wait(600));
  for (const so of states) {
    for (const key of KEYS) {
      const pressed = so.press(key);
      expect(told(pressed.effects)).toMatch(/^click, counted/);
      expect(nextDeadlineMs(pressed.state, RULES)).not.toBeNull();
    }
  }
});
