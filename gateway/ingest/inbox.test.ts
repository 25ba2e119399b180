import { createHash } from "node:crypto";
import { describe } from "vitest";
import { openBroker } from "../broker/broker.ts";
import { describeInbox } from "./inbox.suite.ts";
import { TOWN_HALL } from "./journal.fixture.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the gateway's ear on the embedded broker", () => {
  describeInbox(async () => {
    const insider = { username: "GATEWAY", password: "inside" };
    const broker = await openBroker({
      ...{ host: "127.0.0.1", port: 0, tls: null, insider, onRefused: () => undefined },
      credentials: (totemId) => ({
        siteId: TOWN_HALL.siteId,
        passwordSha256: sha256(`secret of ${totemId}`),
      }),
    });
    return { url: broker.insideUrl, insider, passwordOf: (id) => `secret of ${id}`, close: broker.close };
  });
});
