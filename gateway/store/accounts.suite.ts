/**
 * What every store must do with people's accounts, their sessions and links, and the log of what was done: a part of `store.suite.ts`.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keptDays } from "#schemas/retention.ts";
import { DAY_MS } from "#schemas/time.ts";
import type { AccountRecord, Deed, SessionRecord } from "./account-store.ts";
import type { OpenStore } from "./store.fixture.ts";
import type { Store } from "./store.ts";

const DEED: Deed = { atMs: 5, kind: "account-made", byId: "id-boss", byName: "boss", what: "anna: admin" };
const ACCOUNT: AccountRecord = {
  ...{ accountId: "id-anna", name: "anna", role: "admin", officeId: null },
  ...{ password: "$kept", createdMs: 1, disabledMs: null },
};
const SESSION: SessionRecord = {
  ...{ sha256: "aa", accountId: "id-anna", name: "anna", scopes: ["reports", "fleet"], officeId: null },
  ...{ createdMs: 1, seenMs: 1 },
};

export function describeAccounts(open: OpenStore): void {
  let store: Store;
  let reopen: (() => Promise<Store>) | null;
  let cleanUp: () => Promise<void>;
  beforeEach(async () => {
    ({ store, reopen, cleanUp } = await open());
  });
  afterEach(() => cleanUp());
  const kinds = async () => (await store.deeds({ beforeNo: null, limit: 99 })).map(({ kind }) => kind);

  it("keeps accounts in the order of their names, each name once, and finds them by id and name", async () => {
    expect(await store.addAccount(ACCOUNT, DEED)).toBe("added");
    const bruno = {
      ...ACCOUNT,
      accountId: "id-bruno",
      name: "bruno",
      role: "office",
      officeId: "tributi",
    } as const;
    expect(await store.addAccount({ ...bruno, password: null }, DEED)).toBe("added");
    expect(await store.addAccount({ ...bruno, accountId: "id-other" }, DEED)).toBe("name-taken");
    expect(await store.accounts()).toEqual([ACCOUNT, { ...bruno, password: null }]);
    expect([await store.accountById("id-anna"), await store.accountByName("anna")]).toEqual([
      ACCOUNT,
      ACCOUNT,
    ]);
    expect([await store.accountById("anna"), await store.accountByName("id-anna")]).toEqual([null, null]);
    expect(await kinds()).toEqual(["account-made", "account-made"]);
  });

  it("takes a thousand accounts and no more", async () => {
    for (let at = 0; at < 1_000; at++)
      await store.addAccount({ ...ACCOUNT, accountId: `id-${at}`, name: `name-${at}` }, DEED);
    expect(await store.addAccount(ACCOUNT, DEED)).toBe("too-many");
    expect(await store.accounts()).toHaveLength(1_000);
  });

  it("makes a first account while nobody can administer, and no second one that way", async () => {
    await store.addAccount({ ...ACCOUNT, accountId: "1", name: "invited", password: null }, DEED);
    await store.addAccount({ ...ACCOUNT, accountId: "2", name: "gone", disabledMs: 3 }, DEED);
    await store.addAccount({ ...ACCOUNT, accountId: "3", name: "viewer", role: "viewer" }, DEED);
    expect(await store.hasAdmin()).toBe(false);
    expect(await store.addFirstAccount({ ...ACCOUNT, name: "gone" }, DEED)).toBe("name-taken");
    expect(await store.addFirstAccount(ACCOUNT, DEED)).toBe("added");
    expect(await store.hasAdmin()).toBe(true);
    expect(await store.addFirstAccount({ ...ACCOUNT, accountId: "4", name: "carla" }, DEED)).toBe(
      "not-first",
    );
  });

  it("changes an account and ends its sessions and links with it, and nobody else's", async () => {
    await store.addAccount(ACCOUNT, DEED);
    await store.addAccount({ ...ACCOUNT, accountId: "id-bruno", name: "bruno" }, DEED);
    await store.addSession(SESSION, DEED);
    await store.addSession({ ...SESSION, sha256: "bb", accountId: "id-bruno" }, DEED);
    await store.addLink({ sha256: "cc", accountId: "id-anna", scopes: [], untilMs: 9 }, DEED);
    expect(await store.changeAccount("id-anna", { role: "office", officeId: "tributi" }, DEED)).toBe(
      "changed",
    );
    expect(await store.accountById("id-anna")).toEqual({ ...ACCOUNT, role: "office", officeId: "tributi" });
    expect([await store.sessionBy("aa"), await store.linkBy("cc")]).toEqual([null, null]);
    expect(await store.sessionBy("bb")).not.toBeNull();
    expect(await store.changeAccount("nobody", { disabledMs: 1 }, DEED)).toBe("unknown");
  });

  it("leaves one administrator who can sign in, whatever is changed", async () => {
    await store.addAccount(ACCOUNT, DEED);
    for (const change of [{ disabledMs: 9 }, { role: "viewer" }] as const)
      expect(await store.changeAccount("id-anna", change, DEED)).toBe("last-admin");
    expect(await store.changeAccount("id-anna", { password: "$other" }, DEED)).toBe("changed");
    await store.addAccount({ ...ACCOUNT, accountId: "id-bruno", name: "bruno" }, DEED);
    expect(await store.changeAccount("id-anna", { disabledMs: 9 }, DEED)).toBe("changed");
    expect(await store.changeAccount("id-bruno", { disabledMs: 9 }, DEED)).toBe("last-admin");
    expect(await store.changeAccount("id-anna", { disabledMs: null }, DEED)).toBe("changed");
    expect(await store.accountById("id-anna")).toMatchObject({ disabledMs: null, password: "$other" });
  });

  it("keeps sessions, the last seen first, and ends one, or all others", async () => {
    await store.addAccount(ACCOUNT, DEED);
    for (const sha256 of ["aa", "bb", "cc"]) await store.addSession({ ...SESSION, sha256 }, DEED);
    await store.noteSeen("bb", 7);
    expect((await store.sessionsOf("id-anna"))[0]).toEqual({ ...SESSION, sha256: "bb", seenMs: 7 });
    await store.endSession("cc", null);
    expect(await store.sessionBy("cc")).toBeNull();
    await store.endOtherSessions("id-anna", "aa", { ...DEED, kind: "sessions-ended" });
    expect((await store.sessionsOf("id-anna")).map(({ sha256 }) => sha256)).toEqual(["aa"]);
    const [last] = await store.deeds({ beforeNo: null, limit: 1 });
    expect(last).toMatchObject({ kind: "sessions-ended" });
  });

  it("keeps sessions and links over a restart", async () => {
    await store.addAccount(ACCOUNT, DEED);
    await store.addSession(SESSION, DEED);
    await store.addSession({ ...SESSION, sha256: "dd", accountId: null, officeId: "tributi" }, DEED);
    await store.addLink({ sha256: "cc", accountId: null, scopes: ["fleet"], untilMs: 9 }, null);
    const again = reopen === null ? store : await reopen();
    expect(await again.sessionBy("aa")).toEqual(SESSION);
    expect(await again.sessionBy("dd")).toEqual({
      ...SESSION,
      sha256: "dd",
      accountId: null,
      officeId: "tributi",
    });
    expect(await again.takeLink("cc")).toEqual({
      sha256: "cc",
      accountId: null,
      scopes: ["fleet"],
      untilMs: 9,
    });
    expect(await again.takeLink("cc")).toBeNull();
  });

  describe("the log of accesses", () => {
    it("has exact reads beside everything else, the latest first, page by page", async () => {
      await store.noteAccess("abcd", "monthly.csv", 3);
      for (let at = 0; at < 5; at++) await store.noteDeed({ ...DEED, atMs: at, what: `${at}` });
      const page = await store.deeds({ beforeNo: null, limit: 4 });
      expect(page.map(({ what }) => what)).toEqual(["4", "3", "2", "1"]);
      const rest = await store.deeds({ beforeNo: page.at(-1)?.no ?? null, limit: 4 });
      expect(rest).toMatchObject([
        { ...DEED, atMs: 0, what: "0" },
        { atMs: 3, kind: "exact-read", byId: "abcd", byName: "", what: "monthly.csv" },
      ]);
    });

    it("loses what is over and keeps what is not", async () => {
      for (const atMs of [0, 1]) await store.noteDeed({ ...DEED, atMs });
      await store.enforceRetention(keptDays("gateway-access") * DAY_MS + 1);
      expect(await store.deeds({ beforeNo: null, limit: 9 })).toMatchObject([{ atMs: 1 }]);
    });
  });
}
