import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeInbox, type OutsideBroker } from "#gateway/ingest/inbox.suite.ts";
import { describeWithTool } from "./outside-tools.ts";

/**
 * Mosquitto as an office would run it: no anonymous access, a password for everybody, and each totem on its own topics.
 */
async function openMosquitto(path: string): Promise<OutsideBroker> {
  const folder = mkdtempSync(join(tmpdir(), "faccine-mosquitto-"));
  const port = await freePort();
  const totems = ["totem-1", "totem-2", "totem-3", "totem-good", "totem-bad"];
  const passwords = [...totems, "gateway"].map((name) => `${name}:secret of ${name}`);
  writeFileSync(join(folder, "passwords"), `${passwords.join("\n")}\n`, { mode: 0o600 });
  writeFileSync(
    join(folder, "acl"),
    "user gateway\ntopic readwrite faccine/v1/#\n\npattern write faccine/v1/totem/%u/+\npattern read faccine/v1/totem/%u/+\n",
    { mode: 0o600 },
  );
  // Started by root, Mosquitto becomes another user unless told to stay who it is: the files are ours alone.
  const user = process.getuid?.() === 0 ? "user root\n" : "";
  writeFileSync(
    join(folder, "mosquitto.conf"),
    `${user}listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${folder}/passwords\nacl_file ${folder}/acl\npersistence false\n`,
  );
  await hashPasswords(path, folder);
  const broker = spawn(path, ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
  await listening(broker, port);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    insider: { username: "gateway", password: "secret of gateway" },
    passwordOf: (totemId) => `secret of ${totemId}`,
    close: async () => {
      await ended(broker);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Mosquitto's own tool turns the plain passwords into hashes, as it refuses plain ones. */
async function hashPasswords(path: string, folder: string): Promise<void> {
  // Mosquitto itself is in sbin, its tool in bin.
  const tool = spawn(join(dirname(dirname(path)), "bin", "mosquitto_passwd"), [
    "-U",
    join(folder, "passwords"),
  ]);
  await new Promise<void>((resolve, reject) => {
    tool.once("error", reject);
    tool.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`mosquitto_passwd: ${code}`))));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Resolves once the broker takes connections; rejects when it ends instead. */
async function listening(broker: ChildProcess, port: number): Promise<void> {
  const gone = new Promise<never>((_, reject) =>
    broker.once("exit", (code) => reject(new Error(`mosquitto: ${code}`))),
  );
  const answers = async () => {
    for (;;) {
      const isThere = await new Promise<boolean>((resolve) => {
        const socket = connect(port, "127.0.0.1");
        socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
        socket.once("connect", () => socket.end());
      });
      if (isThere) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.race([answers(), gone]);
}

function ended(broker: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    broker.removeAllListeners("exit").once("exit", () => resolve());
    broker.kill("SIGTERM");
  });
}

describeWithTool("mosquitto", "the gateway's ear on Mosquitto", (path) =>
  describeInbox(() => openMosquitto(path)),
);
