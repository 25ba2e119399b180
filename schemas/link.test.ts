import { connect } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { floodingBroker, frozenBroker, realBroker, type TestServer, testClock } from "./link.fixture.ts";
import {
  CLOSE_TIMEOUT_MS,
  type Link,
  type LinkOptions,
  openLink,
  READY_TIMEOUT_MS,
  WATCHDOG_EVERY_MS,
} from "./link.ts";
import { SILENT_SESSION_MS } from "./reconnect.ts";

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource.close();
});
const kept = <T extends { close: () => Promise<void> }>(resource: T): T => {
  opened.push(resource);
  return resource;
};

/** What the session told, one after the other. */
function told() {
  const events: string[] = [];
  const waiting: ((event: string) => void)[] = [];
  return {
    say: (event: string) => {
      const next = waiting.shift();
      if (next === undefined) events.push(event);
      else next(event);
    },
    next: () =>
      new Promise<string>((resolve) => {
        const event = events.shift();
        if (event === undefined) waiting.push(resolve);
        else resolve(event);
      }),
    isQuiet: () => events.length === 0,
  };
}

function session(server: TestServer, change: Partial<LinkOptions> = {}) {
  const clock = testClock();
  const log = told();
  const link: Link = openLink({
    connect,
    url: server.url,
    clientId: "totem-1",
    username: "totem-1",
    password: "good",
    ca: null,
    will: null,
    subscriptions: ["down"],
    random: () => 1,
    onReady: () => log.say("ready"),
    onLost: (reason) => log.say(`lost: ${reason}`),
    onMessage: (topic, payload, retained) => log.say(`${topic} ${payload}${retained ? " (retained)" : ""}`),
    clock,
    ...change,
  });
  kept({
    close: async () => {
      const closing = link.close();
      clock.advance(CLOSE_TIMEOUT_MS);
      await closing;
    },
  });
  return { clock, link, ...log };
}

