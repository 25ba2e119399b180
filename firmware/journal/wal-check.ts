/**
 * Tells whether a write-ahead log was damaged in what it had already made durable. SQLite itself ends its reading at
 * the first frame that does not fit and drops everything after it without a word, because that is also what a power
 * cut in the middle of a commit looks like. Pure: bytes in, verdict out. Format: sqlite.org/fileformat2.html section 4.
 */

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

type Sum = { readonly s0: number; readonly s1: number };

/**
 * True when a frame that does not fit is followed by more than one interrupted commit could have left: with
 * `synchronous=FULL` a commit is on the disk before the next one begins, so at most the last one may be torn.
 */
export function isWalDamaged(wal: Buffer): boolean {
  // Nothing was ever committed into it.
  if (wal.length <= HEADER_BYTES) return false;
  const header = readHeader(wal);
  // SQLite puts the header on the disk before the first frame.
  if (header === null) return true;
  const frameBytes = FRAME_HEADER_BYTES + header.pageBytes;
  let sum = header.sum;
  let at = HEADER_BYTES;
  for (; at + frameBytes <= wal.length; at += frameBytes) {
    const next = checksum(
      checksum(sum, wal, at, at + 8, header.bigEndian),
      wal,
      at + 24,
      at + frameBytes,
      header.bigEndian,
    );
    const fits =
      hasSalts(wal, at, header.salts) &&
      next.s0 === wal.readUInt32BE(at + 16) &&
      next.s1 === wal.readUInt32BE(at + 20);
    if (!fits) break;
    sum = next;
  }
  return holdsMoreThanOneCommit(wal, at, frameBytes, header.salts);
}

function readHeader(wal: Buffer) {
  const magic = wal.readUInt32BE(0);
  if (magic !== MAGIC && magic !== MAGIC + 1) return null;
  const bigEndian = magic === MAGIC + 1;
  const sum = checksum({ s0: 0, s1: 0 }, wal, 0, 24, bigEndian);
  if (sum.s0 !== wal.readUInt32BE(24) || sum.s1 !== wal.readUInt32BE(28)) return null;
  return { bigEndian, sum, pageBytes: wal.readUInt32BE(8), salts: wal.readBigUInt64BE(16) };
}

/** Frames from an earlier round of the log carry other salts: they are no loss. */
function hasSalts(wal: Buffer, at: number, salts: bigint): boolean {
  return wal.readBigUInt64BE(at + 8) === salts;
}

/** True when a commit of this round stands in front of other frames of this round. */
function holdsMoreThanOneCommit(wal: Buffer, from: number, frameBytes: number, salts: bigint): boolean {
  let committed = false;
  for (let at = from; at + frameBytes <= wal.length; at += frameBytes) {
    if (!hasSalts(wal, at, salts)) continue;
    if (committed) return true;
    committed = wal.readUInt32BE(at + 4) !== 0;
  }
  return false;
}

function checksum(sum: Sum, bytes: Buffer, from: number, to: number, bigEndian: boolean): Sum {
  let { s0, s1 } = sum;
  for (let at = from; at < to; at += 8) {
    const x0 = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const x1 = bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    s0 = (s0 + x0 + s1) >>> 0;
    s1 = (s1 + x1 + s0) >>> 0;
  }
  return { s0, s1 };
}
