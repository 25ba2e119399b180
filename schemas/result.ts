/**
 * What a function that may fail for a known reason returns: a value or a problem, never an exception.
 * Exceptions stay for the impossible; bad input and broken devices are values that the compiler makes us handle.
 */

export type Result<T, P> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: P };

/** Wraps a value as the good outcome. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps a problem as the bad outcome. */
export function fail<P>(problem: P): { readonly ok: false; readonly problem: P } {
  return { ok: false, problem };
}
