/**
 * Signing in by OpenID Connect: the authorization code flow with PKCE, state and nonce, by openid-client. It asks the
 * provider for nothing before somebody wants to sign in, so that the gateway starts and runs without it, and keeps
 * nothing of a person: it hands over an identity, or says what kept it from one.
 */
import { readFileSync } from "node:fs";
import type { ClientAuth, Configuration } from "openid-client";
import type { GatewaySettings, OidcSetting } from "#schemas/gateway-settings.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import type { Log } from "../log.ts";
import { type Errand, errandCookie, errandIn } from "./oidc-errand.ts";
import { boundedFetch, ProviderSilent } from "./oidc-fetch.ts";
import { type Claims, type Identity, identityOf, namesRoles, type OidcProblem } from "./oidc-identity.ts";

/** Where the provider sends browsers back to, under the gateway's address. */
export const CALLBACK_PATH = "sign-in/oidc/callback";
/** A provider that takes longer is down for who is waiting before a page. */
const TIMEOUT_S = 5;
/** A provider that did not answer is not asked again for so long, so that others need not wait for the same. */
export const SILENT_MS = 15_000;
/** So long the sign-in page may lead to a provider that has gone down meanwhile; asking is one small request. */
export const KNOWN_MS = 60_000;
/** 256 bits, as RFC 7636 asks of the verifier. */
const SECRET_BYTES = 32;
const SCOPE = "openid profile email";
/** Longest text of a provider's error in the log. */
const LOGGED_MAX = 200;

export type Oidc = {
  /** What people call the provider. */
  readonly name: string;
  /** False when it did not answer just now. */
  readonly isReachable: () => Promise<boolean>;
  /** Where to send a browser, and what it has to carry meanwhile; null when the provider does not answer. */
  readonly begin: (next: string) => Promise<{ readonly url: string; readonly cookie: string } | null>;
  /** Judges what the provider sent a browser back with. */
  readonly finish: (answer: {
    readonly query: string;
    readonly cookie: string | undefined;
  }) => Promise<Result<{ readonly identity: Identity; readonly next: string }, OidcProblem>>;
};

type OidcParts = {
  readonly settings: Pick<GatewaySettings, "access">;
  readonly nowMs: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: Pick<Log, "warn">;
};

type Library = typeof import("openid-client");
type Provider = { readonly library: Library; readonly config: Configuration };

