import { describe, expect, it } from "vitest";
import type { EpochProgress, SignedBatch } from "../ports.ts";
import { Sender, type SenderParts } from "./sender.ts";

const EPOCH = "ab".repeat(16);
const PROGRESS: EpochProgress = {
  epoch: EPOCH,
  ordinal: 1,
  oldestUnreceipted: 1,
  last: 500,
  head: "0".repeat(64),
  received: [],
};

/** A sender over a journal that answers as told; `said` is what went up. */
function senderOver(journal: Partial<SenderParts["journal"]>) {
  const said: string[] = [];
  const errors: string[] = [];
  const sender = new Sender({
    journal: {
      openEpochs: async () => [PROGRESS],
      sums: () => Promise.reject(new Error("not asked here")),
      readBatch: async () => null,
      ...journal,
    },
    clock: { nowMs: () => 0 },
    log: { info: () => undefined, warn: () => undefined, error: (event) => errors.push(event) },
    wire: { isReady: () => true, publish: (kind) => said.push(kind) },
    random: () => 0.5,
    epoch: EPOCH,
    startCount: 1,
  });
  return { sender, said, errors };
}

/** Lets everything run that waits for nothing but itself. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe("the sender", () => {
  it("does not spin on a run that the journal cannot read", async () => {
    let asked = 0;
    const { sender, said } = senderOver({
      readBatch: async (): Promise<SignedBatch | null> => {
        asked += 1;
        return null;
      },
    });
    sender.pump(true);
    await turns(200);
    expect(said).toEqual([]);
    // Each of the three runs once, as if it had been sent.
    expect(asked).toBe(3);
    await sender.close();
  });

  it("goes on after a journal that could not be read", async () => {
    let broken = true;
    const { sender, said, errors } = senderOver({
      openEpochs: async () => {
        if (broken) throw new Error("disk I/O error");
        return [PROGRESS];
      },
      readBatch: async (epoch, from) => ({ epoch, first: from, last: 500, text: "{}" }),
    });
    sender.pump(true);
    await turns(5);
    expect({ said, errors }).toEqual({ said: [], errors: ["sending-failed"] });
    broken = false;
    sender.pump(true);
    await turns(5);
    expect(said).toEqual(["entries"]);
    await sender.close();
  });

  it("hears of news at whatever moment it comes, also when it is just about to rest", async () => {
    const silent: number[] = [];
    for (let moment = 0; moment < 40; moment++) {
      let progress: EpochProgress = { ...PROGRESS, received: [{ first: 1, last: 500 }] };
      const { sender, said } = senderOver({
        openEpochs: async () => [progress],
        readBatch: async (epoch, from) => ({ epoch, first: from, last: 501, text: "{}" }),
      });
      sender.pump(true);
      for (let passed = 0; passed < moment; passed++) await null;
      progress = { ...progress, last: 501 };
      sender.pump(true);
      await turns(5);
      if (said.length === 0) silent.push(moment);
      await sender.close();
    }
    expect(silent).toEqual([]);
  });

  it("sends what it has to a gateway it could not greet", async () => {
    const { sender, said } = senderOver({
      readBatch: async (epoch, from) => ({ epoch, first: from, last: 500, text: "{}" }),
    });
    await expect(sender.begin()).rejects.toThrow("not asked here");
    await turns(5);
    expect(said).toEqual(["entries"]);
    await sender.close();
  });

  it("sends nothing more once it is closed", async () => {
    const { sender, said } = senderOver({
      readBatch: async (epoch, from) => ({ epoch, first: from, last: from, text: "{}" }),
    });
    await sender.close();
    sender.pump(true);
    await turns(5);
    expect(said).toEqual([]);
  });
});
