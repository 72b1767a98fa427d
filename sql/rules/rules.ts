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

/**
 * A wider context: a new span for each value of an attribute, around all spans
 * that carry it, whether it was said or implied; of several attributes, for
 * each combination of values.
 *
 * The span is of the type `context.` and the names, "context.campaign", and its
 * attributes are the values: all of them implied, by which it is told from
 * spans that a source tells of. It keeps its id for as long as the value is
 * there. Where a span of the type and key is there already that no rule made,
 * it is taken.
 */
export interface ContextRule {
  /** The name of the attribute, or the names of several. */
  context: string | readonly string[];
  /** The type of the new spans, in place of the usual one. */
  type?: string;
}

/** A rule for {@linkcode bind}: plain data. */
export type Rule = FacetRule | SubspanRule | ImpliesRule | ContextRule;

/**
 * A rule as text, as the table `rule` has it.
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
 * assert.equal(ruleText({ context: "line" }), "context: line");
 * ```
 */
export function ruleText(rule: Rule): string {
  if ("implies" in rule) {
    return `implies: ${list(rule.implies)} => ${list(rule.gives)}`;
  }
  if ("context" in rule) {
    const type = rule.type === undefined ? "" : ` type ${word(rule.type)}`;
    return `context: ${list(contextNames(rule))}${type}`;
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

/** The attributes of a context. */
export function contextNames({ context }: ContextRule): readonly string[] {
  return typeof context === "string" ? [context] : context;
}

/** The type of the spans that a context rule makes. */
export function contextType(rule: ContextRule): string {
  return rule.type ?? `context.${contextNames(rule).join(".")}`;
}

function list(names: readonly string[]): string {
  return names.map(word).join(", ");
}

// Quoted where it could be misread, so that no two rules have the same text.
function word(name: string): string {
  return /^[^\s",>=]+$/.test(name) ? name : JSON.stringify(name);
}
