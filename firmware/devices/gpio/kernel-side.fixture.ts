/**
 * The other side of the layouts: what the kernel reads of a request and writes into its answers. Written from gpio.h by
 * itself, with numbers of its own, so that a wrong offset on one side does not hide behind the same one on the other.
 */

export type ReadRequest = {
  readonly offsets: readonly number[];
  readonly consumer: string;
  readonly flags: bigint;
  readonly attributes: readonly { readonly id: number; readonly value: bigint; readonly mask: bigint }[];
  readonly eventBufferSize: number;
};

export function readLineRequest(bytes: Buffer): ReadRequest {
  const count = bytes.readUInt32LE(560);
  return {
    offsets: Array.from({ length: count }, (_, index) => bytes.readUInt32LE(4 * index)),
    consumer: text(bytes.subarray(256, 288)),
    ...readLineConfig(bytes.subarray(288, 560)),
    eventBufferSize: bytes.readUInt32LE(564),
  };
}

export function readLineConfig(bytes: Buffer): Pick<ReadRequest, "flags" | "attributes"> {
  return {
    flags: bytes.readBigUInt64LE(0),
    attributes: Array.from({ length: bytes.readUInt32LE(8) }, (_, index) => ({
      id: bytes.readUInt32LE(32 + 24 * index),
      value: bytes.readBigUInt64LE(40 + 24 * index),
      mask: bytes.readBigUInt64LE(48 + 24 * index),
    })),
  };
}

export function answerLineRequest(bytes: Buffer, fd: number): void {
  bytes.writeInt32LE(fd, 588);
}

export function writeChipInfo(
  bytes: Buffer,
  chip: { readonly name: string; readonly label: string; readonly lines: number },
): void {
  bytes.write(chip.name, 0);
  bytes.write(chip.label, 32);
  bytes.writeUInt32LE(chip.lines, 64);
}

export function readLineInfoOffset(bytes: Buffer): number {
  return bytes.readUInt32LE(64);
}

export function writeLineInfo(
  bytes: Buffer,
  line: { readonly name: string; readonly consumer: string; readonly flags: bigint },
): void {
  bytes.write(line.name, 0);
  bytes.write(line.consumer, 32);
  bytes.writeBigUInt64LE(line.flags, 72);
}

export function writeEvent(event: {
  readonly timestampNs: bigint;
  readonly rising: boolean;
  readonly offset: number;
  readonly seqno: number;
  readonly lineSeqno: number;
}): Buffer {
  const bytes = Buffer.alloc(48);
  bytes.writeBigUInt64LE(event.timestampNs, 0);
  bytes.writeUInt32LE(event.rising ? 1 : 2, 8);
  bytes.writeUInt32LE(event.offset, 12);
  bytes.writeUInt32LE(event.seqno, 16);
  bytes.writeUInt32LE(event.lineSeqno, 20);
  return bytes;
}

function text(bytes: Buffer): string {
  return bytes.subarray(0, bytes.indexOf(0)).toString("utf8");
}
