import { describe, expect, it } from "vitest";
import { REFUSALS } from "#schemas/code-list.ts";
import { DEFERRED_MAX, FIRST_PROBE_MS, SELF_TEST_MAX_MS, SLOWEST_PROBE_MS } from "./rules.ts";
import { mayBegin } from "./self-test.ts";
import { good, type Play, play, RULES, refusedAs, ticket, told, used } from "./session.fixture.ts";
import { nextDeadlineMs, step } from "./session.ts";

const SCANNED = play().scan(good(1));

/** The draft that stands, whoever holds it. */
function draftOf({ state }: Play) {
  const { phase } = state;
  return phase.name === "saving" || phase.name === "thanked" ? phase.draft : null;
}

/** True when time alone ends the phase after exactly this long. */
function lasts(so: Play, ms: number): boolean {
  const { name } = so.state.phase;
  return so.wait(ms - 1).state.phase.name === name && so.wait(ms).state.phase.name !== name;
}

describe("a vote", () => {
  it("is thanked on the commit and sealed when the thanks are over", () => {
    const saving = SCANNED.press("green");
    expect(saving.state.phase.name).toBe("saving");
    const thanked = saving.committed();
    expect(told(thanked.effects)).toBe("thanks");
    expect(told(thanked.wait(RULES.thanksMs).effects)).toBe("seal");
  });

  it("holds ticket, face and the id that came with the scan", () => {
    expect(draftOf(SCANNED.wait(5_000).press("yellow"))).toEqual({
      voteId: `scan-${SCANNED.atMs}`,
      ticket: ticket(1),
      face: "yellow",
      reason: null,
      flags: [],
    });
  });

  it("is thanked in the same way whatever was chosen", () => {
    for (const face of ["green", "yellow", "red"] as const) {
      expect(told(SCANNED.press(face).committed().effects)).toBe("thanks");
    }
  });

  it("given outside opening hours or in a flood carries the flag and is not refused", () => {
    const late = play().feed({
      type: "ticket-judged",
      judgement: good(1),
      length: 133,
      freshId: "a",
      afterHours: true,
    });
    expect(draftOf(late.press("green"))?.flags).toEqual(["afterHours"]);
    // A change keeps the flag, though the change itself knows of no hours.
    const changed = late.press("green").committed().wait(600).press("red");
    expect(draftOf(changed)?.flags).toEqual(["afterHours"]);
    let flooded = play();
    for (let press = 0; press <= RULES.floodPressesPerMinute; press += 1) {
      flooded = flooded.press("staff").wait(500);
    }
    expect(draftOf(flooded.scan(good(1)).press("green"))?.flags).toEqual(["flood"]);
    const afterwards = flooded.wait(60_000).scan(good(1)).press("green");
    expect(draftOf(afterwards)?.flags).toEqual([]);
  });
});

describe("waiting", () => {
  it("lasts as long as the design says", () => {
    expect(lasts(SCANNED, 30_000)).toBe(true);
    expect(lasts(SCANNED.press("green").committed(), 3_000)).toBe(true);
    expect(lasts(SCANNED.press("yellow").committed(), 3_000)).toBe(true);
    expect(lasts(SCANNED.press("red").committed(), 20_000)).toBe(true);
    expect(lasts(SCANNED.press("red").committed().press("staff").committed(), 3_000)).toBe(true);
    expect(lasts(play().scan(refusedAs("expired")), 3_000)).toBe(true);
  });

  it("is four times longer with assistance", () => {
    const assisted = play().press("assist");
    expect(lasts(assisted.scan(good(1)), 120_000)).toBe(true);
    expect(lasts(assisted.scan(good(1)).press("green").committed(), 12_000)).toBe(true);
    expect(lasts(assisted.scan(good(1)).press("red").committed(), 80_000)).toBe(true);
    expect(lasts(assisted.scan(refusedAs("expired")), 12_000)).toBe(true);
  });

  it("grows fourfold when the assist key is pressed in the middle of it, and not again and again", () => {
    const asked = SCANNED.wait(20_000).press("assist");
    expect(lasts(asked, 120_000 - 90)).toBe(true);
    const again = asked.wait(60_000).press("assist");
    expect(lasts(again, 60_000 - 2 * 90)).toBe(true);
  });

  it("without a face leaves the ticket unspent: it is good again", () => {
    const gone = SCANNED.wait(30_000);
    expect(told(gone.effects)).toBe("");
    expect(gone.scan(good(1)).state.phase.name).toBe("awaiting-face");
  });

  it("ends by itself in every phase, however late the tick comes", () => {
    for (const phase of [SCANNED, SCANNED.press("red").committed(), play().scan(refusedAs("used"))]) {
      expect(phase.wait(86_400_000).state.phase.name).toBe("idle");
    }
  });
});