describe("the MQTT session", () => {
  it("carries messages both ways, and tells kept ones from fresh ones", async () => {
    const server = kept(await realBroker());
    const gateway = session(server, { clientId: "gateway-2", subscriptions: ["up"] });
    expect(await gateway.next()).toBe("ready");
    gateway.link.publish("down", "kept", { retain: true });
    const totem = session(server);
    expect(await totem.next()).toBe("ready");
    expect(totem.link.isReady()).toBe(true);
    expect(await totem.next()).toBe("down kept (retained)");
    gateway.link.publish("down", "fresh");
    expect(await totem.next()).toBe("down fresh");
    totem.link.publish("up", "hello");
    expect(await gateway.next()).toBe("up hello");
  });

  it("is made again by itself when the broker had refused it, as soon as the broker changes its mind", async () => {
    let isGood = false;
    const server = kept(
      await realBroker({
        authenticate: (_client, _username, _password, done) =>
          isGood
            ? done(null, true)
            : done(Object.assign(new Error("not authorized"), { returnCode: 5 as const }), false),
      }),
    );
    const { clock, link, next } = session(server);
    for (const waitMs of [1_000, 2_000, 4_000]) {
      expect(await next()).toMatch(/^lost: Connection refused: Not authorized/);
      expect(link.isReady()).toBe(false);
      expect(clock.waits()).toEqual([waitMs]);
      clock.advance(waitMs);
    }
    expect(await next()).toMatch(/^lost/);
    isGood = true;
    clock.advance(8_000);
    expect(await next()).toBe("ready");
    expect(server.connections()).toBe(5);
  });

  it("is made again when it breaks, and waits longer while it does not last", async () => {
    const server = kept(await realBroker());
    const { clock, next } = session(server);
    for (const waitMs of [1_000, 2_000, 4_000]) {
      expect(await next()).toBe("ready");
      server.cut();
      expect(await next()).toMatch(/^lost: /);
      expect(clock.waits()).toEqual([waitMs]);
      clock.advance(waitMs);
    }
    expect(await next()).toBe("ready");
    clock.advance(10_000);
    server.cut();
    expect(await next()).toMatch(/^lost: /);
    expect(clock.waits()).toEqual([1_000]);
  });

  it("has its last will said when it breaks, and not when it says goodbye", async () => {
    const server = kept(await realBroker());
    const watcher = session(server, { clientId: "watcher", subscriptions: ["status"] });
    expect(await watcher.next()).toBe("ready");
    const will = { topic: "status", payload: "gone" };
    const broken = session(server, { will });
    expect(await broken.next()).toBe("ready");
    const polite = session(server, { will: { ...will, payload: "never said" }, clientId: "totem-2" });
    expect(await polite.next()).toBe("ready");
    await polite.link.close();
    // The broker hears of the broken session before it would of a will of the polite one.
    broken.clock.advance(SILENT_SESSION_MS + WATCHDOG_EVERY_MS);
    expect(await watcher.next()).toBe("status gone");
    expect(watcher.isQuiet()).toBe(true);
  });

  it.each([
    ["CONNECT", []],
    ["SUBSCRIBE", ["connack"]],
  ] as const)("gives up a broker that does not answer %s, and tries again", async (_, answers) => {
    const server = kept(await frozenBroker(answers));
    const { clock, link, next, isQuiet } = session(server);
    clock.advance(READY_TIMEOUT_MS - 1);
    expect(isQuiet()).toBe(true);
    clock.advance(1);
    expect(await next()).toBe("lost: no answer from the broker");
    expect(link.isReady()).toBe(false);
    expect(clock.waits()).toEqual([1_000]);
  });

  it("gives up a broker that refuses a subscription: half a session hears nothing", async () => {
    const server = kept(await frozenBroker(["connack", "refusal"]));
    const { next, link } = session(server);
    expect(await next()).toMatch(/^lost: Subscribe error/);
    expect(link.isReady()).toBe(false);
  });

  it("gives up a session in which nothing was heard for five minutes, not even the answer to a ping", async () => {
    const server = kept(await frozenBroker(["connack", "suback"]));
    const { clock, link, next, isQuiet } = session(server);
    expect(await next()).toBe("ready");
    clock.advance(SILENT_SESSION_MS);
    expect(isQuiet()).toBe(true);
    expect(link.isReady()).toBe(true);
    clock.advance(WATCHDOG_EVERY_MS);
    expect(await next()).toBe("lost: silent session");
    clock.advance(1_000);
    expect(await next()).toBe("ready");
  });

  it("with a frozen broker is closed after a short wait, though a message is still under way", async () => {
    const server = kept(await frozenBroker(["connack", "suback"]));
    const { clock, link, next } = session(server);
    expect(await next()).toBe("ready");
    link.publish("up", "never acknowledged");
    let isClosed = false;
    const closing = link.close().then(() => {
      isClosed = true;
    });
    clock.advance(CLOSE_TIMEOUT_MS - 1);
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    clock.advance(1);
    await closing;
    expect(clock.waits()).toEqual([]);
  });

  it("that is closed while it waits to be made again is never made again", async () => {
    const server = kept(await frozenBroker([]));
    const { clock, link, next } = session(server);
    clock.advance(READY_TIMEOUT_MS);
    expect(await next()).toMatch(/^lost/);
    await link.close();
    expect(clock.waits()).toEqual([]);
    clock.advance(600_000);
    expect(clock.waits()).toEqual([]);
  });

  it("that is closed before the broker answered ends at once", async () => {
    const server = kept(await frozenBroker([]));
    const { link, clock, isQuiet } = session(server);
    await link.close();
    expect(clock.waits()).toEqual([]);
    expect(isQuiet()).toBe(true);
  });

  it("drops what is published while there is none, and says so by not being ready", async () => {
    const server = kept(await realBroker());
    const gateway = session(server, { clientId: "gateway", subscriptions: ["up"] });
    expect(await gateway.next()).toBe("ready");
    const totem = session(server);
    totem.link.publish("up", "too early");
    expect(await totem.next()).toBe("ready");
    totem.link.publish("up", "in time");
    expect(await gateway.next()).toBe("up in time");
  });

  it("hands on one message at a time, in order, and goes on after one that failed", async () => {
    const server = kept(await realBroker());
    const gateway = session(server, { clientId: "gateway", subscriptions: ["up"] });
    expect(await gateway.next()).toBe("ready");
    let running = 0;
    const log = told();
    const totem = session(server, {
      onMessage: async (_topic, payload) => {
        running += 1;
        await new Promise(setImmediate);
        log.say(`${payload} of ${running}`);
        running -= 1;
        if (payload.toString() === "1") throw new Error("a handler that fails");
      },
    });
    expect(await totem.next()).toBe("ready");
    for (const text of ["1", "2", "3"]) gateway.link.publish("down", text);
    expect([await log.next(), await log.next(), await log.next()]).toEqual(["1 of 1", "2 of 1", "3 of 1"]);
  });

  it("is given up when what is published is never acknowledged, however much the broker says besides", async () => {
    const server = kept(await realBroker({ authorizePublish: () => undefined }));
    const { clock, link, next } = session(server);
    expect(await next()).toBe("ready");
    const talk = async (text: string) => {
      server.broker.publish(
        { cmd: "publish", topic: "down", payload: text, qos: 0, retain: false, dup: false },
        () => undefined,
      );
      expect(await next()).toBe(`down ${text}`);
    };
    // Nothing is owed yet.
    for (let minute = 0; minute < 10; minute++) {
      clock.advance(60_000);
      await talk("early");
    }
    link.publish("up", "never acknowledged");
    for (let past = 0; past + WATCHDOG_EVERY_MS <= SILENT_SESSION_MS; past += WATCHDOG_EVERY_MS) {
      clock.advance(WATCHDOG_EVERY_MS);
      await talk("late");
    }
    clock.advance(WATCHDOG_EVERY_MS);
    expect(await next()).toBe("lost: nothing is acknowledged");
  });

  it("is kept while acknowledgements come, one a minute be it", async () => {
    const server = kept(await realBroker());
    const gateway = session(server, { clientId: "gateway", subscriptions: ["up"] });
    expect(await gateway.next()).toBe("ready");
    const { clock, link, next, isQuiet } = session(server);
    expect(await next()).toBe("ready");
    for (let minute = 0; minute < 20; minute++) {
      clock.advance(60_000);
      link.publish("up", "health");
      expect(await gateway.next()).toBe("up health");
      gateway.link.publish("down", "heard");
      expect(await next()).toBe("down heard");
    }
    expect(isQuiet()).toBe(true);
  });

  it("is given up over a packet without end, before it fills the memory", async () => {
    const server = kept(await floodingBroker());
    const { next } = session(server);
    expect(await next()).toBe("ready");
    expect(await next()).toBe("lost: a packet without end");
  });

  it("outlives a broker that is not there at all", async () => {
    const server = kept(await realBroker());
    await server.close();
    const { next, clock } = session(server);
    expect(await next()).toMatch(/^lost: .*ECONNREFUSED/);
    clock.advance(1_000);
    expect(await next()).toMatch(/^lost: .*ECONNREFUSED/);
  });

  it("says who it is in MQTT 3.1.1, with a clean session", async () => {
    const seen: unknown[] = [];
    const server = kept(
      await realBroker({
        preConnect: (_client, packet, done) => {
          const { clientId, protocolId, protocolVersion, clean, username } = packet;
          seen.push({ clientId, protocolId, protocolVersion, clean, username });
          done(null, true);
        },
      }),
    );
    const { next } = session(server);
    expect(await next()).toBe("ready");
    expect(seen).toEqual([
      { clientId: "totem-1", protocolId: "MQTT", protocolVersion: 4, clean: true, username: "totem-1" },
    ]);
  });
});
