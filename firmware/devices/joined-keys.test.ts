import { expect, it } from "vitest";
import type { DeviceFault, KeyEdge, Keys, WatchableKeys } from "../ports.ts";
import { joinKeys } from "./joined-keys.ts";

/** Keys that a test presses by hand. */
function handKeys(lost: number) {
  const edges = new Set<(edge: KeyEdge) => void>();
  const faults = new Set<(fault: DeviceFault) => void>();
  const keys: Keys = {
    onEdge: (listener) => {
      edges.add(listener);
      return () => edges.delete(listener);
    },
    onFault: (listener) => {
      faults.add(listener);
      return () => faults.delete(listener);
    },
    lostEdges: () => lost,
  };
  return {
    keys,
    press: (key: KeyEdge["key"]) => {
      for (const listener of edges) listener({ key, active: true, atMs: 1, initial: false });
    },
    fail: (part: string) => {
      for (const listener of faults) listener({ code: "keys-unreachable", state: "failed", part });
    },
  };
}

it("keys on two devices are told as one, their losses summed, until nobody listens", () => {
  const lines = handKeys(2);
  const keypad = handKeys(3);
  const joined = joinKeys(lines.keys, keypad.keys);
  const told: string[] = [];
  const stops = [
    joined.onEdge((edge) => told.push(edge.key)),
    joined.onFault((fault) => told.push(`${fault.part} ${fault.state}`)),
  ];
  const everything = () => {
    lines.press("green");
    keypad.press("wait");
    lines.fail("lines");
    keypad.fail("keypad");
  };
  everything();
  expect(told).toEqual(["green", "wait", "lines failed", "keypad failed"]);
  expect(joined.lostEdges()).toBe(5);
  for (const stop of stops) stop();
  everything();
  expect(told).toHaveLength(4);
});

it("contacts are watched on whichever device shows them, and on none where none does", () => {
  const watched: string[] = [];
  const watchable = (name: string): WatchableKeys => ({
    ...handKeys(0).keys,
    watchContacts: () => {
      watched.push(`${name} watched`);
      return () => watched.push(`${name} let be`);
    },
  });
  joinKeys(watchable("lines"), handKeys(0).keys).watchContacts?.()();
  expect(watched).toEqual(["lines watched", "lines let be"]);
  joinKeys(watchable("a"), watchable("b")).watchContacts?.()();
  expect(watched.slice(2)).toEqual(["a watched", "b watched", "a let be", "b let be"]);
  expect(joinKeys(handKeys(0).keys, handKeys(0).keys).watchContacts).toBeUndefined();
});
