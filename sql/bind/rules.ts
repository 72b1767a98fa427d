/**
 * Two accounts of the same thing: spans of the two types with equal values of
 * all the attributes. One to one.
 */
export interface FacetRule {
  /** The two types, which differ. */
  facet: readonly [string, string];
  /** The names of the attributes that are equal. */
  on: readonly string[];
}

/**
 * Nesting: spans of the inner type are nested in those of the outer type with
 * equal values of all the attributes.
 */
export interface SubspanRule {
  /** The outer and the inner type, which differ. */
  subspan: readonly [outer: string, inner: string];
  /** The names of the attributes that are equal. */
  on: readonly string[];
  /**
   * The inner span's attribute that tells it from the others in the same outer
   * span: it goes to the column `key`. By default the column is NULL.
   */
  key?: string;
  /**
   * True where an inner span can be in one outer span alone: more than one is
   * a contradiction then. By default it is nested in each.
   */
  one?: boolean;
}

/**
 * What is known of a span by what other spans say: if the first attributes
 * lead to the second ones in the spans that have both, a span with the first
 * alone gets the second. Spans of every type take part.
 */
export interface ImpliesRule {
  /** The names of the attributes that lead to the others. */
  implies: readonly string[];
  /** The names of the attributes that they lead to. */
  gives: readonly string[];
}

/** A rule for {@linkcode bind}: plain data. */
export type Rule = FacetRule | SubspanRule | ImpliesRule;

/**
 * A rule as text, as the column `rule` of subspan and facet has it.
 *
 * @example
 * ```ts
 * import { ruleText } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * assert.equal(
 *   ruleText({ subspan: ["ship", "cabin"], on: ["ship"], key: "deck" }),
 *   "subspan: ship > cabin on ship key deck",
 * );
 * assert.equal(
 *   ruleText({ implies: ["cabin"], gives: ["ship", "deck"] }),
 *   "implies: cabin => ship, deck",
 * );
 * ```
 */
export function ruleText(rule: Rule): string {
  if ("implies" in rule) {
    return `implies: ${list(rule.implies)} => ${list(rule.gives)}`;
  }
  if ("facet" in rule) {
    const [left, right] = rule.facet;
    return `facet: ${word(left)} = ${word(right)} on ${list(rule.on)}`;
  }
  const [outer, inner] = rule.subspan;
  const key = rule.key === undefined ? "" : ` key ${word(rule.key)}`;
  const one = rule.one ? " one" : "";
  return `subspan: ${word(outer)} > ${word(inner)} on ${list(rule.on)}` +
    key + one;
}

function list(names: readonly string[]): string {
  return names.map(word).join(", ");
}

// Quoted where it could be misread, so that no two rules have the same text.
function word(name: string): string {
  return /^[^\s",>=]+$/.test(name) ? name : JSON.stringify(name);
}
