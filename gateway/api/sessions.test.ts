import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "#schemas/access-settings.ts";
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import type { Deed } from "../store/account-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { openSessions, type Person, type Sessions } from "./sessions.ts";

const DEED: Deed = { atMs: 0, kind: "account-made", byId: "", byName: "", what: "" };
const BY = { tokenId: "", name: "" };

describe("at the gateway's pages", () => {
  let store: Store;
  let sessions: Sessions;
  beforeEach(() => {
    store = openSqliteStore(":memory:", 0);
    sessions = openSessions({ store, randomBytes, isSecure: false });
  });
  afterEach(() => store.close());

  const addAccount = async (name: string, role: Role = "operator") => {
    const officeId = role === "office" ? "tributi" : null;
    const account = { ...{ accountId: `id-${name}`, name, role, officeId }, createdMs: 0, disabledMs: null };
    await store.addAccount({ ...account, password: "$kept" }, DEED);
    return { accountId: account.accountId, name, scopes: [], officeId };
  };
  const scopesAt = async (cookie: string, nowMs: number) => (await sessions.find(cookie, nowMs))?.scopes;

  describe("a one-time link", () => {
    it("opens a session once, and never again", async () => {
      const key = await sessions.makeLink(["reports"], 0);
      const cookie = (await sessions.enter(key, 1)) ?? "";
      expect(await sessions.enter(key, 2)).toBeNull();
      expect(await scopesAt(cookie, 3)).toEqual(["reports"]);
    });

    it("is dead after an hour", async () => {
      expect(await sessions.enter(await sessions.makeLink(["reports"], 0), HOUR_MS - 1)).not.toBeNull();
      expect(await sessions.enter(await sessions.makeLink(["reports"], 0), HOUR_MS)).toBeNull();
    });

    it("is not opened by a guess, an empty key, a session's cookie or a megabyte", async () => {
      const cookie = (await sessions.enter(await sessions.makeLink(["fleet"], 0), 0)) ?? "";
      for (const key of ["", "x", cookie, "x".repeat(1_048_576)]) {
        expect(await sessions.enter(key, 1)).toBeNull();
        expect(await sessions.invited(key, 1)).toBeNull();
      }
      for (const text of ["", "x".repeat(1_048_576)]) expect(await sessions.find(text, 1)).toBeNull();
    });

    it("is one of eleven hundred: one more ends the one that ends first", async () => {
      const keys: string[] = [];
      for (let at = 0; at <= 1_100; at++) keys.push(await sessions.makeLink(["fleet"], at));
      expect(await sessions.enter(keys[0] ?? "", 1_101)).toBeNull();
      expect(await sessions.enter(keys[1] ?? "", 1_101)).not.toBeNull();
    });
  });

  describe("an invitation", () => {
    it("names its account as often as it is looked at, until it is taken", async () => {
      const anna = await addAccount("anna");
      const { accountId } = anna;
      const key = await sessions.invite(anna, BY, 0);
      expect([await sessions.invited(key, 1), await sessions.invited(key, 2)]).toEqual([
        accountId,
        accountId,
      ]);
      expect(await sessions.takeInvitation(key, 3)).toBe(accountId);
      expect([await sessions.invited(key, 4), await sessions.takeInvitation(key, 4)]).toEqual([null, null]);
    });

    it("is over after three days, and when the next one is made", async () => {
      const anna = await addAccount("anna");
      const { accountId } = anna;
      const key = await sessions.invite(anna, BY, 0);
      expect(await sessions.invited(key, 72 * HOUR_MS - 1)).toBe(accountId);
      expect(await sessions.takeInvitation(key, 72 * HOUR_MS)).toBeNull();
      const [one, other] = [await sessions.invite(anna, BY, 0), await sessions.invite(anna, BY, 0)];
      expect([await sessions.invited(one, 1), await sessions.invited(other, 1)]).toEqual([null, accountId]);
    });

    it("opens no session by itself, and a link for the page invites nobody", async () => {
      const anna = await addAccount("anna");
      const { accountId } = anna;
      const key = await sessions.invite(anna, BY, 0);
      expect(await sessions.enter(key, 1)).toBeNull();
      expect(await sessions.takeInvitation(key, 1)).toBe(accountId);
      expect(await sessions.invited(await sessions.makeLink(["admin"], 0), 1)).toBeNull();
    });
  });

  describe("a session", () => {
    it("may do what its account's role may", async () => {
      const asked = async (name: string, role: Role) =>
        sessions.find(await sessions.begin(await addAccount(name, role), 0), 1);
      expect(await asked("anna", "operator")).toMatchObject({
        ...{ tokenId: "id-anna", name: "anna", officeId: null },
        ...{ scopes: ["reports", "reports:exact", "fleet"], session: { role: "operator" } },
      });
      expect(await asked("bruno", "office")).toMatchObject({ scopes: ["reports"], officeId: "tributi" });
    });

    it("of a person whom another system vouches for may do what that one said", async () => {
      const person: Person = {
        accountId: null,
        name: "carla@oidc",
        scopes: ["reports"],
        officeId: "tributi",
      };
      const asker = await sessions.find(await sessions.begin(person, 0), 1);
      expect(asker).toMatchObject({ name: "carla@oidc", scopes: ["reports"], officeId: "tributi" });
    });

    it("has an id of its own at each sign-in, which is kept as a hash only", async () => {
      const anna = await addAccount("anna");
      const cookies = [await sessions.begin(anna, 0), await sessions.begin(anna, 0)];
      expect(new Set(cookies).size).toBe(2);
      const kept = JSON.stringify([
        await store.sessionsOf("id-anna"),
        await store.deeds({ beforeNo: null, limit: 99 }),
      ]);
      for (const cookie of cookies) expect(kept).not.toContain(cookie);
    });

    it("ends after twelve hours, however busy, and after two hours in which nobody was there", async () => {
      const anna = await addAccount("anna");
      const busy = await sessions.begin(anna, 0);
      for (let nowMs = 0; nowMs < 12 * HOUR_MS; nowMs += HOUR_MS)
        expect(await sessions.find(busy, nowMs)).not.toBeNull();
      expect(await sessions.find(busy, 12 * HOUR_MS - 1)).not.toBeNull();
      expect(await sessions.find(busy, 12 * HOUR_MS)).toBeNull();
      const idle = await sessions.begin(anna, 0);
      await sessions.find(idle, HOUR_MS);
      expect(await sessions.find(idle, 3 * HOUR_MS - 1)).not.toBeNull();
      const left = await sessions.begin(anna, 0);
      expect(await sessions.find(left, 2 * HOUR_MS)).toBeNull();
      // Going back in time opens nothing again.
      expect(await sessions.find(left, 1)).toBeNull();
    });

    it("is written down as seen once a minute, not at each request", async () => {
      const cookie = await sessions.begin(await addAccount("anna"), 0);
      const seenMs = async () => (await store.sessionsOf("id-anna"))[0]?.seenMs;
      await sessions.find(cookie, MINUTE_MS - 1);
      expect(await seenMs()).toBe(0);
      await sessions.find(cookie, MINUTE_MS);
      expect(await seenMs()).toBe(MINUTE_MS);
    });

    it("ends with signing out, and when its account is disabled or gets another role or password", async () => {
      const anna = await addAccount("anna");
      const cookie = await sessions.begin(anna, 0);
      await sessions.end(cookie, 1);
      expect(await sessions.find(cookie, 2)).toBeNull();
      for (const change of [{ role: "viewer" }, { password: "$other" }, { disabledMs: 1 }] as const) {
        const one = await sessions.begin(anna, 0);
        expect(await sessions.find(one, 1)).not.toBeNull();
        expect(await store.changeAccount(anna.accountId, change, DEED)).toBe("changed");
        expect(await sessions.find(one, 2)).toBeNull();
      }
      // Nor is one opened for it later.
      expect(await sessions.find(await sessions.begin(anna, 3), 4)).toBeNull();
    });

    it("is one of twenty of an account: one more ends the one seen longest ago, and nobody else's", async () => {
      const [anna, bruno] = [await addAccount("anna"), await addAccount("bruno")];
      const other = await sessions.begin(bruno, 0);
      const cookies: string[] = [];
      for (let at = 0; at <= 20; at++) cookies.push(await sessions.begin(anna, at));
      expect(await sessions.find(cookies[0] ?? "", 21)).toBeNull();
      for (const cookie of [other, ...cookies.slice(1)])
        expect(await sessions.find(cookie, 21)).not.toBeNull();
    });

    it("has a form token of its own, that tells nothing of its cookie", async () => {
      const anna = await addAccount("anna");
      const cookies = [await sessions.begin(anna, 0), await sessions.begin(anna, 0)];
      const tokens = await Promise.all(
        cookies.map(async (cookie) => (await sessions.find(cookie, 1))?.session?.formToken),
      );
      expect(new Set([...tokens, ...cookies]).size).toBe(4);
      expect((await sessions.find(cookies[0] ?? "", 2))?.session?.formToken).toBe(tokens[0]);
    });

    it("is called so that browsers refuse one planted from elsewhere, where there is TLS", () => {
      expect(sessions.cookie).toEqual({
        name: "faccine-session",
        rules: { path: "/", httpOnly: true, sameSite: "lax", secure: false },
      });
      expect(openSessions({ store, randomBytes, isSecure: true }).cookie).toEqual({
        name: "__Host-faccine-session",
        rules: { path: "/", httpOnly: true, sameSite: "lax", secure: true },
      });
    });
  });
});
