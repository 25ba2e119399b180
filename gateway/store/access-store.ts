/**
 * The part of the store about who may do what: access tokens, issuer keys, and the log of uses.
 */
import type { Deed } from "./account-store.ts";

export type TokenRecord = {
  readonly tokenId: string;
  readonly name: string;
  readonly sha256: string;
  readonly scopes: readonly string[];
  /** The only office whose tickets it may issue; null for all. */
  readonly officeId: string | null;
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly revokedMs: number | null;
};

export type IssuerKeyRecord = {
  readonly number: number;
  readonly issuerKeyId: string;
  readonly officeId: string;
  readonly publicKey: string;
  readonly purpose: "live" | "test";
  readonly createdMs: number;
  /** From when on nothing signed with it is taken; null while nobody has said so. */
  readonly endsMs: number | null;
};

export type AccessStore = {
  readonly addIssuerKey: (key: Omit<IssuerKeyRecord, "number">) => Promise<IssuerKeyRecord>;
  readonly issuerKeys: () => Promise<readonly IssuerKeyRecord[]>;
  /** Ends a key at a moment, unless it ends earlier already. False for one that does, or that nobody knows. */
  readonly endIssuerKey: (issuerKeyId: string, endsMs: number) => Promise<boolean>;

  /** @param deed is logged in the same transaction; left out where nobody does it, in a demo. */
  readonly addToken: (token: TokenRecord, deed?: Deed) => Promise<void>;
  readonly tokenById: (tokenId: string) => Promise<TokenRecord | null>;
  readonly tokens: () => Promise<readonly TokenRecord[]>;
  readonly revokeToken: (tokenId: string, atMs: number, deed?: Deed) => Promise<boolean>;
  /** Logs that exact figures were read. */
  readonly noteAccess: (tokenId: string, what: string, atMs: number) => Promise<void>;
};