describe("changing one's mind", () => {
  it("replaces the draft: same vote, same ticket, another face", () => {
    const first = SCANNED.press("green").committed().wait(600);
    const second = first.press("yellow");
    expect(draftOf(second)).toEqual({ ...draftOf(first), face: "yellow" });
    expect(second.committed().state.phase).toMatchObject({ name: "thanked", changes: 1 });
  });

  it("is possible three times and not a fourth", () => {
    let so = SCANNED.press("green").committed();
    for (const face of ["yellow", "red", "green"] as const) so = so.wait(600).press(face).committed();
    const fourth = so.wait(600).press("red");
    expect(told(fourth.effects)).toBe("click, counted");
    expect(draftOf(fourth)?.face).toBe("green");
  });

  it("from red clears the reason; back to red begins without one", () => {
    const reasoned = SCANNED.press("red").committed().press("wait").committed();
    expect(draftOf(reasoned)).toMatchObject({ face: "red", reason: "wait" });
    const green = reasoned.press("green").committed();
    expect(draftOf(green)).toMatchObject({ face: "green", reason: null });
    expect(draftOf(green.wait(600).press("red"))).toMatchObject({ face: "red", reason: "none" });
  });

  it("of reason replaces the reason", () => {
    const reasoned = SCANNED.press("red").committed().press("wait").committed().press("outcome");
    expect(draftOf(reasoned)).toMatchObject({ face: "red", reason: "outcome" });
  });

  it("begins the thanks anew", () => {
    const changed = SCANNED.press("green").committed().wait(2_900).press("yellow").committed();
    expect(lasts(changed, 3_000)).toBe(true);
  });

  it("to the same choice does nothing at all", () => {
    const red = SCANNED.press("red").committed().wait(600);
    expect(told(red.press("red").effects)).toBe("click, counted");
    const reasoned = red.press("staff").committed().wait(600);
    expect(told(reasoned.press("staff").effects)).toBe("click, counted");
    expect(reasoned.press("staff").state.phase).toEqual(reasoned.state.phase);
  });

  it("that is not stored leaves the first choice for recovery to seal", () => {
    const change = SCANNED.press("green").committed().wait(600).press("red");
    const failed = change.feed({
      type: "draft-failed",
      voteId: draftOf(change)?.voteId ?? "",
      cause: "journal-failed",
    });
    expect(failed.state.phase.name).toBe("out-of-order");
    expect(told(failed.feed({ type: "journal-works" }).effects)).toMatch(/^seal, /);
  });
});

describe("the next citizen", () => {
  it("scanning during the thanks seals the vote before and begins at once", () => {
    const next = SCANNED.press("red").committed().scan(good(2));
    expect(told(next.effects)).toBe("seal, ready");
    expect(next.state.phase).toMatchObject({ name: "awaiting-face", ticket: ticket(2) });
  });

  it("scanning while a face is awaited replaces the ticket, which stays unspent", () => {
    const next = SCANNED.scan(good(2));
    expect(told(next.effects)).toBe("ready");
    expect(draftOf(next.press("green"))?.ticket).toEqual(ticket(2));
  });

  it("who scans and presses while a commit hangs is served after it, with a whole wait", () => {
    const hanging = SCANNED.press("green").wait(1_000).scan(good(2)).wait(7_000);
    expect(hanging.state.phase.name).toBe("saving");
    const served = hanging.committed();
    expect(told(served.effects)).toBe("thanks, seal, ready");
    expect(lasts(served, 30_000)).toBe(true);
    const pressed = hanging.press("red").committed();
    expect(told(pressed.effects)).toBe("thanks, seal, ready, commit red/none");
    expect(draftOf(pressed)?.ticket).toEqual(ticket(2));
    expect(lasts(pressed, RULES.savingMs)).toBe(true);
  });

  it("sees a refusal for its whole time even when it had to wait for a commit", () => {
    const refused = SCANNED.press("green").scan(refusedAs("expired")).wait(9_000).committed();
    expect(told(refused.effects)).toBe("thanks, seal, refusal expired, refused");
    expect(lasts(refused, 3_000)).toBe(true);
  });
});

