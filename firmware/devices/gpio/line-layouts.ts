/**
 * The structures and numbers of the kernel's GPIO character device, version 2 (include/uapi/linux/gpio.h), as bytes. Made for
 * 64-bit little-endian boards, the only ones a totem runs on; the layouts are the same on 32 bits. Pure.
 */

/** GPIO_MAX_NAME_SIZE: names, labels and consumers with their final zero. */
const NAME_BYTES = 32;
/** GPIO_V2_LINES_MAX: a request's mask is 64 bits. */
export const LINES_MAX = 64;

/** The kernel keeps at most 16 events for each of 64 lines, whatever is asked for (gpiolib-cdev.c, linereq_create). */
export const EVENT_BUFFER_MAX = LINES_MAX * 16;

// struct gpiochip_info: name, label, lines.
const CHIP_INFO_BYTES = 68;

// struct gpio_v2_line_info.
const LINE_INFO_BYTES = 256;
const LINE_INFO_OFFSET = 64;
const LINE_INFO_FLAGS = 72;

// struct gpio_v2_line_request, with struct gpio_v2_line_config at 288.
const REQUEST_BYTES = 592;
const REQUEST_CONSUMER = 256;
const REQUEST_CONFIG = 288;
const REQUEST_NUM_LINES = 560;
const REQUEST_EVENT_BUFFER = 564;
const REQUEST_FD = 588;

// struct gpio_v2_line_config: flags, number of attributes, attributes.
const CONFIG_BYTES = 272;
const CONFIG_NUM_ATTRS = 8;
const CONFIG_ATTRS = 32;

// struct gpio_v2_line_config_attribute: id, value at 8, mask of lines at 16.
const ATTR_BYTES = 24;
const ATTR_VALUE = 8;
const ATTR_MASK = 16;
/** enum gpio_v2_line_attr_id. */
const ATTR_OUTPUT_VALUES = 2;
const ATTR_DEBOUNCE = 3;

// struct gpio_v2_line_values: bits, mask.
const VALUES_BYTES = 16;

/** struct gpio_v2_line_event. */
export const EVENT_BYTES = 48;
/** GPIO_V2_LINE_EVENT_RISING_EDGE; the other one is falling. */
const RISING = 1;

/** enum gpio_v2_line_flag, those that a totem uses. */
export const LINE_FLAGS = {
  used: 1n << 0n,
  activeLow: 1n << 1n,
  input: 1n << 2n,
  output: 1n << 3n,
  edgeRising: 1n << 4n,
  edgeFalling: 1n << 5n,
  pullUp: 1n << 8n,
  pullDown: 1n << 9n,
  biasDisabled: 1n << 10n,
} as const;

/** asm-generic/ioctl.h: direction (2 writes, 3 reads and writes), size, type, number. 0xB4 is the GPIO device's type. */
function requestNumber(direction: 2 | 3, number: number, bytes: number): number {
  return ((direction << 30) | (bytes << 16) | (0xb4 << 8) | number) >>> 0;
}

/** What a chip or a request is asked, by its name in gpio.h. */
export const GPIO_REQUESTS = {
  /** GPIO_GET_CHIPINFO_IOCTL */
  chipInfo: requestNumber(2, 0x01, CHIP_INFO_BYTES),
  /** GPIO_V2_GET_LINEINFO_IOCTL */
  lineInfo: requestNumber(3, 0x05, LINE_INFO_BYTES),
  /** GPIO_V2_GET_LINE_IOCTL */
  lines: requestNumber(3, 0x07, REQUEST_BYTES),
  /** GPIO_V2_LINE_SET_CONFIG_IOCTL */
  setConfig: requestNumber(3, 0x0d, CONFIG_BYTES),
  /** GPIO_V2_LINE_GET_VALUES_IOCTL */
  getValues: requestNumber(3, 0x0e, VALUES_BYTES),
  /** GPIO_V2_LINE_SET_VALUES_IOCTL */
  setValues: requestNumber(3, 0x0f, VALUES_BYTES),
} as const;

export type ChipInfo = { readonly name: string; readonly label: string; readonly lines: number };

export type LineInfo = {
  readonly offset: number;
  readonly name: string;
  /** Who holds the line; a holder may have no name. */
  readonly consumer: string;
  readonly flags: bigint;
};

export type LineRequest = {
  /** At most 64, none twice. Lines are known by their place in this list from then on. */
  readonly offsets: readonly number[];
  readonly consumer: string;
  readonly flags: bigint;
  /** For all lines; 0 asks for none. */
  readonly debounceUs: number;
  /** A bit for each line, the first one lowest: what outputs start with. Null asks for nothing. */
  readonly outputBits: bigint | null;
  /** Events; 0 leaves it to the kernel, 16 a line. */
  readonly eventBufferSize: number;
};

export type LineEvent = {
  readonly timestampNs: bigint;
  /** From inactive to active, an active-low line already turned round. */
  readonly rising: boolean;
  readonly offset: number;
  /** Number among all events of the request, from 1. */
  readonly seqno: number;
  /** Number among the events of this line, from 1. */
  readonly lineSeqno: number;
};

