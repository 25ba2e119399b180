/**
 * The settings of who else may vouch for people: an OpenID Connect provider that the administration runs or uses. The
 * gateway's own accounts stand beside it and need no setting.
 */
import { id, list, nullable, oneOf, optional, pattern, record, text } from "./shape.ts";

/** What a person is at the gateway, the least allowed first. What each may do is decided by the gateway. */
export const ROLES = ["viewer", "office", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

const PATH_MAX = 4_096;
/** Providers name clients, claims and groups by addresses and paths at the longest. */
const NAME_MAX = 200;
/** Rows of the table of roles: one for each office, and some more. */
const ROLE_ROWS_MAX = 2_100;

/** What is said to a provider is a secret: it is encrypted, or does not leave the machine. */
const secureUrl = (end: string, expected: string) =>
  pattern(
    `^(https://|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:|/))[!-~]{0,2000}${end}$`,
    2_030,
    expected,
  );

/** Who vouches for people, and what their roles there mean here. */
export const oidcSettings = () =>
  record({
    // What people call it: it stands on the sign-in page.
    name: text(NAME_MAX),
    // As its own discovery document says it, to the last slash.
    issuer: secureUrl("", "an https address"),
    // Where browsers reach this gateway. `<address>sign-in/oidc/callback` is registered at the provider.
    address: secureUrl("/", "the https address of this gateway, ending in /"),
    clientId: text(NAME_MAX),
    clientSecretFile: text(PATH_MAX),
    // What is asked for; left out: `openid profile email`.
    scope: optional(pattern("^openid( [!-~]+)*$", NAME_MAX, "scopes, `openid` first")),
    // The claim that holds a person's roles or groups, a text or a list; `realm_access.roles` is looked for inside `realm_access`.
    roleClaim: text(NAME_MAX),
    // Read from the top: the first row whose value the person has decides. Who has none does not come in.
    roles: list(
      record({ value: text(NAME_MAX), role: oneOf(ROLES), officeId: optional(id()) }),
      ROLE_ROWS_MAX,
      1,
    ),
  });

/** Null: only the gateway's own accounts. */
export const accessSettings = () => record({ oidc: nullable(oidcSettings()) });
