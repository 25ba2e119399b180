import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeSecret } from "#schemas/secret-file.ts";
import { countStart, ensureJournalKey, identityFiles, readIdentity } from "./identity.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-identity-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function provision(): void {
  const files = identityFiles(folder);
  writeSecret(files.mqttPassword, "secret words\n");
}

describe("a totem's secrets", () => {
  it("are read as they were provisioned, and the journal key is made at the first start", () => {
    provision();
    const identity = readIdentity(folder);
    expect(identity.mqttPassword).toBe("secret words");
    expect(readIdentity(folder).journalKey.publicKeyHex).toBe(identity.journalKey.publicKeyHex);
  });

  it("are files of their owner alone", () => {
    provision();
    readIdentity(folder);
    countStart(folder);
    expect(readdirSync(folder)).toHaveLength(3);
    for (const file of readdirSync(folder)) expect(modeOf(join(folder, file))).toBe("600");
  });

  it("lie in a folder of their owner alone, made when it is missing", () => {
    const made = join(folder, "data", "totem-1");
    countStart(made);
    expect(modeOf(made)).toBe("700");
  });
});

describe("a totem that was not provisioned", () => {
  it("says which file is missing and what to do", () => {
    const { mqttPassword } = identityFiles(folder);
    expect(() => readIdentity(folder)).toThrow(mqttPassword);
    expect(() => readIdentity(folder)).toThrow(/Provision it at its gateway, or set FACCINE_DATA_DIR/);
  });

  it("does not start with an empty password", () => {
    writeSecret(identityFiles(folder).mqttPassword, "\n");
    expect(() => readIdentity(folder)).toThrow(/missing or empty/);
  });

  it("leaves the folder as it found it", () => {
    expect(() => readIdentity(folder)).toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not replace a damaged journal key by itself", () => {
    ensureJournalKey(folder);
    writeSecret(identityFiles(folder).journalKey, "-----BEGIN PRIVATE KEY-----\n");
    expect(() => ensureJournalKey(folder)).toThrow(/journal\.key does not hold a signing key/);
  });
});

describe("the count of starts", () => {
  it("rises by one with each start and survives them", () => {
    expect([countStart(folder), countStart(folder), countStart(folder)]).toEqual([1, 2, 3]);
  });

  it("begins anew when its file says nothing", () => {
    writeSecret(identityFiles(folder).startCount, "no number\n");
    expect(countStart(folder)).toBe(1);
  });
});