describe("the same code again", () => {
  it("within ten seconds of the end repeats the thanks and counts no refusal, wherever the totem is", () => {
    const ended = SCANNED.press("green").committed().wait(3_000);
    for (const before of [ended, ended.scan(refusedAs("malformed")), ended.wait(6_999)]) {
      const again = before.scan(used(1));
      expect(told(again.effects)).toBe("thanks");
      expect(again.state.phase.name).toBe("thanked");
      expect(told(again.wait(3_000).effects)).toBe("");
    }
    const late = ended.wait(10_000).scan(used(1));
    expect(told(late.effects)).toBe("refusal used, refused");
  });

  it("is thanked without disturbing whoever came next", () => {
    const next = SCANNED.press("green").committed().scan(good(2));
    const again = next.scan(used(1));
    expect(told(again.effects)).toBe("thanks");
    expect(again.state.phase).toEqual(next.state.phase);
    const nextThanked = next.press("red").committed();
    expect(nextThanked.scan(used(1)).state.phase).toEqual(nextThanked.state.phase);
  });

  it("during its own commit is thanked after it and is no second vote, however it was judged", () => {
    for (const judgement of [good(1), used(1)]) {
      const again = SCANNED.press("green").scan(judgement).committed();
      expect(told(again.effects)).toBe("thanks, thanks");
      expect(draftOf(again)?.voteId).toBe(`scan-${SCANNED.atMs}`);
    }
  });

  it("judged good before its own commit never begins a second vote, not even after a second citizen's", () => {
    const hanging = SCANNED.press("green").scan(good(2)).press("red").scan(good(1));
    const served = hanging.committed();
    expect(draftOf(served)?.ticket).toEqual(ticket(2));
    const late = served.wait(9_900).committed();
    expect(told(late.effects)).toBe("thanks, thanks");
    expect(draftOf(late)?.ticket).toEqual(ticket(2));
    // Where thanks are repeated for a shorter time than a commit may take, it is simply used by then.
    const brief = play({ ...RULES, repeatThanksMs: 1_000 })
      .scan(good(1))
      .press("green");
    const second = brief.scan(good(2)).press("red").scan(good(1)).committed();
    expect(told(second.wait(2_000).committed().effects)).toBe("thanks, seal, refusal used, refused");
  });

  it("is greeted for ten seconds by the clock, even when no tick came in between", () => {
    const ended = SCANNED.press("green").committed().wait(3_000);
    const scanned = {
      type: "ticket-judged",
      judgement: used(1),
      length: 133,
      freshId: "a",
      afterHours: false,
    } as const;
    const phaseAfter = (ms: number) =>
      step(ended.state, { ...scanned, atMs: ended.atMs + ms }, RULES).state.phase.name;
    expect([phaseAfter(9_999), phaseAfter(10_000)]).toEqual(["thanked", "refused"]);
  });
});

describe("refusals", () => {
  it.each(REFUSALS)("%s is shown for three seconds and counted once", (refusal) => {
    const refused = play().scan(refusedAs(refusal));
    expect(refused.state.phase).toMatchObject({ name: "refused", refusal });
    expect(told(refused.effects)).toBe(`refusal ${refusal}, refused`);
  });

  it("do not keep the next code from being judged at once", () => {
    expect(play().scan(refusedAs("unknown")).scan(good(1)).state.phase.name).toBe("awaiting-face");
  });
});

