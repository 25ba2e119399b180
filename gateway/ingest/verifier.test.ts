import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BATCH_BYTES_MAX } from "#schemas/limits.ts";
import { type TestTotem, testTotem, voteEntry } from "./journal.fixture.ts";
import { ON_THE_SPOT_BYTES, openVerifier, PROVE_ON_THE_SPOT, type Verifier } from "./verifier.ts";

describe("proving batches in a thread", () => {
  let verifier: Verifier;
  let totem: TestTotem;
  const died: Error[] = [];
  beforeEach(() => {
    died.length = 0;
    verifier = openVerifier((error) => died.push(error));
    totem = testTotem("totem-1");
    totem.start();
    for (let i = 0; i < 100; i++) totem.append(voteEntry());
  });
  afterEach(() => verifier.close());

  it("gives what proving on the spot gives, each answer to its own batch", async () => {
    const size = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(size, fc.nat(3), fc.nat(2_000)), { maxLength: 20 }),
        async (batches) => {
          const payloads = batches.map(([last, kind, at]) => {
            const { payload } = totem.batch(1, last);
            if (kind === 0) return payload.subarray(0, at);
            const changed = Buffer.from(payload);
            if (kind === 1) changed[at % payload.length] = 48;
            return changed;
          });
          const ours = await Promise.all(payloads.map((payload) => verifier.prove(payload, totem.publicKey)));
          const plain = await Promise.all(
            payloads.map((payload) => PROVE_ON_THE_SPOT.prove(payload, totem.publicKey)),
          );
          expect(ours.map(comparable)).toEqual(plain.map(comparable));
        },
      ),
      { numRuns: 30 },
    );
    expect(died).toEqual([]);
  });

  it("refuses what is longer than any batch, however much, and lives on", async () => {
    const { payload } = totem.batch(1, 60);
    const padded = Buffer.concat([payload, Buffer.alloc(BATCH_BYTES_MAX + 1 - payload.length, " ")]);
    const huge = Buffer.from(`{"entries":[${"{},".repeat(4_000_000)}{}]}`);
    for (const tooLong of [padded, huge]) {
      expect(await verifier.prove(tooLong, totem.publicKey)).toEqual({ ok: false, problem: "too-long" });
    }
    expect((await verifier.prove(payload, totem.publicKey)).ok).toBe(true);
    expect(died).toEqual([]);
  });

  it("proves on the spot what is small, and everything once the thread is gone", async () => {
    const small = totem.batch(1, 2).payload;
    const large = totem.batch(1, 60).payload;
    expect([small.length < ON_THE_SPOT_BYTES, large.length > ON_THE_SPOT_BYTES]).toEqual([true, true]);
    const underway = verifier.prove(large, totem.publicKey);
    await verifier.close();
    for (const proof of [
      await underway,
      await verifier.prove(large, totem.publicKey),
      await verifier.prove(small, totem.publicKey),
    ]) {
      expect(proof.ok).toBe(true);
    }
  });
});

type Proof = Awaited<ReturnType<Verifier["prove"]>>;

function comparable(proof: Proof) {
  return proof.ok
    ? [proof.value.hashes, proof.value.heads].map((bytes) => Buffer.from(bytes).toString("hex"))
    : proof;
}
