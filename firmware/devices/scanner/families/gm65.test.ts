import { describe, expect, it } from "vitest";
import { de2120Command } from "./de2120.ts";
import { crc16, GM65, readZone, saveZones, writeZone, ZONE } from "./gm65.ts";

const hex = (bytes: Uint8Array | null | "refused") =>
  bytes instanceof Uint8Array ? Buffer.from(bytes).toString("hex") : bytes;

describe("a GM65's commands", () => {
  it("are those of its manual", () => {
    expect(hex(saveZones())).toBe("7e000901000000dec8");
    expect(hex(writeZone(0x0002, 1))).toBe("7e00080100020102da");
    expect(hex(writeZone(ZONE.mode, 0xf5))).toBe("7e0008010000f5cb23");
    expect(hex(writeZone(0x00d9, 0x55))).toBe("7e00080100d955d176");
  });

  it("carry the CRC of the manual, as its replies do", () => {
    expect(crc16([0x07, 0x01, 0x00, 0x2a, 0x02])).toBe(0xd80f);
    expect(crc16([0x00, 0x01, 0x00])).toBe(0x3331);
  });
});

describe("a GM65 that was asked for a setting", () => {
  const [mode, end] = GM65.atStart;
  const reply = (value: number, crc = crc16([0, 1, value])) =>
    Uint8Array.from([2, 0, 0, 1, value, crc >> 8, crc & 0xff]);

  it("reads by itself from then on, with its other bits as they were", () => {
    expect(hex(mode?.onReply(reply(0xd4)) ?? null)).toBe(hex(writeZone(ZONE.mode, 0xd6)));
    expect(hex(mode?.onReply(reply(0x91)) ?? null)).toBe(hex(writeZone(ZONE.mode, 0x92)));
  });

  it("is left alone where it reads by itself or ends its codes already", () => {
    expect([0xd6, 0xd7].map((value) => mode?.onReply(reply(value)))).toEqual([null, null]);
    expect([0x00, 0x20, 0x41].map((value) => end?.onReply(reply(value)))).toEqual([null, null, null]);
    expect(hex(end?.onReply(reply(0x61)) ?? null)).toBe(hex(writeZone(ZONE.tail, 0x01)));
  });

  it("is believed with the CRC that some modules always send, and with no other wrong one", () => {
    expect(mode?.onReply(reply(0xd7, 0x3331))).toBe(null);
    expect(mode?.onReply(reply(0xd4, 0x1234))).toBe("refused");
  });

  it("writes its flash only when it is installed", () => {
    const commands = (steps: typeof GM65.atStart) => steps.map((step) => hex(step.command));
    expect(commands(GM65.atStart)).toEqual([hex(readZone(ZONE.mode)), hex(readZone(ZONE.tail))]);
    expect(commands(GM65.toInstall).at(-1)).toBe(hex(saveZones()));
  });
});

it("a DE2120's commands are words between ^_^ and a full stop", () => {
  expect(Buffer.from(de2120Command("SCMCNT")).toString()).toBe("^_^SCMCNT.");
});
