import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS } from "#schemas/time.ts";
import { parseToken } from "../access/tokens.ts";
import { GOLDEN_DIRECTORY } from "../api/golden-votes.fixture.ts";
import { SESSION_COOKIE } from "../api/sessions.ts";
import { ADMIN_WORDS } from "./admin-words.ts";
import { type Browser, openPages } from "./signed-in.fixture.ts";

const OFFICE = GOLDEN_DIRECTORY.sites[0]?.offices[0]?.officeId ?? "";
const PROBLEMS = ADMIN_WORDS.en.problems;

describe("an administrator", () => {
  let nowMs: number;
  let pages: Browser;
  let cookies: Record<string, string>;
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 24, 12);
    pages = await openPages(() => nowMs);
    await pages.addAccount("boss", "admin");
    cookies = await pages.signIn("boss");
  });
  afterEach(() => pages.close());
  const submit = (path: string, fields: Record<string, string>) =>
    pages.submit(path, cookies, Object.entries(fields));

  it("invites somebody by a link that is shown once, and never sees a password", async () => {
    const answer = await submit("/accounts/add", { name: "Anna", role: "operator", office: "" });
    const link = /http:\/\/comune\.example(\/invite\?key=[\w-]{43})/.exec(answer.body)?.[1] ?? "";
    expect(answer.body).toContain(ADMIN_WORDS.en.linkFor("anna"));
    expect((await pages.get("/accounts", cookies)).body).not.toContain("/invite?key=");
    expect((await pages.get(link)).statusCode).toBe(200);
    expect(await pages.store.accountByName("anna")).toMatchObject({ role: "operator", password: null });
    expect((await pages.log()).slice(0, 2)).toEqual([
      "link-made by boss: anna",
      "account-made by boss: anna: operator",
    ]);
  });

  it.each([
    [{ name: "boss", role: "viewer" }, PROBLEMS["name-taken"]],
    [{ name: "<b>", role: "viewer" }, PROBLEMS.name],
    [{ name: "anna", role: "king" }, PROBLEMS.role],
    [{ name: "anna", role: "office" }, PROBLEMS["office-needed"]],
    [{ name: "anna", role: "office", office: "nowhere" }, PROBLEMS["office-unknown"]],
    [{ name: "anna", role: "viewer", office: OFFICE }, PROBLEMS["office-not-for-role"].slice(0, 14)],
  ])("is told what is wrong with %j, and nothing is made", async (fields, words) => {
    const answer = await submit("/accounts/add", fields);
    expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true]);
    expect(await pages.store.accounts()).toHaveLength(1);
  });

  it("gives roles, disables and enables; every time the account's sessions are over", async () => {
    await pages.addAccount("anna", "viewer");
    const find = async (own: Record<string, string>) => pages.sessions.find(own[SESSION_COOKIE] ?? "", nowMs);
    for (const [path, fields] of [
      ["/accounts/role", { role: "office", office: OFFICE }],
      ["/accounts/disable", {}],
      ["/accounts/enable", {}],
    ] as const) {
      const own = await pages.signIn("anna");
      expect((await submit(path, { account: "id-anna", ...fields })).body).toContain(ADMIN_WORDS.en.done);
      expect(await find(own)).toBeNull();
    }
    expect(await pages.store.accountByName("anna")).toMatchObject({
      role: "office",
      officeId: OFFICE,
      disabledMs: null,
    });
    expect((await submit("/accounts/link", { account: "id-anna" })).body).toContain("/invite?key=");
    expect((await submit("/accounts/disable", { account: "nobody" })).body).toContain(PROBLEMS.unknown);
  });

  it("stays one: the last that can sign in neither disables nor demotes itself", async () => {
    for (const [path, fields] of [
      ["/accounts/disable", {}],
      ["/accounts/role", { role: "viewer" }],
    ] as const)
      expect((await submit(path, { account: "id-boss", ...fields })).body).toContain(PROBLEMS["last-admin"]);
    await pages.addAccount("carla", "admin");
    expect((await submit("/accounts/role", { account: "id-boss", role: "viewer" })).body).toContain(
      ADMIN_WORDS.en.done,
    );
    expect((await pages.get("/accounts", cookies)).headers.location).toMatch(/^\/sign-in/);
  });

  it("makes a token that is shown once, and revokes it", async () => {
    const made = await pages.submit("/tokens/make", cookies, [
      ...([
        ["name", "monthly report"],
        ["days", "30"],
        ["office", ""],
      ] as const),
      ...([
        ["scope", "reports"],
        ["scope", "reports:exact"],
      ] as const),
    ]);
    const text = /faccine_[0-9a-f]{16}_[\w-]{43}/.exec(made.body)?.[0] ?? "";
    const tokenId = parseToken(text)?.tokenId ?? "";
    expect(await pages.store.tokenById(tokenId)).toMatchObject({
      ...{ name: "monthly report", scopes: ["reports", "reports:exact"], expiresMs: nowMs + 30 * DAY_MS },
    });
    const list = (await pages.get("/tokens", cookies)).body;
    expect([list.includes(tokenId), list.includes(parseToken(text)?.secret ?? "?")]).toEqual([true, false]);
    expect((await submit("/tokens/revoke", { token: tokenId })).body).toContain(ADMIN_WORDS.en.tokenRevoked);
    expect((await submit("/tokens/revoke", { token: tokenId })).body).toContain(PROBLEMS["token-gone"]);
    expect((await pages.log()).slice(0, 2)).toEqual([
      `token-revoked by boss: ${tokenId}`,
      `token-made by boss: ${tokenId} monthly report: reports reports:exact`,
    ]);
  });

  it.each([
    [{ name: "", scope: "reports", days: "1" }, PROBLEMS["token-name"]],
    [{ name: "x".repeat(61), scope: "reports", days: "1" }, PROBLEMS["token-name"]],
    [{ name: "x", days: "1" }, PROBLEMS["token-scope"]],
    [{ name: "x", scope: "root", days: "1" }, PROBLEMS["token-scope"]],
    [{ name: "x", scope: "reports", days: "0" }, PROBLEMS["token-days"]],
    [{ name: "x", scope: "reports", days: "3651" }, PROBLEMS["token-days"]],
    [{ name: "x", scope: "reports", days: "1e3" }, PROBLEMS["token-days"]],
    [{ name: "x", scope: "reports", days: "1", office: OFFICE }, PROBLEMS["token-office"]],
    [{ name: "x", scope: "issue", days: "1", office: "nowhere" }, PROBLEMS["office-unknown"]],
  ])("is told what is wrong with the token %j, and none is made", async (fields, words) => {
    const answer = await submit("/tokens/make", fields as Record<string, string>);
    expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true]);
    expect(await pages.store.tokens()).toEqual([]);
  });

  it("is the only one: nobody else sees or does any of it", async () => {
    for (const role of ["viewer", "operator"] as const) {
      await pages.addAccount(role, role);
      const own = await pages.signIn(role);
      for (const path of ["/accounts", "/tokens"]) expect((await pages.get(path, own)).statusCode).toBe(403);
      for (const path of [
        "/accounts/add",
        "/accounts/role",
        "/accounts/link",
        "/accounts/disable",
        "/accounts/enable",
        "/tokens/make",
        "/tokens/revoke",
      ]) {
        const fields = [
          ["account", "id-boss"],
          ["role", "viewer"],
          ["name", "x"],
          ["scope", "admin"],
          ["days", "1"],
        ] as const;
        expect((await pages.submit(path, own, fields)).statusCode).toBe(403);
      }
    }
    expect([await pages.store.tokens(), (await pages.store.accounts()).length]).toEqual([[], 3]);
  });
});
