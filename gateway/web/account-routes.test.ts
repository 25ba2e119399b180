import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SESSION_COOKIE } from "../api/sessions.ts";
import { ACCOUNT_WORDS } from "./account-words.ts";
import { ADMIN_WORDS } from "./admin-words.ts";
import { type Browser, openPages, PASSWORD } from "./signed-in.fixture.ts";

const OTHER = "quattro cani in cortile";
const WORDS = ACCOUNT_WORDS.en;

describe("one's own account", () => {
  let nowMs: number;
  let pages: Browser;
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 24, 12);
    pages = await openPages(() => nowMs);
    await pages.addAccount("anna", "operator");
  });
  afterEach(() => pages.close());
  const change = (cookies: Record<string, string>, old: string, password: string, again = password) =>
    pages.submit("/account/password", cookies, [
      ["old", old],
      ["password", password],
      ["again", again],
    ]);

  it("says who one is and where one is signed in", async () => {
    const [cookies] = [await pages.signIn("anna"), await pages.signIn("anna")];
    const { body } = await pages.get("/account?lang=en", cookies);
    expect(body).toContain("You are anna, operator.");
    expect([...body.matchAll(/this browser|another browser/g)].map(([words]) => words).sort()).toEqual([
      "another browser",
      "this browser",
    ]);
  });

  it("says of who came by a link or from elsewhere that there is nothing to change", async () => {
    const link = await pages.sessions.enter(await pages.sessions.makeLink(["reports"], nowMs), nowMs);
    expect((await pages.get("/account?lang=en", { [SESSION_COOKIE]: link ?? "" })).body).toContain(
      ADMIN_WORDS.en.byLink,
    );
    const person = { accountId: null, name: "carla", scopes: ["reports"], officeId: null };
    const cookies = { [SESSION_COOKIE]: await pages.sessions.begin(person, nowMs) };
    expect((await pages.get("/account?lang=en", cookies)).body).toContain("You are carla: another system");
    expect((await change(cookies, PASSWORD, OTHER)).statusCode).toBe(200);
  });

  it("gets a new password with the old one, under a new session; all others are over", async () => {
    const [cookies, other] = [await pages.signIn("anna"), await pages.signIn("anna")];
    const changed = await change(cookies, PASSWORD, OTHER);
    expect([changed.statusCode, changed.headers.location]).toEqual([303, "/account?done=1&lang=en"]);
    const fresh = changed.cookies.find(({ name }) => name === SESSION_COOKIE)?.value ?? "";
    const names = [cookies[SESSION_COOKIE], other[SESSION_COOKIE], fresh].map(
      async (cookie) => (await pages.sessions.find(cookie ?? "", nowMs))?.name,
    );
    expect(await Promise.all(names)).toEqual([undefined, undefined, "anna"]);
    const again = await change({ [SESSION_COOKIE]: fresh }, PASSWORD, OTHER);
    expect([again.statusCode, again.body.includes(WORDS.problems["old-wrong"])]).toEqual([422, true]);
    expect((await pages.log()).slice(0, 3)).toEqual([
      "sign-in-failed by anna: anna",
      "sign-in by anna: ",
      "password-set by anna: anna",
    ]);
  });

  it("keeps its password when the new one is not taken", async () => {
    const cookies = await pages.signIn("anna");
    for (const [password, again, words] of [
      [OTHER, PASSWORD, WORDS.problems.different],
      ["short", "short", WORDS.problems["too-short"]],
      ["Password1234", "Password1234", WORDS.problems.common],
    ] as const) {
      const answer = await change(cookies, PASSWORD, password, again);
      expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true]);
    }
    expect((await change(cookies, PASSWORD, OTHER)).statusCode).toBe(303);
  });

  it("puts outside who guesses the old password at a browser that was left open", async () => {
    const cookies = await pages.signIn("anna");
    const answers = [];
    for (let tries = 0; tries < 6; tries++) answers.push((await change(cookies, "wrong", OTHER)).statusCode);
    expect(answers).toEqual([422, 422, 422, 422, 422, 303]);
    expect(await pages.sessions.find(cookies[SESSION_COOKIE] ?? "", nowMs)).toBeNull();
  });

  it("signs out of all other browsers", async () => {
    const [cookies, other] = [await pages.signIn("anna"), await pages.signIn("anna")];
    expect((await pages.submit("/account/sessions", cookies, [])).statusCode).toBe(303);
    expect(await pages.sessions.find(other[SESSION_COOKIE] ?? "", nowMs)).toBeNull();
    expect(await pages.sessions.find(cookies[SESSION_COOKIE] ?? "", nowMs)).not.toBeNull();
  });

  it("takes no form without the session's own token, and does nothing for it", async () => {
    const [cookies, other] = [await pages.signIn("anna"), await pages.signIn("anna")];
    const foreign = (await pages.sessions.find(other[SESSION_COOKIE] ?? "", nowMs))?.session?.formToken ?? "";
    for (const form of ["", "x", foreign, "x".repeat(10_000)]) {
      const answer = await pages.send("/account/sessions", new URLSearchParams({ form }), cookies);
      expect([answer.statusCode, answer.body.includes("Nothing was changed")]).toEqual([403, true]);
    }
    expect(await pages.sessions.find(other[SESSION_COOKIE] ?? "", nowMs)).not.toBeNull();
  });
});

describe("the log of accesses", () => {
  let pages: Browser;
  beforeEach(async () => {
    pages = await openPages(() => 1_000);
    await pages.addAccount("boss", "admin");
    await pages.addAccount("anna", "operator");
  });
  afterEach(() => pages.close());

  it("is for administrators", async () => {
    expect((await pages.get("/audit", await pages.signIn("anna"))).statusCode).toBe(403);
    expect((await pages.get("/audit?before=3")).headers.location).toBe(
      "/sign-in?lang=it&next=%2Faudit%3Fbefore%3D3",
    );
    expect((await pages.get("/audit", await pages.signIn("boss"))).statusCode).toBe(200);
  });

  it("says who did what, a hundred lines a page, the latest first, whatever is written in it", async () => {
    for (let at = 0; at < 150; at++)
      await pages.store.noteDeed({
        atMs: at,
        kind: "token-made",
        byId: "x",
        byName: "anna",
        what: `<b>line ${at}</b>`,
      });
    const cookies = await pages.signIn("boss");
    const lines = (body: string) =>
      [...body.matchAll(/&#60;b&#62;line (\d+)/g)].map(([, number]) => Number(number));
    const first = (await pages.get("/audit?lang=en", cookies)).body;
    expect([lines(first).length, lines(first)[0], first.includes("<b>line")]).toEqual([99, 149, false]);
    const older = /\?before=\d+/.exec(first)?.[0];
    const second = (await pages.get(`/audit${older}&lang=en`, cookies)).body;
    expect([lines(second).length, lines(second)[0], lines(second).at(-1)]).toEqual([51, 50, 0]);
    expect(second).toContain(ADMIN_WORDS.en.newest);
    for (const before of ["-1", "x", "1 OR 1=1", "9".repeat(400)])
      expect((await pages.get(`/audit?before=${encodeURIComponent(before)}`, cookies)).statusCode).toBe(200);
  });
});
