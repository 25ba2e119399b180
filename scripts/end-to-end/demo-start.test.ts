/** How the demo starts, refuses to start, and ends. */
import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { describeWithTool } from "../outside-tools.ts";
import {
  childrenOf,
  demoFolder,
  eventually,
  freePorts,
  isAlive,
  ROOT,
  spawnDemo,
  startDemo,
} from "./demo.fixture.ts";

const folder = demoFolder();
afterEach(folder.remove);

describe("the demo", () => {
  it("ends all its programs on Ctrl-C, cleanly", async () => {
    const demo = await startDemo(folder.path, { totems: 2 });
    const programs = childrenOf(demo.process.pid ?? 0);
    expect(programs).toHaveLength(3);
    expect(await demo.stop()).toBe(0);
    expect(programs.filter(isAlive)).toEqual([]);
  });

  it("takes its programs along when it is killed", async () => {
    const demo = await startDemo(folder.path);
    const programs = childrenOf(demo.process.pid ?? 0);
    demo.process.kill("SIGKILL");
    await eventually(
      async () => programs.filter(isAlive),
      (alive) => alive.length === 0,
    );
  });

  it.each(["FACCINE_HTTP_PORT", "FACCINE_MQTT_PORT", "FACCINE_PANEL_PORT"])(
    "says which port is taken, and that %s sets it",
    async (variable) => {
      const ports = await freePorts();
      const holder = createServer();
      await new Promise<void>((resolve) => {
        holder.listen(Number(ports[variable]), "127.0.0.1", resolve);
      });
      const run = spawnDemo(folder.path, { env: ports });
      const code = await run.ended;
      await new Promise((resolve) => {
        holder.close(resolve);
      });
      expect(code).not.toBe(0);
      expect(run.output()).toContain(`port ${ports[variable]} is taken`);
      expect(run.output()).toContain(`set ${variable}`);
    },
  );

  it("refuses to start twice on one folder, and says what to do", async () => {
    const demo = await startDemo(folder.path);
    const second = spawnDemo(folder.path, { env: await freePorts() });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain("is in use by a program that runs already");
    expect(second.output()).toContain("FACCINE_DATA_DIR");
    expect(await demo.stop()).toBe(0);
  });

  it("refuses to be reached from elsewhere without TLS, and says what to do", async () => {
    const run = spawnDemo(folder.path, { env: { ...(await freePorts()), FACCINE_HTTP_HOST: "0.0.0.0" } });
    expect(await run.ended).not.toBe(0);
    expect(run.output()).toContain("FACCINE_HTTP_TLS_CERT");
  });

  it.each([["--totems", "0"], ["--totems", "x"], ["--fast"]])("refuses %s %s", async (...args) => {
    const run = spawnDemo(folder.path, { args });
    expect(await run.ended).toBe(2);
  });

  it("tells its options", async () => {
    const run = spawnDemo(folder.path, { args: ["--help"] });
    expect(await run.ended).toBe(0);
    expect(run.output()).toContain("--totems N");
  });
});

describeWithTool("openssl", "a gateway with a certificate", (openssl) => {
  it("may be reached from elsewhere, and the demo's totems still work", async () => {
    const { mkdirSync } = await import("node:fs");
    mkdirSync(folder.path, { recursive: true });
    const [key, cert] = [join(folder.path, "tls.key"), join(folder.path, "tls.crt")];
    execFileSync(
      openssl,
      [
        "req",
        "-x509",
        "-newkey",
        "ed25519",
        "-nodes",
        "-keyout",
        key,
        "-out",
        cert,
        "-days",
        "2",
        "-subj",
        "/CN=gateway",
      ],
      { cwd: ROOT, stdio: "ignore" },
    );
    // Bound to loopback still: a test must not open this machine to its network.
    const demo = await startDemo(folder.path, {
      env: { FACCINE_HTTP_HOST: "127.0.0.1", FACCINE_HTTP_TLS_CERT: cert, FACCINE_HTTP_TLS_KEY: key },
    });
    expect(demo.url).toMatch(/^https:/);
    expect(await demo.stop()).toBe(0);
  });
});
