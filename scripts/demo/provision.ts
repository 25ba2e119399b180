/**
 * Makes what a demo needs before its first start: tokens, the totems' secrets, their registration. Touches nothing that
 * is there already, so that a second start goes on where the first one ended.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureJournalKey, identityFiles } from "#firmware/identity.ts";
import { isTokenGood, makeToken, parseToken, type Scope, TOKEN_DAYS } from "#gateway/access/tokens.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { writeSecret } from "#schemas/secret-file.ts";
import { type DemoPlan, issuerTokenFile, type TotemPlan } from "./plan.ts";

type TokenPlan = { readonly scopes: readonly Scope[]; readonly officeId: string | null };

/** The demo's tokens by name; `desk` is what the registry's desk signs in with. */
const TOKENS: Readonly<Record<string, TokenPlan>> = {
  reports: { scopes: ["reports", "reports:exact", "fleet"], officeId: null },
  issue: { scopes: ["issue"], officeId: null },
  served: { scopes: ["served"], officeId: null },
  desk: { scopes: ["issue"], officeId: "demografici" },
};

/** 256 bits, as for every secret. */
const SECRET_BYTES = 32;

/** Provisions gateway and totems; returns the tokens by name. @param enrolledMs since when the totems are said to be there. */
export async function provisionDemo(
  plan: DemoPlan,
  nowMs: number,
  enrolledMs = nowMs,
): Promise<Readonly<Record<string, string>>> {
  mkdirSync(plan.gatewayDir, { recursive: true, mode: 0o700 });
  const store = openSqliteStore(join(plan.gatewayDir, "gateway.db"), nowMs);
  try {
    const credentials = await ensureTokens(store, plan, nowMs);
    for (const totem of plan.totems) {
      await provisionTotem(store, totem, { siteId: plan.siteId, enrolledMs });
      writeSecret(issuerTokenFile(totem), `${credentials["issue"]}\n`);
    }
    return credentials;
  } finally {
    await store.close();
  }
}

async function ensureTokens(store: Store, plan: DemoPlan, nowMs: number): Promise<Record<string, string>> {
  const file = join(plan.dataDir, "credentials.json");
  const before: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const credentials: Record<string, string> = {};
  for (const [name, token] of Object.entries(TOKENS)) {
    credentials[name] =
      (await goodToken(store, before[name], nowMs)) ?? (await newToken(store, name, token, nowMs));
  }
  writeSecret(file, `${JSON.stringify(credentials, null, 2)}\n`);
  return credentials;
}

async function goodToken(store: Store, text: string | undefined, nowMs: number): Promise<string | null> {
  const parsed = text === undefined ? null : parseToken(text);
  if (text === undefined || parsed === null) return null;
  const record = await store.tokenById(parsed.tokenId);
  return record !== null && isTokenGood(record, parsed.secret, nowMs) ? text : null;
}

async function newToken(store: Store, name: string, token: TokenPlan, nowMs: number): Promise<string> {
  const { text, record } = makeToken({ name, ...token, days: TOKEN_DAYS, nowMs, randomBytes });
  await store.addToken(record);
  return text;
}

async function provisionTotem(
  store: Store,
  totem: TotemPlan,
  site: { readonly siteId: string; readonly enrolledMs: number },
): Promise<void> {
  const files = identityFiles(totem.dataDir);
  if (!existsSync(files.mqttPassword)) {
    writeSecret(files.mqttPassword, `${randomBytes(SECRET_BYTES).toString("hex")}\n`);
  }
  const password = readFileSync(files.mqttPassword, "utf8").trim();
  await store.registerTotem({
    totemId: totem.totemId,
    siteId: site.siteId,
    serves: null,
    publicKey: ensureJournalKey(totem.dataDir).publicKeyHex,
    passwordSha256: createHash("sha256").update(password).digest("hex"),
    enrolledMs: site.enrolledMs,
  });
}
