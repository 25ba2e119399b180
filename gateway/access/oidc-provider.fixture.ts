/**
 * A real OpenID Connect provider for tests, on this machine, and a browser of sorts that signs in there: it follows
 * redirects, keeps cookies and fills in the provider's own forms.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Configuration } from "oidc-provider";
import { vi } from "vitest";
import type { OidcSetting } from "#schemas/gateway-settings.ts";
import { CALLBACK_PATH } from "./oidc.ts";

/** Where the gateway of the tests is said to be. */
export const ADDRESS = "https://gateway.example/";
const CLIENT_ID = "faccine";
/** More steps than any sign-in has. */
const STEPS_MAX = 12;

export type TestProvider = {
  readonly issuer: string;
  /** Settings of a gateway that trusts it. */
  readonly setting: OidcSetting;
  /** What it was asked, as `GET /auth`. */
  readonly asked: readonly string[];
  /** Whether it answers, or hangs up. */
  readonly setDown: (down: boolean) => void;
  /** Signs somebody in from where the gateway sent them: the address they are sent back to. */
  readonly signIn: (url: string, login: string) => Promise<string>;
  /** The same for who presses "cancel". */
  readonly turnBack: (url: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** What the provider says of each login. */
type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Starts one. @param options.rolesIn where it tells of roles: with its signed word, or only when asked again. */
export async function startProvider(
  people: People,
  options: {
    readonly rolesIn?: "id-token" | "userinfo";
    readonly address?: string;
    readonly clientAuth?: "client_secret_basic" | "client_secret_post";
    /** The key it shows is not the one it signs with. */
    readonly showsOtherKey?: boolean;
  } = {},
): Promise<TestProvider> {
  const { rolesIn = "id-token", address = ADDRESS, clientAuth = "client_secret_basic" } = options;
  const http = createServer();
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const secret = randomBytes(24).toString("hex");
  const folder = mkdtempSync(join(tmpdir(), "faccine-oidc-"));
  const clientSecretFile = join(folder, "client-secret");
  writeFileSync(clientSecretFile, `${secret}\n`, { mode: 0o600 });
  const asked: string[] = [];
  const answer = await providerAt(issuer, {
    clients: [
      {
        ...{ client_id: CLIENT_ID, client_secret: secret, redirect_uris: [`${address}${CALLBACK_PATH}`] },
        token_endpoint_auth_method: clientAuth,
      },
    ],
    clientAuthMethods: [clientAuth],
    claims: { openid: ["sub", "groups"], profile: ["preferred_username", "name"] },
    conformIdTokenClaims: rolesIn === "userinfo",
    findAccount: (_, login) => ({ accountId: login, claims: () => ({ sub: login, ...people[login] }) }),
  });
  let isDown = false;
  http.on("request", (request, response) => {
    if (isDown) return void request.socket.destroy();
    const path = request.url?.split("?")[0];
    asked.push(`${request.method} ${path}`);
    if (path === "/jwks" && options.showsOtherKey === true) {
      response.setHeader("content-type", "application/json");
      return void response.end(JSON.stringify({ keys: [publicHalf(signingJwk())] }));
    }
    answer(request, response);
  });
  return {
    ...{ issuer, asked },
    setDown: (down) => {
      isDown = down;
    },
    setting: {
      ...{ name: "Comune", issuer, address, clientId: CLIENT_ID, clientSecretFile, roleClaim: "groups" },
      roles: [
        { value: "faccine-it", role: "admin" },
        { value: "faccine-demografici", role: "office", officeId: "demografici" },
      ],
    },
    signIn: (url, login) => walk(url, address, () => ({ prompt: "login", login, password: "any" })),
    turnBack: (url) => walk(url, address, () => null),
    close: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
      rmSync(folder, { recursive: true });
    },
  };
}

/** It says on the console that its ready-made forms are for tests: they are. */
async function providerAt(issuer: string, configuration: Configuration): Promise<RequestListener> {
  for (const spy of [vi.spyOn(console, "warn"), vi.spyOn(console, "info")])
    spy.mockImplementation(() => undefined);
  const { default: Provider } = await import("oidc-provider");
  const provider = new Provider(issuer, {
    ...configuration,
    jwks: { keys: [signingJwk()] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
  });
  return provider.callback();
}

function signingJwk() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "one" };
}

function publicHalf({ kty, n, e, use, alg, kid }: ReturnType<typeof signingJwk>) {
  return { kty, n, e, use, alg, kid };
}

/** From page to page until the gateway's own address: `login` gives what is typed, or null to turn back. */
async function walk(
  url: string,
  address: string,
  login: () => Record<string, string> | null,
): Promise<string> {
  const jar = new Map<string, string>();
  let at = url;
  let form: Record<string, string> | null = null;
  for (let step = 0; step < STEPS_MAX; step++) {
    const response: Response = await fetch(at, {
      ...{ redirect: "manual", method: form === null ? "GET" : "POST" },
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form === null ? {} : { body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const cut = pair.indexOf("=");
      if (pair.slice(cut + 1) === "") jar.delete(pair.slice(0, cut));
      else jar.set(pair.slice(0, cut), pair.slice(cut + 1));
    }
    const page = await response.text();
    const location = response.headers.get("location");
    form = null;
    if (location !== null) {
      at = new URL(location, at).href;
      if (at.startsWith(address)) return at;
    } else if (page.includes('value="login"')) {
      form = login();
      if (form === null) at = `${at}/abort`;
    } else if (page.includes('value="consent"')) form = { prompt: "consent" };
    else throw new Error(`the provider answered ${response.status} at ${at}: ${page.slice(0, 500)}`);
  }
  throw new Error(`no end of redirects, at ${at}`);
}