/** Null without a provider in the settings. @throws with the setting's name for a file of its secret that is not there. */
export function openOidc(parts: OidcParts): Oidc | null {
  const setting = parts.settings.access.oidc;
  if (setting === null) return null;
  const { nowMs, randomBytes } = parts;
  const provider = openProvider(parts, setting, secretIn(setting.clientSecretFile));
  const secret = () => randomBytes(SECRET_BYTES).toString("base64url");
  const callback = `${setting.address}${CALLBACK_PATH}`;
  return {
    name: setting.name,
    isReachable: async () => (await provider()) !== null,
    begin: async (next) => {
      const found = await provider();
      if (found === null) return null;
      const errand: Errand = {
        ...{ state: secret(), nonce: secret(), verifier: secret() },
        ...{ next, begunMs: nowMs() },
      };
      const url = found.library.buildAuthorizationUrl(found.config, {
        ...{
          redirect_uri: callback,
          scope: setting.scope ?? SCOPE,
          state: errand.state,
          nonce: errand.nonce,
        },
        code_challenge: await found.library.calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, cookie: errandCookie(errand) };
    },
    finish: async ({ query, cookie }) => {
      const errand = errandIn(cookie, nowMs());
      // An answer to somebody else's errand is none to this one.
      if (errand === null || new URLSearchParams(query).get("state") !== errand.state)
        return fail({ kind: "begin-again" });
      const found = await provider();
      if (found === null) return fail({ kind: "silent" });
      const claims = await claimsFrom(found, new URL(`${callback}?${query}`), errand, setting).catch(
        (error: Error) => fail(problemOf(found.library, error, parts.log)),
      );
      if (!claims.ok) return claims;
      const identity = identityOf(claims.value, setting);
      if (!identity.ok) return fail({ kind: "no-role", held: identity.problem });
      return ok({ identity: identity.value, next: errand.next });
    },
  };
}

/** What the provider says about who brings the answer, once it is proven to be its word and meant for this errand. */
async function claimsFrom(
  { library, config }: Provider,
  answer: URL,
  { state, nonce, verifier }: Errand,
  { roleClaim }: OidcSetting,
): Promise<Result<Claims, never>> {
  const tokens = await library.authorizationCodeGrant(config, answer, {
    ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
  });
  const claims = tokens.claims() as Claims & { readonly sub: string };
  if (namesRoles(claims, roleClaim) || config.serverMetadata().userinfo_endpoint === undefined)
    return ok(claims);
  // Many providers tell of roles only here.
  const more = await library.fetchUserInfo(config, tokens.access_token, claims.sub);
  return ok({ ...more, ...claims });
}

/** Knows the provider: asks it once, remembers what it said, and does not insist when it is silent. */
function openProvider(
  { nowMs, log }: OidcParts,
  setting: OidcSetting,
  secret: string,
): () => Promise<Provider | null> {
  let known: { readonly provider: Provider | null; readonly untilMs: number } | null = null;
  let asking: Promise<Provider | null> | null = null;
  const ask = async () => {
    const provider = await discover(setting, secret, nowMs() - Date.now()).catch((error: Error) => {
      log.warn("oidc-unknown", { ...told(error), issuer: setting.issuer });
      return null;
    });
    known = { provider, untilMs: nowMs() + (provider === null ? SILENT_MS : KNOWN_MS) };
    asking = null;
    return provider;
  };
  return async () => {
    if (known !== null && nowMs() < known.untilMs) return known.provider;
    asking ??= ask();
    return asking;
  };
}

async function discover(setting: OidcSetting, secret: string, aheadMs: number): Promise<Provider> {
  // Loaded with the first sign-in of this kind: most gateways have none.
  const library = await import("openid-client");
  const metadata = { client_secret: secret, [library.clockSkew]: Math.round(aheadMs / 1_000) };
  const auth: ClientAuth = (server, ...rest) => {
    // What a client without other agreement uses (RFC 7591, section 2), unless the provider cannot.
    const ways = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const by = ways.includes("client_secret_basic") ? library.ClientSecretBasic : library.ClientSecretPost;
    return by(secret)(server, ...rest);
  };
  const config = await library.discovery(new URL(setting.issuer), setting.clientId, metadata, auth, {
    timeout: TIMEOUT_S,
    [library.customFetch]: boundedFetch,
    // The settings allow it on this machine only.
    execute: setting.issuer.startsWith("http:") ? [library.allowInsecureRequests] : [],
  });
  // The word about a person is believed for its signature, not for the line it came by.
  library.enableNonRepudiationChecks(config);
  return { library, config };
}

/** Which problem an error of the library is; what it says goes to the log, without what the provider sent. */
function problemOf(library: Library, error: Error, log: OidcParts["log"]): OidcProblem {
  if (error instanceof library.AuthorizationResponseError && error.error === "access_denied")
    return { kind: "refused" };
  // The code was used already, is too old, or was not given to who set out.
  if (error instanceof library.ResponseBodyError && error.error === "invalid_grant")
    return { kind: "begin-again" };
  log.warn("oidc-failed", told(error));
  return { kind: isSilence(error) ? "silent" : "not-trusted" };
}

function isSilence(error: Error): boolean {
  return error instanceof ProviderSilent || error.cause instanceof ProviderSilent;
}

function told(error: Error): { readonly message: string; readonly code: string; readonly cause: string } {
  const { code = "", error: said = "" } = error as { readonly code?: string; readonly error?: string };
  const cause = error.cause instanceof Error ? error.cause.message : "";
  const short = (text: unknown) => String(text).slice(0, LOGGED_MAX);
  return { message: short(error.message), code: short(said || code), cause: short(cause) };
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Error(
      `access.oidc.clientSecretFile: ${(error as NodeJS.ErrnoException).code ?? "unreadable"}: ${file}`,
    );
  }
}
