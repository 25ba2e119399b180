/**
 * Keeps passwords as slow, salted hashes, and compares them. Hashing costs time and memory on purpose: a few go on at once, a few wait, and
 * whoever comes beyond is turned away instead of taking the gateway's memory from the votes.
 */
import { type BinaryLike, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { passwordForm } from "./account-rules.ts";

/**
 * OWASP, Password Storage Cheat Sheet (scrypt): of its equally strong rows the one with N = 2^15 (32 MiB), r = 8, p = 3. The row it names
 * first takes 128 MiB for each hash: more than a gateway under load has left.
 */
export const OWASP_COST: HashCost = { logN: 15, r: 8, p: 3 };

/** N is kept as its logarithm. */
export type HashCost = { readonly logN: number; readonly r: number; readonly p: number };

/** 128 bits, as NIST SP 800-132 asks at least. */
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes at once: 64 MiB, and two of the four threads that files are read with. */
const RUNNING_MAX = 2;
/** Sign-ins that wait for their turn: some seconds. */
const WAITING_MAX = 20;
/** What a kept hash may ask for: twice what we make, so that nobody who writes into the database can stop the gateway. */
const COST_MAX = { logN: 17, r: 16, p: 16 } as const;
/** scrypt needs 128 · N · r bytes, and a little more. */
const memoryFor = ({ logN, r }: HashCost) => 128 * 2 ** logN * r + 2 ** 20;

export type Passwords = {
  /** A password as it is kept; null when too many are being hashed. */
  readonly hash: (password: string) => Promise<string | null>;
  /**
   * Whether a password is the kept one; null when too many are being hashed. Where there is none to compare with, the answer is no after the
   * same work, so that how long it takes tells nobody which names exist.
   */
  readonly isRight: (password: string, kept: string | null) => Promise<boolean | null>;
};

export function openPasswords(randomBytes: (size: number) => Buffer, cost: HashCost = OWASP_COST): Passwords {
  const turns = takeTurns();
  const nobody = { cost, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  return {
    hash: (password) =>
      turns(async () => {
        const salt = randomBytes(SALT_BYTES);
        return written({ cost, salt, hash: await hashed(password, salt, cost) });
      }),
    isRight: (password, kept) =>
      turns(async () => {
        const known = kept === null ? null : readHash(kept);
        const { hash, salt, cost: its } = known ?? nobody;
        const isSame = timingSafeEqual(await hashed(password, salt, its), hash);
        return known !== null && isSame;
      }),
  };
}

type KeptHash = { readonly cost: HashCost; readonly salt: Buffer; readonly hash: Buffer };

/** PHC string format, so that whoever moves accounts elsewhere can read it. */
function written({ cost: { logN, r, p }, salt, hash }: KeptHash): string {
  return `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

function readHash(text: string): KeptHash | null {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/.exec(text);
  if (match === null) return null;
  const cost = { logN: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  const isFit = (["logN", "r", "p"] as const).every(
    (name) => cost[name] >= 1 && cost[name] <= COST_MAX[name],
  );
  if (!isFit) return null;
  return {
    cost,
    salt: Buffer.from(match[4] ?? "", "base64url"),
    hash: Buffer.from(match[5] ?? "", "base64url"),
  };
}

function hashed(password: string, salt: BinaryLike, cost: HashCost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem: memoryFor(cost) };
  return new Promise((resolve, reject) => {
    scrypt(passwordForm(password), salt, HASH_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** A few at once, a few in line; null for whoever comes beyond. */
function takeTurns(): <T>(work: () => Promise<T>) => Promise<T | null> {
  let running = 0;
  const line: (() => void)[] = [];
  return async (work) => {
    if (running >= RUNNING_MAX) {
      if (line.length >= WAITING_MAX) return null;
      await new Promise<void>((resolve) => line.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
