import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errandCookie, errandIn } from "./oidc-errand.ts";
import { type Claims, identityOf } from "./oidc-identity.ts";

const SETTING = {
  issuer: "https://login.example",
  roleClaim: "groups",
  roles: [
    { value: "it", role: "operator" as const },
    { value: "desk", role: "office" as const, officeId: "demografici" },
    { value: "all", role: "viewer" as const },
  ],
};
const identity = (claims: Claims, setting: Partial<typeof SETTING> = {}) =>
  identityOf({ sub: "1", ...claims }, { ...SETTING, ...setting });

describe("what a provider's word about a person means here", () => {
  it("is the first row of the settings that fits, whatever the order of the groups", () => {
    expect(identity({ groups: ["all", "it"] })).toMatchObject({ ok: true, value: { role: "operator" } });
    expect(identity({ groups: "all" })).toMatchObject({
      ok: true,
      value: { role: "viewer", officeId: null },
    });
    expect(identity({ groups: ["desk"] })).toMatchObject({ ok: true, value: { officeId: "demografici" } });
  });

  it("is found inside another claim, unless a claim has that very name", () => {
    const inside = { realm_access: { roles: ["it"] } };
    expect(identity(inside, { roleClaim: "realm_access.roles" })).toMatchObject({ ok: true });
    const both = { ...inside, "realm_access.roles": ["all"] };
    expect(identity(both, { roleClaim: "realm_access.roles" })).toMatchObject({ value: { role: "viewer" } });
    expect(identity({ "https://x.example/roles": ["it"] }, { roleClaim: "https://x.example/roles" }).ok).toBe(
      true,
    );
  });

  it("is nothing without a group that the settings name, to the letter", () => {
    for (const groups of [undefined, null, [], {}, 7, "IT", " it", ["it "], [["it"]], { it: true }])
      expect(identity({ groups })).toMatchObject({ ok: false });
    expect(identity({ groups: ["constructor", "__proto__"] }, { roleClaim: "constructor.name" }).ok).toBe(
      false,
    );
  });

  it("is nothing for a row that was left without its office", () => {
    expect(
      identity({ groups: ["it"] }, { roles: [{ value: "it", role: "office" as const }] } as object).ok,
    ).toBe(false);
  });

  it("tells people of the same name apart, by subject and by issuer", () => {
    const idOf = (claims: Claims, issuer = SETTING.issuer) => {
      const found = identity({ groups: ["it"], name: "Ada", ...claims }, { issuer });
      return found.ok ? found.value.identityId : null;
    };
    expect(idOf({ sub: "1" })).toMatch(/^oidc-[0-9a-f]{24}$/);
    expect(
      new Set([idOf({ sub: "1" }), idOf({ sub: "2" }), idOf({ sub: "1" }, "https://other.example")]).size,
    ).toBe(3);
  });

  it("never holds a name that could break a line of a log, or is longer than one of ours", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (name) => {
        const found = identity({ groups: ["it"], preferred_username: name });
        if (!found.ok) throw new Error("has a role");
        expect(found.value.name).not.toMatch(/[\p{C}\n]/u);
        expect(found.value.name.length).toBeGreaterThan(0);
        expect([...found.value.name].length).toBeLessThanOrEqual(60);
      }),
    );
  });

  it("shows who has no role a bounded part of what they are", () => {
    const shown = identity({ groups: Array.from({ length: 500 }, () => "g".repeat(5_000)) });
    if (shown.ok) throw new Error("has no role");
    expect(shown.problem).toHaveLength(20);
    expect(shown.problem[0]).toHaveLength(100);
  });
});

describe("an errand in a cookie", () => {
  const ERRAND = {
    ...{ state: "s".repeat(43), nonce: "n".repeat(43), verifier: "v".repeat(43) },
    ...{ next: "/files?month=2026-10", begunMs: 1_000 },
  };

  it("comes back as it went", () => {
    expect(errandIn(errandCookie(ERRAND), 1_000)).toEqual(ERRAND);
  });

  it("is none when it is from the future, too old, too long or anything else", () => {
    expect(errandIn(errandCookie(ERRAND), 999)).toBeNull();
    expect(errandIn(errandCookie(ERRAND), 601_000)).toBeNull();
    expect(errandIn(errandCookie({ ...ERRAND, next: `/${"x".repeat(1_000)}` }), 1_000)).toBeNull();
    fc.assert(
      fc.property(fc.string({ maxLength: 5_000 }), (text) => {
        expect(errandIn(text, 1_000)).toBeNull();
        expect(errandIn(Buffer.from(text).toString("base64url"), 1_000)).toBeNull();
      }),
    );
  });
});
