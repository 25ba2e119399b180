import { describe, expect, it } from "vitest";
import { type Canonical, canonicalBytes } from "./canonical.ts";
import { ENTRY_KINDS, ENTRY_SHAPES } from "./entry.ts";
import { largestOf } from "./largest.fixture.ts";
import {
  BATCH_BYTES_MAX,
  MINUTE_MAX,
  PACKET_BYTES_MAX,
  SERVICES_PER_SITE_MAX,
  TIME_MAX_MS,
} from "./limits.ts";
import { COMMAND, DAY_KEYS, HEALTH, HELLO, RECEIPT, REPLY, SETTINGS, SPENT, STATUS } from "./messages.ts";
import { READINESS_REPORT } from "./self-test.ts";
import type { SchemaNode } from "./shape-problem.ts";
import { spentTopic } from "./topics.ts";

/** Ids, numbers, two heads and a signature around the entries of a batch. */
const ENVELOPE_BYTES = 600;

/** The longest topic, its length, the packet's number and MQTT's header. */
const HEADER_BYTES = spentTopic("s".repeat(40), "t".repeat(40)).length + 2 + 2 + 5;

describe("limits fit together", () => {
  it.each(ENTRY_KINDS)("so that the largest entry of kind %s can be sent at all", (kind) => {
    const { schema } = ENTRY_SHAPES[kind];
    const largest = largestOf(schema as SchemaNode);
    expect(ENTRY_SHAPES[kind].is(largest)).toBe(true);
    expect(canonicalBytes(largest as Canonical).length + ENVELOPE_BYTES).toBeLessThanOrEqual(BATCH_BYTES_MAX);
  });

  it.each([HELLO, STATUS, HEALTH, READINESS_REPORT, REPLY, RECEIPT, DAY_KEYS, COMMAND, SPENT])(
    "so that the largest $name fits into a packet",
    ({ schema, is }) => {
      const largest = largestOf(schema as SchemaNode);
      expect(is(largest)).toBe(true);
      expect(Buffer.byteLength(JSON.stringify(largest)) + HEADER_BYTES).toBeLessThanOrEqual(PACKET_BYTES_MAX);
    },
  );

  it("so that the settings of the largest site fit into a packet", () => {
    const largest = largestOf(SETTINGS.schema as SchemaNode) as { offices: { services: unknown[] }[] };
    const perOffice = SERVICES_PER_SITE_MAX / largest.offices.length;
    const offices = largest.offices.map((office) => ({
      ...office,
      services: office.services.slice(0, perOffice),
    }));
    const settings = { ...largest, offices };
    expect(SETTINGS.is(settings)).toBe(true);
    expect(offices.flatMap(({ services }) => services)).toHaveLength(SERVICES_PER_SITE_MAX);
    expect(Buffer.byteLength(JSON.stringify(settings)) + HEADER_BYTES).toBeLessThanOrEqual(PACKET_BYTES_MAX);
  });

  it("so that every minute of a time is one a ticket can print", () => {
    expect(Math.floor(TIME_MAX_MS / 60_000)).toBe(MINUTE_MAX);
    expect(MINUTE_MAX).toBeLessThan(2 ** 32);
    expect(new Date(TIME_MAX_MS).toISOString()).toBe("9999-12-31T23:59:59.999Z");
  });
});
