/**
 * A funnel plot: each service's share against its number of votes, with the limits between which chance alone would leave it. Not a ranking:
 * a service inside the limits differs from the others by nothing one could tell (Spiegelhalter 2005). Pure.
 */

/** The 97.5 % and 99.9 % points of the normal distribution: limits of 95 % and 99.8 %. */
const Z95 = 1.959963984540054;
const Z998 = 3.090232306167813;

export type FunnelInput = { readonly name: string; readonly part: number; readonly whole: number };

/** `usual` lies within the 95 % limits; `unusual` outside of them; `far` outside of those of 99.8 %. */
export type FunnelVerdict = "usual" | "unusual" | "far";

export type FunnelPoint = FunnelInput & { readonly share: number; readonly verdict: FunnelVerdict };

export type Limits = {
  readonly low95: number;
  readonly high95: number;
  readonly low998: number;
  readonly high998: number;
};

export type Funnel = {
  /** The share of all votes together, about which the limits lie. */
  readonly overall: number;
  /** In the order of their names: the plot ranks nobody. */
  readonly points: readonly FunnelPoint[];
};

/** Null where there is nothing to compare: fewer than two services with votes. */
export function funnelOf(inputs: readonly FunnelInput[]): Funnel | null {
  const voted = inputs.filter(({ whole }) => whole > 0);
  if (voted.length < 2) return null;
  const sum = (of: (input: FunnelInput) => number) => voted.reduce((total, input) => total + of(input), 0);
  const overall = sum(({ part }) => part) / sum(({ whole }) => whole);
  const points = voted.map((input) => {
    const share = input.part / input.whole;
    return { ...input, share, verdict: verdictOf(share, limitsAt(overall, input.whole)) };
  });
  return { overall, points: points.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) };
}

/** Between which shares chance alone leaves a service of so many votes. */
export function limitsAt(overall: number, votes: number): Limits {
  const spread = Math.sqrt((overall * (1 - overall)) / votes);
  const at = (z: number) => Math.min(1, Math.max(0, overall + z * spread));
  return { low95: at(-Z95), high95: at(Z95), low998: at(-Z998), high998: at(Z998) };
}

function verdictOf(share: number, limits: Limits): FunnelVerdict {
  if (share < limits.low998 || share > limits.high998) return "far";
  return share < limits.low95 || share > limits.high95 ? "unusual" : "usual";
}