describe("out of order", () => {
  const failed = SCANNED.press("green").feed({
    type: "draft-failed",
    voteId: `scan-${SCANNED.atMs}`,
    cause: "disk-full",
  });

  it("is said openly, names its cause and thanks nobody", () => {
    expect(told(failed.effects)).toBe("disk-full failed, fault");
    expect(failed.state.phase).toMatchObject({ name: "out-of-order", cause: "disk-full" });
  });

  it("tries the journal quickly at first and ever more slowly", () => {
    let so = failed.wait(1_000);
    const pauses: number[] = [];
    for (let probe = 0; probe < 8; probe += 1) {
      const waitMs = (nextDeadlineMs(so.state, RULES) ?? 0) - so.atMs;
      pauses.push(waitMs);
      so = so.wait(waitMs);
      expect(told(so.effects)).toBe("probe");
      so = so.feed({ type: "journal-still-fails" });
    }
    expect(pauses[0]).toBe(FIRST_PROBE_MS - 1_000);
    expect(pauses.at(-1)).toBe(SLOWEST_PROBE_MS);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  });

  it("ends with the journal's recovery; the ticket whose commit failed is still good", () => {
    const works = failed.feed({ type: "journal-works" });
    expect(works.state.phase.name).toBe("idle");
    expect(told(works.effects)).toBe("seal, disk-full recovered, ready");
    expect(works.scan(good(1)).state.phase.name).toBe("awaiting-face");
  });

  it("while a commit is on its way is decided by the commit", () => {
    const saving = SCANNED.press("green").feed({ type: "storage-failed", cause: "disk-full" });
    expect(saving.state.phase.name).toBe("saving");
    expect(saving.committed().state.phase.name).toBe("thanked");
  });

  it("keeps its first cause, so that what failed is what recovers", () => {
    const twice = failed.feed({ type: "storage-failed", cause: "journal-failed" });
    expect(told(twice.feed({ type: "journal-works" }).effects)).toBe("seal, disk-full recovered, ready");
  });

  it("is not left by a commit that answers after everybody gave up waiting for it", () => {
    const gaveUp = SCANNED.press("green").wait(RULES.savingMs);
    expect(told(gaveUp.effects)).toBe("journal-failed failed, fault");
    const answered = gaveUp.feed({ type: "draft-committed", voteId: `scan-${SCANNED.atMs}` });
    expect(answered.state.phase.name).toBe("out-of-order");
    expect(told(answered.effects)).toBe("");
  });

  it("answers whoever scanned during the commit that failed", () => {
    const both = SCANNED.press("green")
      .scan(good(2))
      .press("red")
      .feed({
        type: "draft-failed",
        voteId: `scan-${SCANNED.atMs}`,
        cause: "journal-failed",
      });
    expect(told(both.effects)).toBe("journal-failed failed, fault, fault");
  });
});

describe("what waits for a commit", () => {
  it("is kept up to the limit; one more scan is answered, one more press has had its click", () => {
    let full = SCANNED.press("green");
    for (let scan = 0; scan < DEFERRED_MAX; scan += 1) full = full.scan(refusedAs("malformed"));
    expect(full.state.phase).toMatchObject({ deferred: { length: DEFERRED_MAX } });
    const over = full.scan(good(2));
    expect(told(over.effects)).toBe("fault");
    expect(over.state.phase).toMatchObject({ deferred: { length: DEFERRED_MAX } });
    expect(told(full.press("red").effects)).toBe("click, counted");
    expect(full.committed().state.phase.name).toBe("refused");
  });
});

