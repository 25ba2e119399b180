/**
 * What a line of the header can be: its level, and what it is pulled to while nobody drives it.
 */

export type Level = 0 | 1;

export type Bias = "pull-up" | "pull-down" | "none";
