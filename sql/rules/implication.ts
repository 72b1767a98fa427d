import type { ImpliesRule } from "./rules.ts";
import type { Merged } from "./records.ts";

/** What the same left side leads to. */
export interface Known {
  texts: string[];
  /** As all say it who say it, or as text. */
  values: unknown[];
}

/** A rule at work. */
export interface Plan {
  rule: ImpliesRule;
  text: string;
  /** By the values of the left side. */
  known: Map<string, Known>;
  /** The left sides that lead to several values. */
  contradicted: Set<string>;
}

/** Records at work: as they were given, and as they are. */
export interface State<T> {
  given: readonly T[];
  now: T[];
  plans: readonly Plan[];
  /** By its number, what a record is not given: rules lead to several values. */
  contested: Map<number, Set<string>>;
  merged: Merged<T>;
}