describe("the service key", () => {
  const running = play().press("service");
  const testing = running.feed({ type: "self-test-finished", passed: true });

  it("starts test mode with a self-test, and ends it when pressed again", () => {
    expect(told(running.effects)).toBe("click, counted, mode test, self-test");
    expect(running.state).toMatchObject({ mode: "test", selfTest: "running" });
    const live = testing.wait(600).press("service");
    expect(told(live.effects)).toBe("click, counted, mode live");
    expect(live.state).toMatchObject({ mode: "live", testUntilMs: null, selfTest: null });
  });

  it("ends a running session without losing its vote", () => {
    const thanked = SCANNED.press("red").committed().press("service");
    expect(told(thanked.effects)).toBe("click, counted, seal, mode test, self-test");
  });

  it("pressed between a scan and its judgement makes no test of a live ticket and no vote of a test ticket", () => {
    const meanwhile = testing.scan(good(1));
    expect(told(meanwhile.effects)).toBe("refusal test-mode, refused");
    const back = testing.wait(600).press("service").scan(good(1, "test"));
    expect(told(back.effects)).toBe("refusal test-mode, refused");
    // Both waited for a commit: the key is judged first, and the self-test it starts leaves nothing to the ticket.
    const waited = SCANNED.press("green").press("service").scan(good(2)).committed();
    expect(waited.state).toMatchObject({ mode: "test", selfTest: "running", phase: { name: "idle" } });
  });

  it("forgotten in test mode goes live by itself after a quarter of an hour, sealing before it does", () => {
    const idle = testing.wait(RULES.testModeMs);
    expect(told(idle.effects)).toBe("mode live");
    expect(idle.state).toMatchObject({ mode: "live", selfTest: null, phase: { name: "idle" } });
    const late = testing
      .wait(RULES.testModeMs - 1_000)
      .scan(good(1, "test"))
      .press("green")
      .committed();
    expect(told(late.wait(1_000).effects)).toBe("seal, mode live");
    const saving = testing
      .wait(RULES.testModeMs - 1_000)
      .scan(good(1, "test"))
      .press("green")
      .wait(2_000);
    expect(saving.state.mode).toBe("test");
    expect(saving.committed().wait(0).state.mode).toBe("live");
  });

  it("goes live while out of order too", () => {
    const broken = testing.feed({ type: "storage-failed", cause: "journal-failed" });
    const live = broken.wait(RULES.testModeMs);
    expect(live.state).toMatchObject({ mode: "live", phase: { name: "out-of-order" } });
  });

  it("shows the self-test's outcome until somebody uses the totem, and not if somebody has already", () => {
    const failed = running.feed({ type: "self-test-finished", passed: false });
    expect(failed.state.selfTest).toBe("failed");
    expect(failed.press("green").state.selfTest).toBeNull();
    expect(failed.scan(refusedAs("test-mode")).state.selfTest).toBeNull();
    const tooLate = failed.press("green").feed({ type: "self-test-finished", passed: true });
    expect(tooLate.state.selfTest).toBeNull();
  });

  it("hands every press and no scan to the self-test while it runs, and skips in it instead of ending test mode", () => {
    for (const key of ["green", "assist", "service"] as const) {
      const pressed = running.wait(600).press(key);
      expect(told(pressed.effects)).toBe(`click, counted, tests ${key}`);
      expect(pressed.state).toMatchObject({ mode: "test", selfTest: "running", assist: null, pulse: null });
    }
    const scanned = running.scan(good(1, "test"));
    expect([told(scanned.effects), scanned.state.phase.name]).toEqual(["", "idle"]);
  });

  it("gives test mode its whole time after the self-test, however long that took, and fails one that never ends", () => {
    const slow = running.wait(RULES.testModeMs + 60_000);
    expect(slow.state).toMatchObject({ mode: "test", selfTest: "running" });
    const passed = slow.feed({ type: "self-test-finished", passed: true });
    expect(passed.wait(RULES.testModeMs - 1).state).toMatchObject({ mode: "test", selfTest: "passed" });
    expect(passed.wait(RULES.testModeMs).state.mode).toBe("live");
    expect(running.wait(SELF_TEST_MAX_MS).state).toMatchObject({ selfTest: "failed", selfTestUntilMs: null });
  });

  it("at the terminal asks for the self-test only while nobody votes, and again in test mode", () => {
    const asked = (so: Play) => so.feed({ type: "self-test-asked" });
    expect(told(asked(play()).effects)).toBe("mode test, self-test");
    expect(told(asked(testing).effects)).toBe("self-test");
    expect(told(asked(running).effects)).toBe("");
    for (const voting of [SCANNED, SCANNED.press("green"), SCANNED.press("green").committed()]) {
      expect(told(asked(voting).effects)).toBe("");
      expect(mayBegin(voting.state)).toBe(false);
    }
  });

  it("out of order only tests; the result is gone when the totem works again", () => {
    const broken = play().feed({ type: "storage-failed", cause: "journal-failed" }).press("service");
    const tested = broken.feed({ type: "self-test-finished", passed: false });
    expect(tested.state).toMatchObject({ mode: "live", selfTest: "failed" });
    expect(tested.feed({ type: "journal-works" }).state.selfTest).toBeNull();
  });
});

describe("a campaign without tickets", () => {
  const rules = { ...RULES, withoutTicket: true };

  it("takes a face from idle as a vote without ticket, service or mark", () => {
    const vote = play(rules).press("red");
    expect(draftOf(vote)).toMatchObject({
      face: "red",
      ticket: { profile: "none", proof: "none", mark: null, service: null, minute: null },
    });
    expect(told(vote.committed().wait(20_000).effects)).toBe("seal");
  });

  it("still takes tickets, and asks for the receipt when a reason key is pressed", () => {
    expect(play(rules).scan(good(1)).state.phase.name).toBe("awaiting-face");
    expect(play(rules).press("wait").state).toMatchObject({ phase: { name: "idle" } });
    expect(play(rules).press("wait").effects).toHaveLength(2);
  });

  it("makes two votes of two presses, each with an id of its own", () => {
    const first = play(rules).press("green");
    const second = first.committed().wait(3_000).press("green");
    expect(draftOf(first)?.voteId).not.toBe(draftOf(second)?.voteId);
  });
});
