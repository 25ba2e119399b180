/**
 * The contract of a store: any adapter passes it, or it is none. Call it from the adapter's own test file.
 */
import { describe } from "vitest";
import { describeAccounts } from "./accounts.suite.ts";
import { describeIngest } from "./ingest.suite.ts";
import { describeLate } from "./late.suite.ts";
import { describeListed } from "./listed.suite.ts";
import type { OpenStore } from "./store.fixture.ts";
import { describeTables } from "./tables.suite.ts";

/** Declares the tests. @param open makes an empty store for each of them. */
export function describeStore(name: string, open: OpenStore): void {
  describe(`${name} takes batches`, () => describeIngest(open));
  describe(`${name} keeps accounts`, () => describeAccounts(open));
  describe(`${name} takes lists of receipts`, () => describeListed(open));
  describe(`${name} notes what comes after a month was proved`, () => describeLate(open));
  describe(`${name} keeps everything else`, () => describeTables(open));
}
