import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { OidcSetting } from "#schemas/gateway-settings.ts";
import { HOUR_MS } from "#schemas/time.ts";
import { KNOWN_MS, type Oidc, openOidc, SILENT_MS } from "./oidc.ts";
import { ERRAND_MS, errandCookie, errandIn } from "./oidc-errand.ts";
import { ANSWER_BYTES_MAX } from "./oidc-fetch.ts";
import { ADDRESS, startProvider, type TestProvider } from "./oidc-provider.fixture.ts";

const PEOPLE = {
  ada: { preferred_username: "ada", groups: ["everybody", "faccine-it"] },
  bea: { name: "Bea", groups: ["faccine-demografici"] },
  cyd: { name: "Cyd", groups: ["gardeners"] },
  dan: { name: "Dan" },
};

describe("signing in by OpenID Connect, with a real provider", () => {
  const closing: (() => Promise<void>)[] = [];
  const logged: string[] = [];
  let nowMs = Date.now();

  afterEach(async () => {
    nowMs = Date.now();
    logged.length = 0;
    for (const close of closing.splice(0)) await close();
  });

  const gatewayFor = (setting: OidcSetting): Oidc => {
    const log = {
      warn: (event: string, fields?: object) => logged.push(JSON.stringify({ event, ...fields })),
    };
    const oidc = openOidc({ settings: { access: { oidc: setting } }, nowMs: () => nowMs, randomBytes, log });
    if (oidc === null) throw new Error("none opened");
    return oidc;
  };
  const start = async (...options: Parameters<typeof startProvider>) => {
    const provider = await startProvider(...options);
    closing.push(provider.close);
    return { provider, oidc: gatewayFor(provider.setting) };
  };
  const begun = async (oidc: Oidc, next = "/files") => {
    const begin = await oidc.begin(next);
    if (begin === null) throw new Error("the provider is silent");
    return begin;
  };
  const queryOf = (url: string) => new URL(url).search.slice(1);
  /** As far as the provider's answer. */
  const answered = async (provider: TestProvider, oidc: Oidc, login: string) => {
    const { url, cookie } = await begun(oidc);
    return { query: queryOf(await provider.signIn(url, login)), cookie };
  };
  const errandOf = (cookie: string) => {
    const errand = errandIn(cookie, nowMs);
    if (errand === null) throw new Error("no errand");
    return errand;
  };

  it.each(["id-token", "userinfo"] as const)(
    "gives who the provider vouches for the role of their group, be it told in the %s",
    async (rolesIn) => {
      const { provider, oidc } = await start(PEOPLE, { rolesIn });
      const ada = await oidc.finish(await answered(provider, oidc, "ada"));
      expect(ada).toMatchObject({
        ok: true,
        value: { next: "/files", identity: { name: "ada", role: "admin", officeId: null } },
      });
      const bea = await oidc.finish(await answered(provider, oidc, "bea"));
      expect(bea).toMatchObject({
        ok: true,
        value: { identity: { role: "office", officeId: "demografici" } },
      });
      expect(logged).toEqual([]);
    },
  );

  it("speaks to a provider that takes the secret in the body only", async () => {
    const { provider, oidc } = await start(PEOPLE, { clientAuth: "client_secret_post" });
    expect(await oidc.finish(await answered(provider, oidc, "ada"))).toMatchObject({ ok: true });
  });

  it("asks for a code bound to this browser: state, nonce and a challenge, new each time, no secret among them", async () => {
    const { oidc } = await start(PEOPLE);
    const [one, other] = [await begun(oidc), await begun(oidc)];
    const asked = new URL(one.url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ response_type: "code", code_challenge_method: "S256", scope: "openid profile email" },
      redirect_uri: `${ADDRESS}sign-in/oidc/callback`,
    });
    for (const name of ["state", "nonce", "code_challenge"])
      expect(asked.get(name)).not.toBe(new URL(other.url).searchParams.get(name));
    expect(one.url).not.toContain(errandOf(one.cookie).verifier);
  });

  it("lets nobody in whose groups have no role here, and says which they have", async () => {
    const { provider, oidc } = await start(PEOPLE);
    expect(await oidc.finish(await answered(provider, oidc, "cyd"))).toEqual({
      ok: false,
      problem: { kind: "no-role", held: ["gardeners"] },
    });
    expect(await oidc.finish(await answered(provider, oidc, "dan"))).toEqual({
      ok: false,
      problem: { kind: "no-role", held: [] },
    });
  });

  it("takes no answer to another errand: a forged state, another browser's cookie, none", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const { query, cookie } = await answered(provider, oidc, "ada");
    const forged = new URLSearchParams(query);
    forged.set("state", "x".repeat(43));
    const doubled = `${query}&state=${"x".repeat(43)}`;
    const without = new URLSearchParams(query);
    without.delete("state");
    const again = { ok: false, problem: { kind: "begin-again" } };
    expect(await oidc.finish({ query: forged.toString(), cookie })).toEqual(again);
    expect(await oidc.finish({ query: without.toString(), cookie })).toEqual(again);
    expect(await oidc.finish({ query, cookie: (await begun(oidc)).cookie })).toEqual(again);
    expect(await oidc.finish({ query, cookie: undefined })).toEqual(again);
    expect(await oidc.finish({ query: doubled, cookie })).toMatchObject({ ok: false });
    expect(provider.asked).not.toContain("POST /token");
    // The answer itself was good all along.
    expect(await oidc.finish({ query, cookie })).toMatchObject({ ok: true });
  });

  it("takes a code once", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const answer = await answered(provider, oidc, "ada");
    expect(await oidc.finish(answer)).toMatchObject({ ok: true });
    expect(await oidc.finish(answer)).toEqual({ ok: false, problem: { kind: "begin-again" } });
  });

  it("takes no code that was given to somebody who set out elsewhere", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const theirs = new URLSearchParams((await answered(provider, oidc, "ada")).query);
    const mine = await begun(oidc);
    // The attacker's code in the victim's browser, with the victim's own state.
    theirs.set("state", errandOf(mine.cookie).state);
    expect(await oidc.finish({ query: theirs.toString(), cookie: mine.cookie })).toEqual({
      ok: false,
      problem: { kind: "begin-again" },
    });
  });

  it("believes no word that was given for another errand: a wrong nonce", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const { query, cookie } = await answered(provider, oidc, "ada");
    const other = errandCookie({ ...errandOf(cookie), nonce: "n".repeat(43) });
    expect(await oidc.finish({ query, cookie: other })).toEqual({
      ok: false,
      problem: { kind: "not-trusted" },
    });
    expect(logged.join()).toContain("nonce");
  });

  it("believes no word that is over by its own clock", async () => {
    const { provider } = await start(PEOPLE);
    nowMs += 2 * HOUR_MS;
    const late = gatewayFor(provider.setting);
    expect(await late.finish(await answered(provider, late, "ada"))).toEqual({
      ok: false,
      problem: { kind: "not-trusted" },
    });
    expect(logged.join()).toContain("exp");
  });

  it("believes no word that is signed with another key than the provider shows", async () => {
    const { provider, oidc } = await start(PEOPLE, { showsOtherKey: true });
    expect(await oidc.finish(await answered(provider, oidc, "ada"))).toEqual({
      ok: false,
      problem: { kind: "not-trusted" },
    });
    expect(logged.join()).toContain("signature");
  });

  it("trusts no provider that calls itself by another name than the settings", async () => {
    const { provider } = await start(PEOPLE);
    const oidc = gatewayFor({
      ...provider.setting,
      issuer: provider.issuer.replace("127.0.0.1", "localhost"),
    });
    expect(await oidc.begin("/")).toBeNull();
    expect(logged.join()).toContain("issuer");
  });

  it("takes a no for an answer", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const { url, cookie } = await begun(oidc);
    const query = queryOf(await provider.turnBack(url));
    expect(query).toContain("error=access_denied");
    expect(await oidc.finish({ query, cookie })).toEqual({ ok: false, problem: { kind: "refused" } });
  });

  it("waits ten minutes for somebody to come back", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const answer = await answered(provider, oidc, "ada");
    nowMs += ERRAND_MS;
    expect(await oidc.finish(answer)).toEqual({ ok: false, problem: { kind: "begin-again" } });
  });

  it("opens beside a provider that is down, says so, does not insist, and finds it when it is back", async () => {
    const { provider, oidc } = await start(PEOPLE);
    provider.setDown(true);
    expect(await oidc.isReachable()).toBe(false);
    expect(await oidc.begin("/")).toBeNull();
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("oidc-unknown");
    provider.setDown(false);
    expect(await oidc.isReachable()).toBe(false);
    nowMs += SILENT_MS;
    expect(await oidc.isReachable()).toBe(true);
    provider.setDown(true);
    nowMs += KNOWN_MS;
    expect(await oidc.isReachable()).toBe(false);
  });

  it("tells a provider that falls silent half-way from one that says something wrong", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const answer = await answered(provider, oidc, "ada");
    provider.setDown(true);
    expect(await oidc.finish(answer)).toEqual({ ok: false, problem: { kind: "silent" } });
  });

  it("asks a provider for nothing before somebody wants to sign in, and then once for many", async () => {
    const { provider, oidc } = await start(PEOPLE);
    expect(provider.asked).toEqual([]);
    await Promise.all([oidc.begin("/"), oidc.begin("/"), oidc.isReachable()]);
    expect(provider.asked).toEqual(["GET /.well-known/openid-configuration"]);
  });

  it("reads no endless answer", async () => {
    const endless = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ issuer: "x".repeat(ANSWER_BYTES_MAX) }));
    }).listen(0, "127.0.0.1");
    await once(endless, "listening");
    closing.push(async () => void endless.close());
    const { provider } = await start(PEOPLE);
    const issuer = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    expect(await gatewayFor({ ...provider.setting, issuer }).isReachable()).toBe(false);
    expect(logged.join()).toContain(String(ANSWER_BYTES_MAX));
  });

  it("does not start without the file of its secret, and names the setting", () => {
    const setting = { name: "x", clientSecretFile: "/nowhere/secret" } as OidcSetting;
    expect(() => gatewayFor(setting)).toThrow("access.oidc.clientSecretFile: ENOENT: /nowhere/secret");
  });

  it("logs neither code nor secret nor who it was", async () => {
    const { provider, oidc } = await start(PEOPLE);
    const { query, cookie } = await answered(provider, oidc, "ada");
    await oidc.finish({ query, cookie: errandCookie({ ...errandOf(cookie), nonce: "n".repeat(43) }) });
    expect(logged).toHaveLength(1);
    for (const secret of [new URLSearchParams(query).get("code") ?? "?", errandOf(cookie).verifier, "ada"])
      expect(logged.join()).not.toContain(secret);
  });
});
