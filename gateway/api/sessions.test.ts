import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openSessions } from "./sessions.ts";

const HOUR_MS = 3_600_000;

describe("one-time links", () => {
  it("open a session once, and never again", () => {
    const sessions = openSessions(randomBytes);
    const key = sessions.makeLink(["reports"], 0);
    const cookie = sessions.enter(key, 1);
    expect(cookie).not.toBeNull();
    expect(sessions.enter(key, 2)).toBeNull();
    expect(sessions.find(cookie ?? "", 3)?.scopes).toEqual(["reports"]);
  });

  it("are dead after an hour", () => {
    const sessions = openSessions(randomBytes);
    const early = sessions.makeLink(["reports"], 0);
    expect(sessions.enter(early, HOUR_MS - 1)).not.toBeNull();
    const late = sessions.makeLink(["reports"], 0);
    expect(sessions.enter(late, HOUR_MS)).toBeNull();
  });

  it("are not opened by a guess, an empty key or a session's cookie", () => {
    const sessions = openSessions(randomBytes);
    const cookie = sessions.enter(sessions.makeLink(["fleet"], 0), 0) ?? "";
    for (const key of ["", "x", cookie]) expect(sessions.enter(key, 1)).toBeNull();
    expect(sessions.find("", 1)).toBeNull();
  });

  it("end a session after twelve hours", () => {
    const sessions = openSessions(randomBytes);
    const cookie = sessions.enter(sessions.makeLink(["fleet"], 0), 0) ?? "";
    expect(sessions.find(cookie, 12 * HOUR_MS - 1)).not.toBeNull();
    expect(sessions.find(cookie, 12 * HOUR_MS)).toBeNull();
  });

  it("are at most a hundred: one more ends the oldest", () => {
    const sessions = openSessions(randomBytes);
    const keys = Array.from({ length: 101 }, () => sessions.makeLink(["fleet"], 0));
    expect(sessions.enter(keys[0] ?? "", 1)).toBeNull();
    expect(sessions.enter(keys[1] ?? "", 1)).not.toBeNull();
  });
});
