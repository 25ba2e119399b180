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
  const seen = { loads: 0, news: 0, nowMs: 0 };
  const registry = await openRegistry({
    store: {
      totems: async () => {
        seen.loads += 1;
        return [...totems];
      },
    },
    nowMs: () => seen.nowMs,
    onNew: () => {
      seen.news += 1;
    },
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

  it("finds a totem registered by another process at its second attempt, and says that it is new", async () => {
    const totems = [totem("totem-1")];
    const { registry, seen } = await openWith(totems);
    totems.push(totem("totem-2"));
    seen.nowMs = 1_000;
    expect(registry.find("totem-2")).toBeNull();
    await settle();
    expect(registry.find("totem-2")).not.toBeNull();
    expect(seen.news).toBe(1);
  });

  it("lets a stranger who keeps knocking cause one look a second", async () => {
    const { registry, seen } = await openWith([totem("totem-1")]);
    for (seen.nowMs = 0; seen.nowMs < 3_000; seen.nowMs += 10) {
      registry.find("stranger");
      await settle();
    }
    expect(seen.loads).toBe(1 + 2);
  });
});
