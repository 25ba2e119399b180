import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CLOSE_TIMEOUT_MS } from "#schemas/link.ts";
import { SECOND_MS } from "#schemas/time.ts";
import { CLOSING_PATIENCE_MS, type Closer, closeInOrder } from "./ending.ts";

const UNITS = new URL("../../hardware/image/totem/etc/systemd/system/", import.meta.url);

afterEach(() => {
  vi.useRealTimers();
});

function parts() {
  const closed: string[] = [];
  const logged: unknown[] = [];
  const part = (name: string, close: () => Promise<void> | void = () => undefined): Closer => ({
    name,
    close: () => {
      closed.push(name);
      return close();
    },
  });
  const log = { error: (event: string, fields?: object) => void logged.push([event, fields]) };
  return { closed, logged, part, log };
}

describe("ending a program", () => {
  it("leaves all parts of the totem their time before the service manager kills it, and each more than it gives itself", () => {
    const unit = readFileSync(new URL("faccine-totem.service", UNITS), "utf8");
    const stopSec = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
    const main = readFileSync(new URL("../main.ts", import.meta.url), "utf8");
    const closers = /endOnSignal\(log, \[([\s\S]*?)\]\)/.exec(main)?.[1]?.match(/name:/g) ?? [];
    expect(closers.length).toBeGreaterThan(5);
    expect(closers.length * CLOSING_PATIENCE_MS).toBeLessThan(stopSec * SECOND_MS);
    expect(CLOSING_PATIENCE_MS).toBeGreaterThan(CLOSE_TIMEOUT_MS);
  });

  it("closes each part once the one before it is closed", async () => {
    const { closed, logged, part, log } = parts();
    const first = Promise.withResolvers<void>();
    const all = closeInOrder([part("uplink", () => first.promise), part("journal")], log);
    await Promise.resolve();
    await Promise.resolve();
    expect(closed).toEqual(["uplink"]);
    first.resolve();
    expect(await all).toEqual([]);
    expect([closed, logged]).toEqual([["uplink", "journal"], []]);
  });

  it("closes the journal though the parts before it throw, fail or hang, and names them", async () => {
    vi.useFakeTimers();
    const { closed, logged, part, log } = parts();
    const all = closeInOrder(
      [
        part("panel", () => {
          throw new Error("no page");
        }),
        part("uplink", async () => Promise.reject(new Error("no session"))),
        part("devices", () => new Promise(() => undefined)),
        part("journal"),
      ],
      log,
    );
    await vi.advanceTimersByTimeAsync(CLOSING_PATIENCE_MS);
    expect(await all).toEqual(["panel", "uplink", "devices"]);
    expect(closed).toEqual(["panel", "uplink", "devices", "journal"]);
    expect(logged).toEqual([
      ["close-failed", { part: "panel", message: "no page" }],
      ["close-failed", { part: "uplink", message: "no session" }],
      ["close-failed", { part: "devices", message: `not within ${CLOSING_PATIENCE_MS} ms` }],
    ]);
  });
});
