/**
 * What each role of a person may do. The only place where a role becomes scopes. Pure.
 */
import { ROLES, type Role } from "#schemas/access-settings.ts";
import { SCOPES, type Scope } from "./tokens.ts";

/**
 * Below operator everything that is read has small groups hidden (promise 10). On the API a session is good for reading only, so that an
 * administrator issues no ticket either: programs do, with a token of their own.
 */
const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ["reports"],
  office: ["reports"],
  operator: ["reports", "reports:exact", "fleet"],
  admin: SCOPES,
};

/** The scopes of a role. */
export function scopesOf(role: Role): readonly Scope[] {
  return SCOPES_OF[role];
}

/** A role by its name, or null. */
export function roleNamed(text: string): Role | null {
  return ROLES.find((role) => role === text) ?? null;
}

/** What is wrong with a role and its office together, or null. The office of role `office` is the only one it sees; others see all. */
export function roleProblem(
  { role, officeId }: { readonly role: Role; readonly officeId: string | null },
  isOffice: (officeId: string) => boolean,
): "office-needed" | "office-unknown" | "office-not-for-role" | null {
  if (role !== "office") return officeId === null ? null : "office-not-for-role";
  if (officeId === null) return "office-needed";
  return isOffice(officeId) ? null : "office-unknown";
}