/** An empty structure for the chip to fill. */
export const chipInfoBuffer = () => Buffer.alloc(CHIP_INFO_BYTES);

export function decodeChipInfo(bytes: Buffer): ChipInfo {
  return {
    name: readName(bytes, 0),
    label: readName(bytes, NAME_BYTES),
    lines: bytes.readUInt32LE(2 * NAME_BYTES),
  };
}

/** A structure that asks about one line. */
export function lineInfoBuffer(offset: number): Buffer {
  const bytes = Buffer.alloc(LINE_INFO_BYTES);
  bytes.writeUInt32LE(offset, LINE_INFO_OFFSET);
  return bytes;
}

export function decodeLineInfo(bytes: Buffer): LineInfo {
  return {
    offset: bytes.readUInt32LE(LINE_INFO_OFFSET),
    name: readName(bytes, 0),
    consumer: readName(bytes, NAME_BYTES),
    flags: bytes.readBigUInt64LE(LINE_INFO_FLAGS),
  };
}

/** @throws RangeError when there are no lines or too many: the kernel would say only EINVAL. */
export function encodeLineRequest(request: LineRequest): Buffer {
  const { offsets } = request;
  if (offsets.length === 0 || offsets.length > LINES_MAX) {
    throw new RangeError(`a request is for 1 to ${LINES_MAX} lines, not ${offsets.length}`);
  }
  const bytes = Buffer.alloc(REQUEST_BYTES);
  for (const [index, offset] of offsets.entries()) bytes.writeUInt32LE(offset, index * 4);
  bytes.write(request.consumer.slice(0, NAME_BYTES - 1), REQUEST_CONSUMER, "latin1");
  encodeLineConfig(request).copy(bytes, REQUEST_CONFIG);
  bytes.writeUInt32LE(offsets.length, REQUEST_NUM_LINES);
  bytes.writeUInt32LE(request.eventBufferSize, REQUEST_EVENT_BUFFER);
  return bytes;
}

/** How a request's lines are set, at the request or anew while they are held. */
export function encodeLineConfig(
  config: Pick<LineRequest, "offsets" | "flags" | "debounceUs" | "outputBits">,
): Buffer {
  const bytes = Buffer.alloc(CONFIG_BYTES);
  bytes.writeBigUInt64LE(config.flags, 0);
  const attributes = attributesOf(config);
  bytes.writeUInt32LE(attributes.length, CONFIG_NUM_ATTRS);
  for (const [index, attribute] of attributes.entries()) {
    const at = CONFIG_ATTRS + index * ATTR_BYTES;
    bytes.writeUInt32LE(attribute.id, at);
    bytes.writeBigUInt64LE(attribute.value, at + ATTR_VALUE);
    bytes.writeBigUInt64LE(allLines(config.offsets.length), at + ATTR_MASK);
  }
  return bytes;
}

/** The descriptor that the kernel wrote into an answered request. */
export function requestedFd(bytes: Buffer): number {
  return bytes.readInt32LE(REQUEST_FD);
}

/** Levels of a request's lines by their place in it; lines outside the mask are left alone. */
export function encodeValues(bits: bigint, mask: bigint): Buffer {
  const bytes = Buffer.alloc(VALUES_BYTES);
  bytes.writeBigUInt64LE(bits, 0);
  bytes.writeBigUInt64LE(mask, 8);
  return bytes;
}

/** The bits of an answered or asked structure of values. */
export function decodeValues(bytes: Buffer): { readonly bits: bigint; readonly mask: bigint } {
  return { bits: bytes.readBigUInt64LE(0), mask: bytes.readBigUInt64LE(8) };
}

/** The mask of a request's first so many lines. */
export function allLines(count: number): bigint {
  return (1n << BigInt(count)) - 1n;
}

/** @param bytes whole records, as the reader hands them over. */
export function decodeEvents(bytes: Buffer): readonly LineEvent[] {
  return Array.from({ length: Math.floor(bytes.length / EVENT_BYTES) }, (_, index) => {
    const at = index * EVENT_BYTES;
    return {
      timestampNs: bytes.readBigUInt64LE(at),
      rising: bytes.readUInt32LE(at + 8) === RISING,
      offset: bytes.readUInt32LE(at + 12),
      seqno: bytes.readUInt32LE(at + 16),
      lineSeqno: bytes.readUInt32LE(at + 20),
    };
  });
}

function attributesOf({
  debounceUs,
  outputBits,
}: Pick<LineRequest, "debounceUs" | "outputBits">): readonly { id: number; value: bigint }[] {
  return [
    ...(outputBits === null ? [] : [{ id: ATTR_OUTPUT_VALUES, value: outputBits }]),
    // A 32-bit number at the start of the 64 of the union, which in little-endian is the same.
    ...(debounceUs === 0 ? [] : [{ id: ATTR_DEBOUNCE, value: BigInt(debounceUs) }]),
  ];
}

function readName(bytes: Buffer, at: number): string {
  const name = bytes.subarray(at, at + NAME_BYTES);
  const end = name.indexOf(0);
  return name.subarray(0, end < 0 ? NAME_BYTES : end).toString("utf8");
}
