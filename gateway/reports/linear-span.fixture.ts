/**
 * What can be had from published sums by adding and subtracting, however often: linear algebra modulo a prime, which is
 * exact but for one case in millions. Knows that no count is negative: the parts of a sum that is zero are zero.
 */

/** Below 2^26, so that a product stays a whole number. */
const PRIME = 67_108_859;

/** A sum of unknowns, by their numbers, and what it comes to. */
export type Equation = { readonly unknowns: readonly number[]; readonly sum: number };

/** Everything that follows from some equations. */
export function linearSpan(equations: readonly Equation[], unknowns: number) {
  const rows: { readonly pivot: number; values: number[] }[] = [];
  const reduce = (values: number[]): number[] => {
    for (const { pivot, values: row } of rows) {
      const factor = values[pivot] as number;
      if (factor !== 0) subtract(values, row, factor);
    }
    return values;
  };
  const insert = (equation: Equation) => {
    const values = reduce(vector(equation, unknowns));
    const pivot = values.findIndex((value, index) => value !== 0 && index < unknowns);
    if (pivot === -1) return;
    const inverse = power(values[pivot] as number, PRIME - 2);
    for (let i = 0; i <= unknowns; i++) values[i] = ((values[i] as number) * inverse) % PRIME;
    for (const row of rows) {
      const factor = row.values[pivot] as number;
      if (factor !== 0) subtract(row.values, values, factor);
    }
    rows.push({ pivot, values });
  };
  for (const equation of equations) insert(equation);
  for (let known = -1; known !== rows.length; ) {
    known = rows.length;
    for (const { values } of [...rows]) {
      const parts = values.flatMap((value, index) => (value !== 0 && index < unknowns ? [index] : []));
      const isSumOfParts = parts.every((part) => (values[part] as number) < PRIME / 2);
      if (values[unknowns] !== 0 || !isSumOfParts) continue;
      for (const part of parts) insert({ unknowns: [part], sum: 0 });
    }
  }
  return {
    /** True when this sum can be worked out. */
    holds: (sum: readonly number[]): boolean =>
      reduce(vector({ unknowns: sum, sum: 0 }, unknowns)).every(
        (value, index) => value === 0 || index === unknowns,
      ),
  };
}

function vector(equation: Equation, unknowns: number): number[] {
  const values = new Array<number>(unknowns + 1).fill(0);
  for (const unknown of equation.unknowns) values[unknown] = 1;
  values[unknowns] = equation.sum;
  return values;
}

function subtract(values: number[], row: readonly number[], factor: number): void {
  for (let i = 0; i < values.length; i++) {
    if (row[i] !== 0) values[i] = ((values[i] as number) + (PRIME - factor) * (row[i] as number)) % PRIME;
  }
}

function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}
