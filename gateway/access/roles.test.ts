import { describe, expect, it } from "vitest";
import { ROLES } from "#schemas/access-settings.ts";
import { roleNamed, roleProblem, scopesOf } from "./roles.ts";
import { SCOPES } from "./tokens.ts";

describe("roles", () => {
  it("may do what stands here, and nothing else", () => {
    expect(Object.fromEntries(ROLES.map((role) => [role, scopesOf(role)]))).toEqual({
      viewer: ["reports"],
      office: ["reports"],
      operator: ["reports", "reports:exact", "fleet"],
      admin: ["reports", "reports:exact", "issue", "served", "fleet", "admin"],
    });
    for (const role of ROLES) for (const scope of scopesOf(role)) expect(SCOPES).toContain(scope);
  });

  it("see exact figures from operator on only (promise 10)", () => {
    const exact = ROLES.filter((role) => scopesOf(role).includes("reports:exact"));
    expect(exact).toEqual(["operator", "admin"]);
  });

  it("are known by their names alone", () => {
    for (const role of ROLES) expect(roleNamed(role)).toBe(role);
    for (const text of ["", "root", "Admin", "__proto__"]) expect(roleNamed(text)).toBeNull();
  });

  it("have an office when they are of one, one that exists, and none otherwise", () => {
    const problem = (role: (typeof ROLES)[number], officeId: string | null) =>
      roleProblem({ role, officeId }, (id) => id === "tributi");
    expect(problem("office", "tributi")).toBeNull();
    expect(problem("office", null)).toBe("office-needed");
    expect(problem("office", "nowhere")).toBe("office-unknown");
    for (const role of ["viewer", "operator", "admin"] as const) {
      expect(problem(role, null)).toBeNull();
      expect(problem(role, "tributi")).toBe("office-not-for-role");
    }
  });
});
