import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { OWASP_COST, openPasswords } from "./passwords.ts";

const CHEAP = { logN: 4, r: 1, p: 1 };

describe("passwords", () => {
  it("are kept with OWASP's cost, and never as they are", async () => {
    const passwords = openPasswords(randomBytes);
    const kept = (await passwords.hash("tre gatti sul tetto")) ?? "";
    expect(kept).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
    expect(OWASP_COST).toEqual({ logN: 15, r: 8, p: 3 });
    expect(await passwords.isRight("tre gatti sul tetto", kept)).toBe(true);
    expect(await passwords.isRight("tre gatti sul tett0", kept)).toBe(false);
  });

  it("of two people are never kept the same", async () => {
    const passwords = openPasswords(randomBytes, CHEAP);
    expect(await passwords.hash("tre gatti sul tetto")).not.toBe(await passwords.hash("tre gatti sul tetto"));
  });

  it("are right with whatever cost they were kept with, and on any keyboard", async () => {
    const kept = await openPasswords(randomBytes, { logN: 5, r: 2, p: 2 }).hash("perche\u0301 no, domani?");
    expect(await openPasswords(randomBytes, CHEAP).isRight("perch\u00e9 no, domani?", kept)).toBe(true);
  });

  it("are never right where none is kept, or something else", async () => {
    const passwords = openPasswords(randomBytes, CHEAP);
    const kept = (await passwords.hash("tre gatti sul tetto")) ?? "";
    for (const other of [
      null,
      "",
      "tre gatti sul tetto",
      kept.replace("ln=4", "ln=31"),
      kept.replace("ln=4", "ln=0"),
      `${kept}x`,
    ])
      expect(await passwords.isRight("tre gatti sul tetto", other)).toBe(false);
  });

  it("take as long for a name that nobody has: the same hash is made", async () => {
    const passwords = openPasswords(randomBytes);
    const kept = await passwords.hash("tre gatti sul tetto");
    const took = async (hash: string | null) => {
      const from = process.cpuUsage();
      await passwords.isRight("something else", hash);
      return process.cpuUsage(from).user;
    };
    const [known, unknown] = [await took(kept), await took(null)];
    expect(unknown).toBeGreaterThan(known / 4);
  });

  it("wait for their turn, and beyond twenty-two at once are turned away", async () => {
    const passwords = openPasswords(randomBytes, CHEAP);
    const answers = await Promise.all(Array.from({ length: 23 }, () => passwords.isRight("x", null)));
    expect(answers).toEqual([...Array.from({ length: 22 }, () => false), null]);
    expect(await passwords.isRight("x", null)).toBe(false);
  });
});
