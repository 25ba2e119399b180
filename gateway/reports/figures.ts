/**
 * The arithmetic of reports: percentages with one decimal, half up, and Wilson intervals. Pure.
 */

/** A percentage in tenths of a percent: 874 is 87.4 %. */
export type Tenths = number;

/** Tenths written out with one decimal: no rounding error can come in. */
export function tenthsText(tenths: Tenths, mark: "." | "," = "."): string {
  return `${Math.trunc(tenths / 10)}${mark}${Math.abs(tenths % 10)}`;
}

/** The 97.5 % point of the normal distribution, for an interval of 95 %. */
const Z = 1.959963984540054;

/** `part` of `whole` in tenths of a percent, half up, by whole numbers only; null when `whole` is zero. */
export function percentTenths(part: number, whole: number): Tenths | null {
  return whole === 0 ? null : Math.floor((2_000 * part + whole) / (2 * whole));
}

/** The 95 % Wilson score interval of `part` of `whole` in tenths of a percent; null when `whole` is zero. */
export function wilsonTenths(
  part: number,
  whole: number,
): { readonly low: Tenths; readonly high: Tenths } | null {
  if (whole === 0) return null;
  const share = part / whole;
  const z2 = Z * Z;
  const centre = share + z2 / (2 * whole);
  const spread = Z * Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole * whole));
  const scale = 1 + z2 / whole;
  const tenths = (value: number) => Math.min(1_000, Math.max(0, Math.floor(value * 1_000 + 0.5)));
  return { low: tenths((centre - spread) / scale), high: tenths((centre + spread) / scale) };
}
