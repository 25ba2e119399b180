/**
 * How every file lies in the archives the gateway writes: the same files make the same bytes, whenever and wherever.
 */

/** No moment of making in the bytes. An archive tells local time: 1980, its first year, is the same in every zone. */
export const ZIP_ENTRY = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, compress: true } as const;
