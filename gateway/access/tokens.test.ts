import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "#schemas/time.ts";
import { isTokenGood, makeToken, parseToken, secretHash } from "./tokens.ts";

const NOW_MS = Date.UTC(2026, 6, 6);
const make = (days = 365) =>
  makeToken({ name: "monthly report", scopes: ["reports"], days, nowMs: NOW_MS, randomBytes });

describe("access tokens", () => {
  it("are shown once and kept as a hash", () => {
    const { text, record } = make();
    const parsed = parseToken(text);
    expect(parsed?.tokenId).toBe(record.tokenId);
    expect(JSON.stringify(record)).not.toContain(parsed?.secret);
    expect(record.sha256).toBe(secretHash(parsed?.secret ?? ""));
    expect(record).toMatchObject({
      name: "monthly report",
      scopes: ["reports"],
      createdMs: NOW_MS,
      revokedMs: null,
      officeId: null,
    });
  });

  it("are never the same twice", () => {
    expect(new Set(Array.from({ length: 100 }, () => make().text)).size).toBe(100);
  });

  it("are good until the last moment of their term", () => {
    const { text, record } = make(30);
    const secret = parseToken(text)?.secret ?? "";
    expect(isTokenGood(record, secret, NOW_MS)).toBe(true);
    expect(isTokenGood(record, secret, NOW_MS + 30 * DAY_MS - 1)).toBe(true);
    expect(isTokenGood(record, secret, NOW_MS + 30 * DAY_MS)).toBe(false);
  });

  it("are good no more once revoked, nor with another's secret", () => {
    const { text, record } = make();
    const secret = parseToken(text)?.secret ?? "";
    expect(isTokenGood({ ...record, revokedMs: NOW_MS }, secret, NOW_MS)).toBe(false);
    expect(isTokenGood(record, parseToken(make().text)?.secret ?? "", NOW_MS)).toBe(false);
    expect(isTokenGood(record, "", NOW_MS)).toBe(false);
  });

  it("are not good with any change of a single character", () => {
    const { text, record } = make();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        const parsed = parseToken(changed);
        if (changed === text || parsed === null || parsed.tokenId !== record.tokenId) return;
        expect(isTokenGood(record, parsed.secret, NOW_MS)).toBe(false);
      }),
    );
  });

  it("are read from any text without throwing, and from their own form only", () => {
    const form = /^faccine_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/;
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(form)), (text) => {
        const parsed = parseToken(text);
        expect(parsed !== null).toBe(form.test(text));
        if (parsed !== null) expect(`faccine_${parsed.tokenId}_${parsed.secret}`).toBe(text);
      }),
    );
    expect(parseToken(`${make().text}\n`)).toBeNull();
  });
});
