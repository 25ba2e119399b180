import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect as connectSocket, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Broker, openBroker } from "#gateway/broker/broker.ts";
import { STRANGERS_MAX } from "#gateway/broker/door.ts";
import { totemTopic } from "#schemas/topics.ts";
import { describeWithTool } from "./outside-tools.ts";

const PASSWORD = "secret";

describeWithTool("openssl", "the embedded broker behind TLS", (openssl) => {
  let folder: string;
  let broker: Broker;
  let cert: string;
  let refused: string[];
  const clients: MqttClient[] = [];
  const sockets: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "faccine-tls-"));
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync(
      openssl,
      [
        ...[
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:prime256v1",
          "-nodes",
          "-days",
          "1",
        ],
        ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        ...["-keyout", keyFile, "-out", certFile],
      ],
      { stdio: "ignore" },
    );
    cert = readFileSync(certFile, "utf8");
    refused = [];
    broker = await openBroker({
      ...{ host: "127.0.0.1", port: 0, tls: { cert, key: readFileSync(keyFile, "utf8") } },
      insider: { username: "GATEWAY", password: PASSWORD },
      credentials: () => ({
        siteId: "town-hall",
        passwordSha256: createHash("sha256").update(PASSWORD).digest("hex"),
      }),
      onRefused: (what) => refused.push(what),
    });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end(true);
    for (const socket of sockets.splice(0)) socket.destroy();
    await broker.close();
    rmSync(folder, { recursive: true });
  });

  const open = async (url: string, name: string, ca?: string) => {
    const client = await connectAsync(
      url,
      {
        ...{ clientId: name, username: name, password: PASSWORD, protocolVersion: 4 as const },
        ...{ reconnectPeriod: 0, connectTimeout: 5_000, ...(ca === undefined ? {} : { ca }) },
      },
      false,
    );
    client.on("error", () => undefined);
    clients.push(client);
    return client;
  };
  const totem = () => open(`mqtts://127.0.0.1:${broker.port}`, "totem-1", cert);

  it("carries a totem's messages to the gateway, which comes in by a door of its own", async () => {
    const inside = await open(broker.insideUrl, "GATEWAY");
    const heard = new Promise<string>((resolve) =>
      inside.on("message", (_, payload) => resolve(payload.toString())),
    );
    await inside.subscribeAsync(totemTopic("+", "entries"), { qos: 1 });
    await (await totem()).publishAsync(totemTopic("totem-1", "entries"), "through TLS", { qos: 1 });
    expect(await heard).toBe("through TLS");
    expect(broker.insideUrl).not.toContain(`:${broker.port}`);
    expect(new URL(broker.insideUrl).hostname).toBe("127.0.0.1");
  });

  it("lets nobody in who speaks MQTT without TLS, or trusts another certificate", async () => {
    await expect(open(`mqtt://127.0.0.1:${broker.port}`, "totem-1")).rejects.toThrow();
    await expect(open(`mqtts://127.0.0.1:${broker.port}`, "totem-1")).rejects.toThrow();
    await totem();
  });

  it("lets a totem in past connections that never finish their handshake", async () => {
    for (let i = 0; i < STRANGERS_MAX; i++) {
      const socket = connectSocket(broker.port, "127.0.0.1");
      socket.on("error", () => undefined);
      sockets.push(socket);
      await new Promise((resolve) => socket.once("connect", resolve));
    }
    await totem();
    expect(refused.filter((what) => what === "connection").length).toBeGreaterThan(0);
  });
});
