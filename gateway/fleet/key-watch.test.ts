import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { MINUTE_MS } from "#schemas/time.ts";
import type { IssuerKeyRecord } from "../store/access-store.ts";
import { watchKeys } from "./key-watch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const key = (issuerKeyId: string, endsMs: number | null = null): IssuerKeyRecord => ({
  ...{ number: 1, issuerKeyId, officeId: "front-office", publicKey: "00".repeat(32) },
  ...{ purpose: "live", createdMs: 0, endsMs },
});

function watched(first: readonly IssuerKeyRecord[]) {
  let keys: readonly IssuerKeyRecord[] | Error = first;
  const errors: string[] = [];
  const onChanged = vi.fn(async () => undefined);
  const watch = watchKeys({
    store: {
      issuerKeys: async () => {
        if (keys instanceof Error) throw keys;
        return keys;
      },
    },
    nowMs: () => Date.now(),
    log: { info: () => undefined, error: (event) => errors.push(event) },
    onChanged,
  });
  return {
    ...{ watch, onChanged, errors },
    set: (next: readonly IssuerKeyRecord[] | Error) => {
      keys = next;
    },
  };
}

it("Totems are told when a key was made, revoked or has run out, and only then", async () => {
  const so = watched([key("one")]);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(0);
  so.set([key("one", Date.now() + 3 * MINUTE_MS + 1), key("two")]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(2);
  so.set([]);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(3);
  await so.watch.close();
  so.set([key("three")]);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(3);
});

it("Telling totems that failed is tried again at the next look", async () => {
  const so = watched([key("one")]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  so.onChanged.mockRejectedValueOnce(new Error("the store is busy"));
  so.set([key("two")]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(so.errors).toEqual(["key-watch-failed"]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(2);
  await so.watch.close();
});

it("A store that cannot be read is said, and looked at again", async () => {
  const so = watched([key("one")]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  so.set(new Error("busy"));
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(so.errors).toEqual(["key-watch-failed"]);
  so.set([key("two")]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(so.onChanged).toHaveBeenCalledTimes(1);
  await so.watch.close();
});
