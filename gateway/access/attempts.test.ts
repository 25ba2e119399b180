import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { networkOf, openAttempts, type Try } from "./attempts.ts";

const stranger = (account: string, address = "192.0.2.1"): Try => ({ account, address, browser: null });
const owner: Try = { account: "anna", address: "198.51.100.7", browser: "anna's own" };

describe("tries to sign in", () => {
  it("are free five times, then each takes twice as long as the one before, and half a minute at most", () => {
    const attempts = openAttempts();
    let nowMs = 0;
    const waits = Array.from({ length: 12 }, () => {
      const waitMs = attempts.begin(stranger("anna"), nowMs);
      nowMs += waitMs;
      if (waitMs > 0) expect(attempts.begin(stranger("anna"), nowMs)).toBe(0);
      return waitMs;
    });
    expect(waits).toEqual([0, 0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it("made while one has to wait change nothing: nobody's wait grows by them", () => {
    const attempts = openAttempts();
    for (let tries = 0; tries < 5; tries++) attempts.begin(stranger("anna"), 0);
    for (let tries = 0; tries < 1_000; tries++) expect(attempts.begin(stranger("anna"), 1)).toBe(999);
    expect(attempts.begin(stranger("anna"), 1_000)).toBe(0);
  });

  it("of strangers never keep out a browser that was signed in before, and other strangers for half a minute at most", () => {
    const attempts = openAttempts();
    for (let nowMs = 0; nowMs < 10 * HOUR_MS; nowMs += 1_000) {
      attempts.begin(stranger("anna", `192.0.2.${(nowMs / 1_000) % 250}`), nowMs);
    }
    expect(attempts.begin(owner, 10 * HOUR_MS)).toBe(0);
    const waitMs = attempts.begin(stranger("anna", "203.0.113.9"), 10 * HOUR_MS);
    expect(waitMs).toBeLessThanOrEqual(30_000);
  });

  it("by a browser that was signed in before are counted too: its cookie may be in other hands", () => {
    const attempts = openAttempts();
    let nowMs = 0;
    for (let tries = 0; tries < 30; tries++) nowMs += attempts.begin(owner, nowMs);
    expect(nowMs).toBeGreaterThan(HOUR_MS);
  });

  it("for ever other names from one address are slowed down too, even with one's own account in between", () => {
    const attempts = openAttempts();
    let nowMs = 0;
    for (let tries = 0; tries < 100; tries++) {
      nowMs += attempts.begin(stranger(`name ${tries}`), nowMs);
      if (attempts.begin(stranger("mallory"), nowMs) === 0) attempts.succeeded(stranger("mallory"));
    }
    expect(nowMs).toBeGreaterThan(10 * MINUTE_MS);
    // The neighbour's address does not suffer.
    expect(attempts.begin(stranger("bruno", "192.0.2.2"), nowMs)).toBe(0);
  });

  it("are forgotten after an hour's quiet, and after a success", () => {
    const attempts = openAttempts();
    for (let tries = 0; tries < 5; tries++) attempts.begin(stranger("anna"), 0);
    expect(attempts.begin(stranger("anna"), 0)).toBeGreaterThan(0);
    expect(attempts.begin(stranger("anna"), HOUR_MS)).toBe(0);
    expect(attempts.begin(stranger("anna"), HOUR_MS)).toBe(0);
    for (let tries = 0; tries < 3; tries++) attempts.begin(stranger("anna"), HOUR_MS);
    expect(attempts.begin(stranger("anna"), HOUR_MS)).toBeGreaterThan(0);
    attempts.succeeded(stranger("anna"));
    expect(attempts.begin(stranger("anna"), HOUR_MS)).toBe(0);
  });

  it("are counted the same whether there is such an account or not", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40_000), { maxLength: 60 }), (gaps) => {
        const [one, other] = [openAttempts(), openAttempts()];
        let nowMs = 0;
        for (const gap of gaps) {
          nowMs += gap;
          expect(one.begin(stranger("anna"), nowMs)).toBe(other.begin(stranger("nobody"), nowMs));
        }
      }),
    );
  });

  it("from twenty thousand addresses are held, and one more makes the oldest forgotten", () => {
    const attempts = openAttempts();
    for (let tries = 0; tries < 5; tries++) attempts.begin(owner, 0);
    expect(attempts.begin(owner, 0)).toBeGreaterThan(0);
    for (let at = 0; at < 9_999; at++) attempts.begin(stranger(`name ${at}`, `host ${at}`), 0);
    expect(attempts.begin(owner, 0)).toBeGreaterThan(0);
    attempts.begin(stranger("one more", "one more"), 0);
    expect(attempts.begin(owner, 0)).toBe(0);
  });

  it("that fail are written down a thousand times an hour", () => {
    const attempts = openAttempts();
    const noted = (nowMs: number) =>
      Array.from({ length: 1_001 }, () => attempts.mayNoteFailure(nowMs)).filter(Boolean).length;
    expect([noted(0), noted(HOUR_MS)]).toEqual([1_000, 1_000]);
  });
});

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("The address %s is counted as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
