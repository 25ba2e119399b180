/**
 * The part of the store about who may do what: access tokens, issuer keys, and the log of uses.
 */

export type TokenRecord = {
  readonly tokenId: string;
  readonly name: string;
  readonly sha256: string;
  readonly scopes: readonly string[];
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
};

export type AccessStore = {
  readonly addIssuerKey: (key: Omit<IssuerKeyRecord, "number">) => Promise<IssuerKeyRecord>;
  readonly issuerKeys: () => Promise<readonly IssuerKeyRecord[]>;

  readonly addToken: (token: TokenRecord) => Promise<void>;
  readonly tokenById: (tokenId: string) => Promise<TokenRecord | null>;
  readonly tokens: () => Promise<readonly TokenRecord[]>;
  readonly revokeToken: (tokenId: string, atMs: number) => Promise<boolean>;
  readonly noteAccess: (tokenId: string, what: string, atMs: number) => Promise<void>;
};
