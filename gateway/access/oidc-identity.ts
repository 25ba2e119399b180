/**
 * What a provider's word about a person means here: an identity with one role, or none. Pure. Believes nothing that the
 * settings do not name, and takes no more of a person than a name to show and an id that is nobody's at another provider.
 */
import { createHash } from "node:crypto";
import type { Role } from "#schemas/access-settings.ts";
import type { OidcSetting } from "#schemas/gateway-settings.ts";
import { fail, ok, type Result } from "#schemas/result.ts";

/** A person for whom the provider vouches. */
export type Identity = {
  /** `oidc-` and a hash of issuer and subject: no account of ours is called that. */
  readonly identityId: string;
  readonly name: string;
  readonly role: Role;
  /** The only office it sees; null but for role `office`. */
  readonly officeId: string | null;
};

/** What kept somebody from coming in. */
export type OidcProblem =
  /** The provider does not answer. */
  | { readonly kind: "silent" }
  /** Not begun in this browser, too long ago, or used already. */
  | { readonly kind: "begin-again" }
  /** The provider, or the person there, said no. */
  | { readonly kind: "refused" }
  /** The provider's answer does not stand the checks, or it does not know this gateway; the log says which. */
  | { readonly kind: "not-trusted" }
  /** Who they are is proven, but no role here is for any of what they are there. */
  | { readonly kind: "no-role"; readonly held: readonly string[] };

/** What a provider says about somebody, already checked to be its word. */
export type Claims = { readonly [claim: string]: unknown };

/** As long as the names of our own accounts. */
const NAME_MAX = 60;
/** Of what somebody is at the provider, this many words are shown to that person when none has a role here. */
const SHOWN_MAX = 20;
const SHOWN_LENGTH_MAX = 100;
/** 96 bits: enough that two people never share one. */
const ID_HEX = 24;

/** The identity, or what the provider says the person is, none of which has a role here. */
export function identityOf(
  claims: Claims,
  { issuer, roleClaim, roles }: Pick<OidcSetting, "issuer" | "roleClaim" | "roles">,
): Result<Identity, readonly string[]> {
  const held = wordsOf(claimAt(claims, roleClaim));
  const row = roles.find(({ value }) => held.includes(value));
  if (row === undefined) return fail(held.slice(0, SHOWN_MAX).map((word) => word.slice(0, SHOWN_LENGTH_MAX)));
  const { role, officeId = null } = row;
  // One row that was left without its office must not open all of them.
  if ((role === "office") !== (officeId !== null)) return fail([]);
  return ok({
    identityId: identityIdOf(issuer, String(claims["sub"])),
    name: nameOf(claims),
    role,
    officeId,
  });
}

/** True when what a provider said names the person's roles, be it that there are none. */
export function namesRoles(claims: Claims, roleClaim: string): boolean {
  return claimAt(claims, roleClaim) !== undefined;
}

function identityIdOf(issuer: string, subject: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([issuer, subject]))
    .digest("hex");
  return `oidc-${hash.slice(0, ID_HEX)}`;
}

/** A claim by its name; by the way to it only where none has that name, as names may hold dots. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Claims)[part];
  }
  return at;
}

function wordsOf(value: unknown): readonly string[] {
  const words = Array.isArray(value) ? value : [value];
  return words.filter((word) => typeof word === "string");
}

/** What somebody is called in lists and logs: the first of the usual claims that holds any text, on one line. */
function nameOf(claims: Claims): string {
  const names = [claims["preferred_username"], claims["email"], claims["name"], claims["sub"]];
  const texts = names.map((name) => (typeof name === "string" ? plain(name) : ""));
  return texts.find((text) => text !== "") ?? "?";
}

function plain(text: string): string {
  // Control, format and lone halves of characters: what could turn a line of a log around.
  return [...text.replace(/[\p{C}\s]+/gu, " ").trim()].slice(0, NAME_MAX).join("");
}
