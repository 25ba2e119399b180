/**
 * A long text put together as bytes. A year by hour has some ten million cells: as strings they would be joined, flattened
 * and encoded, a copy and garbage each time; as bytes each is copied once. Pure.
 */

/** Room for what one row adds before the next look at the size; a larger text makes the room larger. */
const SPARE_BYTES = 16_384;

const ENCODER = new TextEncoder();

/** A text's bytes in UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return ENCODER.encode(text);
}

export class TextBytes {
  readonly #size: number;
  #bytes: Uint8Array;
  #length = 0;

  /** @param size when there is about so much, it should be taken. */
  constructor(size: number) {
    this.#size = size + SPARE_BYTES;
    this.#bytes = new Uint8Array(this.#size);
  }

  get length(): number {
    return this.#length;
  }

  put(text: Uint8Array): void {
    const end = this.#length + text.length;
    if (end > this.#bytes.length) this.#grow(end);
    const bytes = this.#bytes;
    // A cell is a few bytes: to copy them one by one is faster than to ask for it.
    for (let from = 0, to = this.#length; to < end; from++, to++) bytes[to] = text[from] as number;
    this.#length = end;
  }

  /** Hands over what there is; the next text begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(this.#size);
    this.#length = 0;
    return taken;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(2 * needed);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
