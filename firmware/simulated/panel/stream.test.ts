/** The event stream: every change to every open page, no more pages than allowed, nothing kept for a deaf one. */
import { type ClientRequest, request } from "node:http";
import { connect } from "node:net";
import fastify from "fastify";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { PanelState } from "#schemas/panel.ts";
import { simulatedIndicators } from "../simulated-indicators.ts";
import { openTestPanel, PATIENTLY, type TestPanel } from "./panel.fixture.ts";
import { PAGES_MAX, type StateStream, streamStates } from "./stream.ts";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0).reverse()) await close();
});

async function openTotem(): Promise<TestPanel> {
  const totem = await openTestPanel();
  closers.push(totem.close);
  return totem;
}

type Page = { readonly states: PanelState[]; readonly status: number; readonly leave: () => void };

/** Opens the stream; resolves at its answer. */
function openPage(port: number): Promise<Page> {
  return new Promise((resolve, reject) => {
    const states: PanelState[] = [];
    const asking: ClientRequest = request({ host: "127.0.0.1", port, path: "/panel/events" }, (response) => {
      let held = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        held += piece;
        const events = held.split("\n\n");
        held = events.pop() ?? "";
        for (const event of events) states.push(JSON.parse(event.replace(/^data: /, "")) as PanelState);
      });
      // A page that is cut off in the middle of the stream ends here.
      response.on("error", () => undefined);
      resolve({ states, status: response.statusCode ?? 0, leave: () => asking.destroy() });
    });
    asking.on("error", reject);
    asking.end();
    closers.push(() => {
      asking.destroy();
    });
  });
}

describe("an open page", () => {
  it("is told the state at once, and every change after it", async () => {
    const totem = await openTotem();
    const page = await openPage(totem.port);
    await expect.poll(() => page.states[0]?.state, PATIENTLY).toBe("idle");
    await totem.act("scan", { code: totem.ticket() });
    await expect.poll(() => page.states.at(-1)?.state, PATIENTLY).toBe("awaiting-face");
    await totem.act("press", { key: "yellow" });
    await expect.poll(() => page.states.at(-1)?.state, PATIENTLY).toBe("thanked");
  });

  it("is told what makes no sound and lights no lamp, without waiting for the next second", async () => {
    // The repetition once a second stands still, so that only the change itself can be what tells.
    vi.useFakeTimers({ toFake: ["setInterval"] });
    const totem = await openTotem();
    const page = await openPage(totem.port);
    await expect.poll(() => page.states.length, PATIENTLY).toBeGreaterThan(0);
    await totem.act("clock", { offsetMs: 60_000, synchronized: true });
    await expect.poll(() => page.states.at(-1)?.clock.offsetMs, PATIENTLY).toBe(60_000);
  });

  it("hears from an idle totem again and again", async () => {
    const totem = await openTotem();
    const page = await openPage(totem.port);
    await expect.poll(() => page.states.length, PATIENTLY).toBeGreaterThan(1);
  });

  it("is told that the totem ends", async () => {
    const totem = await openTestPanel();
    const page = await openPage(totem.port);
    await expect.poll(() => page.states.length, PATIENTLY).toBeGreaterThan(0);
    await totem.close();
    expect(totem.panel.pages()).toBe(0);
  });
});

describe("the number of open pages", () => {
  it("has a limit: one more is told so, and let in when another has gone", async () => {
    const totem = await openTotem();
    const pages = await Promise.all(Array.from({ length: PAGES_MAX }, () => openPage(totem.port)));
    expect(new Set(pages.map((page) => page.status))).toEqual(new Set([200]));
    const refused = await totem.ask("/panel/events");
    expect([refused.status, refused.text]).toEqual([503, '{"message":"too many open pages"}']);
    pages[0]?.leave();
    await expect.poll(() => totem.panel.pages(), PATIENTLY).toBe(PAGES_MAX - 1);
    expect((await openPage(totem.port)).status).toBe(200);
  });

  it("forgets every page that closes", async () => {
    const totem = await openTotem();
    for (let round = 0; round < 3; round += 1) {
      const pages = await Promise.all(Array.from({ length: 5 }, () => openPage(totem.port)));
      expect(totem.panel.pages()).toBe(5);
      for (const page of pages) page.leave();
      await expect.poll(() => totem.panel.pages(), PATIENTLY).toBe(0);
    }
  });
});

/** A stream alone, told states by hand. */
async function openStream(state: () => Promise<PanelState>): Promise<{ port: number; stream: StateStream }> {
  const server = fastify({ forceCloseConnections: true });
  const stream = streamStates(server, { indicators: simulatedIndicators(), state });
  await server.listen({ host: "127.0.0.1", port: 0 });
  closers.push(async () => {
    stream.close();
    await server.close();
  });
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new Error("the stream has no port");
  return { port: address.port, stream };
}

describe("a page that does not read", () => {
  it("is let go before what waits for it grows beyond its limit; who comes after it is told", async () => {
    // Larger than any real state, so that the kernel's own buffers are full soon.
    const large = { totemId: "x".repeat(1_000_000) } as PanelState;
    const { port, stream } = await openStream(async () => large);
    const deaf = connect(port, "127.0.0.1");
    closers.push(() => {
      deaf.destroy();
    });
    deaf.on("error", () => undefined);
    deaf.pause();
    deaf.write("GET /panel/events HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await expect.poll(() => stream.pages(), PATIENTLY).toBe(1);
    const untilLetGo = () => {
      stream.tell();
      return stream.pages();
    };
    await expect.poll(untilLetGo, { ...PATIENTLY, interval: 10 }).toBe(0);
    const reading = await openPage(port);
    await expect.poll(() => reading.states.length, PATIENTLY).toBeGreaterThan(0);
  });
});

describe("a state that cannot be told", () => {
  it("is passed over; the next one is told", async () => {
    let works = false;
    const { port, stream } = await openStream(async () => {
      if (!works) throw new Error("the journal cannot be read");
      return { totemId: "totem-1" } as PanelState;
    });
    const page = await openPage(port);
    stream.tell();
    await expect.poll(() => stream.pages(), PATIENTLY).toBe(1);
    expect(page.states).toEqual([]);
    works = true;
    stream.tell();
    await expect.poll(() => page.states.length, PATIENTLY).toBeGreaterThan(0);
  });
});
