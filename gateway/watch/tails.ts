/**
 * Tails of a few distributions, for the statistics that look for gaming. Pure. Written here because the kept libraries that have them
 * bring two hundred packages along, or no upper tails.
 *
 * Each gives the chance of at least as much as was seen. Sums go from the largest term outwards in logarithms, so that a chance of
 * 1e-12 is still right.
 */

/** Terms smaller than this part of the sum no longer change it. */
const NEGLIGIBLE = 1e-17;

/** P(X >= `atLeast`) for X binomial: `trials` times a chance of `chance`. */
export function binomialTail(trials: number, chance: number, atLeast: number): number {
  if (atLeast <= 0 || chance >= 1) return atLeast <= trials ? 1 : 0;
  if (atLeast > trials || chance <= 0) return 0;
  const odds = chance / (1 - chance);
  const logChance = (x: number) =>
    logChoose(trials, x) + x * Math.log(chance) + (trials - x) * Math.log1p(-chance);
  return tail({
    ...{ mean: trials * chance, atLeast, last: trials, logChance },
    ratio: (x) => ((trials - x) / (x + 1)) * odds,
  });
}

/** P(X >= `atLeast`) for X of Poisson's distribution with this mean. */
export function poissonTail(mean: number, atLeast: number): number {
  if (atLeast <= 0) return 1;
  if (mean <= 0) return 0;
  const logChance = (x: number) => x * Math.log(mean) - mean - logFactorial(x);
  return tail({ mean, atLeast, last: Number.POSITIVE_INFINITY, logChance, ratio: (x) => mean / (x + 1) });
}

/**
 * The chance that ranks drawn at random add up to at least as much as those of `chosen` do, among `chosen` and `others` together: the
 * exact rank-sum test (Wilcoxon 1945; Mann and Whitney 1947), ties counted half. Days are exchanged whole, so votes of one day may
 * depend on each other as they like.
 */
export function rankSumTail(chosen: readonly number[], others: readonly number[]): number {
  const ranks = doubledRanks([...chosen, ...others]);
  const seen = ranks.slice(0, chosen.length).reduce((sum, rank) => sum + rank, 0);
  const sorted = [...ranks].sort((a, b) => b - a);
  const most = sorted.slice(0, chosen.length).reduce((sum, rank) => sum + rank, 0);
  // ways[n][s]: the share of all ways to draw n of the ranks looked at so far that add up to s.
  const ways = Array.from({ length: chosen.length + 1 }, () => new Float64Array(most + 1));
  (ways[0] as Float64Array)[0] = 1;
  for (const [looked, rank] of ranks.entries()) {
    for (let n = Math.min(chosen.length, looked + 1); n >= 1; n--) {
      const [from, to] = [ways[n - 1], ways[n]] as [Float64Array, Float64Array];
      for (let sum = most; sum >= rank; sum--) to[sum] = (to[sum] as number) + (from[sum - rank] as number);
    }
  }
  const drawn = ways[chosen.length] as Float64Array;
  const all = drawn.reduce((sum, share) => sum + share, 0);
  return drawn.subarray(seen).reduce((sum, share) => sum + share, 0) / all;
}

/** Ranks from the smallest on, twice over, so that the mean of two equal ones is whole. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

type Spread = {
  readonly mean: number;
  readonly atLeast: number;
  readonly last: number;
  readonly logChance: (x: number) => number;
  /** The chance of x + 1 as a multiple of that of x. */
  readonly ratio: (x: number) => number;
};

/** Away from the mean, where terms only get smaller: upwards, or downwards for what is missing to one. */
function tail({ mean, atLeast, last, logChance, ratio }: Spread): number {
  let term = 1;
  let sum = 1;
  if (atLeast > mean) {
    for (let x = atLeast; x < last && term > sum * NEGLIGIBLE; x++) {
      term *= ratio(x);
      sum += term;
    }
    return Math.min(1, Math.exp(logChance(atLeast)) * sum);
  }
  for (let x = atLeast - 1; x > 0 && term > sum * NEGLIGIBLE; x--) {
    term /= ratio(x - 1);
    sum += term;
  }
  return Math.max(0, 1 - Math.exp(logChance(atLeast - 1)) * sum);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Exact sums for small numbers, Stirling's series with two terms above: its error is then below 1e-10. */
const EXACT_MAX = 100;

function logFactorial(n: number): number {
  if (n > EXACT_MAX)
    return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let sum = 0;
  for (let x = 2; x <= n; x++) sum += Math.log(x);
  return sum;
}
