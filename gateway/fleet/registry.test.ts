import { describe, expect, it } from "vitest";
import { makeSigningKey } from "#schemas/signature.ts";
import type { TotemRecord } from "../store/store.ts";
import { openRegistry } from "./registry.ts";

function totem(totemId: string): TotemRecord {
  return {
    totemId,
    siteId: "municipio",
    serves: null,
    publicKey: makeSigningKey().publicKeyHex,
    passwordSha256: "0".repeat(64),
    enrolledMs: 0,
  };
}

async function openWith(totems: TotemRecord[]) {
  const seen = { loads: 0, news: 0, nowMs: 0, failures: [] as string[], isBroken: false };
  const registry = await openRegistry({
    store: {
      totems: async () => {
        seen.loads += 1;
        if (seen.isBroken) throw new Error("the disk is gone");
        return [...totems];
      },
    },
    nowMs: () => seen.nowMs,
    onNew: () => {
      seen.news += 1;
    },
    onFailed: ({ message }) => void seen.failures.push(message),
  });
  return { registry, seen };
}

/** Lets a started reload finish. */
const settle = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe("the registry", () => {
  it("finds registered totems without asking the database again", async () => {
    const { registry, seen } = await openWith([totem("totem-1")]);
    expect(registry.find("totem-1")?.siteId).toBe("municipio");
    expect(registry.journalKey("totem-1")).not.toBeNull();
    expect(seen.loads).toBe(1);
  });

  it.each([
    ["beside others", [totem("totem-1")]],
    ["as the very first", []],
  ])(
    "finds a totem that another process registered %s at its second attempt, and says that it is new",
    async (_, totems) => {
      const { registry, seen } = await openWith(totems);
      expect(seen.news).toBe(0);
      totems.push(totem("totem-2"));
      seen.nowMs = 1_000;
      expect(registry.find("totem-2")).toBeNull();
      registry.lookAgain();
      await settle();
      expect(registry.find("totem-2")).not.toBeNull();
      expect(seen.news).toBe(1);
    },
  );

  it("finds a new totem by its first batch where an outside broker lets it in", async () => {
    const totems: TotemRecord[] = [];
    const { registry, seen } = await openWith(totems);
    totems.push(totem("totem-1"));
    seen.nowMs = 1_000;
    expect(registry.journalKey("totem-1")).toBeNull();
    await settle();
    expect(registry.journalKey("totem-1")).not.toBeNull();
  });

  it("believes a totem that was registered anew its new password and key, and says so once", async () => {
    const before = totem("totem-1");
    const totems = [before];
    const { registry, seen } = await openWith(totems);
    const after = { ...totem("totem-1"), passwordSha256: "1".repeat(64) };
    totems.splice(0, 1, after);
    for (const nowMs of [1_000, 2_000]) {
      seen.nowMs = nowMs;
      registry.lookAgain();
      await settle();
    }
    expect(registry.find("totem-1")).toEqual(after);
    expect(seen.news).toBe(1);
  });

  it("lets strangers who keep knocking cause one look a second", async () => {
    const { registry, seen } = await openWith([totem("totem-1")]);
    for (seen.nowMs = 0; seen.nowMs < 3_000; seen.nowMs += 10) {
      registry.lookAgain();
      registry.journalKey("stranger");
      await settle();
    }
    expect(seen.loads).toBe(1 + 2);
  });

  it("keeps what it knew when the store cannot be read, and tells why", async () => {
    const { registry, seen } = await openWith([totem("totem-1")]);
    seen.isBroken = true;
    seen.nowMs = 1_000;
    registry.lookAgain();
    await settle();
    expect(registry.find("totem-1")).not.toBeNull();
    expect(seen).toMatchObject({ failures: ["the disk is gone"], news: 0 });
  });
});
