/**
 * What holds for any sequence of events, and proof that the checks can fail: the same properties are tried on sessions
 * with a fault planted in them.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import type { Effect, Event } from "./events.ts";
import type { SessionRules } from "./rules.ts";
import { RULES } from "./session.fixture.ts";
import type { Session } from "./state.ts";
import type { Step } from "./step.ts";
import { REAL_SESSION, type SessionUnderTest, World } from "./world.fixture.ts";
import { actions } from "./world-actions.fixture.ts";

const EVERYWHERE = [
  "idle",
  "awaiting-face",
  "saving",
  "thanked",
  "refused",
  "out-of-order",
  "live",
  "test",
  "two things wait for a commit",
  "three changes",
  "thanks once more",
  "a reason",
  "a key named",
  "three votes sealed",
  "a stuck key",
  "a self-test",
];

function keepsItsPromises(session: SessionUnderTest, rules: Partial<SessionRules> = {}) {
  return fc.property(actions, (all) => {
    const world = new World(session, { ...RULES, ...rules });
    for (const each of all) world.does(each);
    world.end();
  });
}

describe("any sequence of presses, scans, waits, failures and power cuts", () => {
  it("thanks only for what is stored, votes once a ticket, loses no draft and comes back to idle", () => {
    fc.assert(keepsItsPromises(REAL_SESSION), { numRuns: 3_000 });
  });

  it("gets everywhere on the way", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(actions, (all) => {
        const world = new World(REAL_SESSION, RULES);
        for (const each of all) world.does(each);
        for (const place of world.reached) reached.add(place);
      }),
      // Always the same sequences: a rare place missed by chance would say nothing.
      { numRuns: 1_000, seed: 5 },
    );
    expect([...reached].sort()).toEqual([...EVERYWHERE].sort());
  });

  it("does so in a campaign without tickets too", () => {
    fc.assert(keepsItsPromises(REAL_SESSION, { withoutTicket: true }), { numRuns: 300 });
  });

  it("takes no vote while the self-test runs, not even where none needs a ticket", () => {
    const pressing = fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(pressing, fc.boolean(), (keys, scans) => {
        const world = new World(REAL_SESSION, { ...RULES, withoutTicket: true });
        world.does({ does: "ask-self-test" });
        for (const key of keys) {
          if (scans) world.does({ does: "scan", ticket: 1 });
          world.does({ does: "press", key });
          world.does({ does: "wait", ms: 600 });
        }
        expect(world.reached).not.toContain("saving");
        expect(world.reached).not.toContain("awaiting-face");
        world.end();
      }),
    );
  });

  it("and with the shortest times and the smallest limits the settings allow", () => {
    const rules = {
      savingMs: 1_000,
      changesMax: 0,
      floodPressesPerMinute: 5,
      lockOutMs: 50,
      assistFactor: 1,
    };
    fc.assert(keepsItsPromises(REAL_SESSION, rules), { numRuns: 300 });
    const slowCard = { savingMs: 60_000, repeatThanksMs: 1_000, thanksMs: 1_000 };
    fc.assert(keepsItsPromises(REAL_SESSION, slowCard), { numRuns: 300 });
  });
});

describe("a session with a fault planted in it is found out:", () => {
  const withStep = (alter: (done: Step, before: Session, event: Event) => Step): SessionUnderTest => ({
    ...REAL_SESSION,
    step: (state, event, rules) => alter(REAL_SESSION.step(state, event, rules), state, event),
  });
  const withEffects = (keep: (effect: Effect) => boolean) =>
    withStep(({ state, effects }) => ({ state, effects: effects.filter(keep) }));

  type Planted = {
    readonly session: SessionUnderTest;
    readonly broken: string;
    readonly rules?: Partial<SessionRules>;
  };
  const FAULTS: Record<string, Planted> = {
    "it thanks at the press": {
      session: withStep((done) => {
        const { phase } = done.state;
        if (phase.name !== "saving") return done;
        const { draft, changes, untilMs } = phase;
        return { ...done, state: { ...done.state, phase: { name: "thanked", draft, changes, untilMs } } };
      }),
      broken: "thanks for what is not stored",
    },
    "it sounds thanks at the press": {
      session: withStep((done) => ({
        ...done,
        effects: done.effects.flatMap((effect): Effect[] =>
          effect.type === "commit-draft" ? [effect, { type: "sound", sound: "thanks" }] : [effect],
        ),
      })),
      broken: "thanks are heard for what is not stored",
    },
    "it begins the next vote without sealing the one before": {
      session: withEffects((effect) => effect.type !== "seal-draft"),
      broken: "sealed",
    },
    "it takes a used ticket for a good one": {
      session: {
        ...REAL_SESSION,
        step: (state, event, rules) =>
          event.type === "ticket-judged" && !event.judgement.good && event.judgement.mark !== null
            ? REAL_SESSION.step(
                state,
                {
                  ...event,
                  judgement: {
                    good: true,
                    mode: state.mode,
                    mark: event.judgement.mark,
                    ticket: ticketOf(event.judgement.mark),
                  },
                },
                rules,
              )
            : REAL_SESSION.step(state, event, rules),
      },
      broken: "two votes for one ticket",
    },
    "it never tries the journal again": {
      session: withEffects((effect) => effect.type !== "probe-journal"),
      broken: "no way back to idle from out-of-order",
    },
    "it forgets that time passed": {
      session: withStep((done, before, event) =>
        event.type === "tick" ? { state: before, effects: [] } : done,
      ),
      broken: "still due after its tick",
    },
    "it lights the face that was chosen": {
      session: {
        ...REAL_SESSION,
        viewOf: (state, rules) => {
          const view = REAL_SESSION.viewOf(state, rules);
          const { phase } = state;
          return phase.name === "thanked" && phase.draft !== null
            ? { ...view, lamps: { ...view.lamps, [phase.draft.face]: "blink" } }
            : view;
        },
      },
      broken: "lamps differ",
    },
    "it says the choice aloud": {
      session: withStep((done) => ({
        ...done,
        effects: done.effects.flatMap((effect): Effect[] =>
          effect.type === "commit-draft"
            ? [effect, { type: "speak", phrase: { say: "key", key: effect.draft.face }, language: "it" }]
            : [effect],
        ),
      })),
      broken: "spoken aloud",
    },
    "it lets citizens vote while the self-test runs": {
      session: {
        ...REAL_SESSION,
        step: (state, event, rules) => {
          if (state.selfTest !== "running" || event.type !== "key-changed")
            return REAL_SESSION.step(state, event, rules);
          const done = REAL_SESSION.step({ ...state, selfTest: null }, event, rules);
          return { ...done, state: { ...done.state, selfTest: "running" } };
        },
      },
      broken: "given to the self-test",
      rules: { withoutTicket: true },
    },
    "it changes its state in place": {
      session: withStep((done, before) => {
        (before as { headphones: boolean }).headphones = true;
        return done;
      }),
      broken: "read only property",
    },
  };

  it.each(Object.entries(FAULTS))("%s", (_, { session, broken, rules }) => {
    const found = fc.check(keepsItsPromises(session, rules), { numRuns: 1_000, seed: 5 });
    expect(found.failed).toBe(true);
    expect((found.errorInstance as Error).message).toContain(broken);
  });
});

function ticketOf(mark: string) {
  return {
    profile: "signed",
    proof: "signature",
    issuerKeyId: "desk-1",
    minute: 1,
    mark,
    service: "anagrafe",
  } as const;
}
