/**
 * Spans of two types that describe the same entity: they have equal values of
 * all the attributes. One to one.
 */
export interface FacetRule {
  /** Two different types. */
  facet: readonly [string, string];
  /** The names of the attributes to compare. */
  on: readonly string[];
  /**
   * The name of an attribute. Spans that have it, from a source or by
   * implication, are left out, because other rules relate them by it.
   */
  unless?: string;
}

/**
 * Nesting: spans of the inner type are nested in those of the outer type with
 * equal values of all the attributes.
 */
export interface SubspanRule {
  /** Two types; they may be equal if `on` has a pair. */
  subspan: readonly [outer: string, inner: string];
  /**
   * The names of the attributes to compare. A pair compares attributes of
   * different names: `["span_id", "parent_span_id"]`. An inner span that lacks
   * the second one is in no outer span, and does not count as unbound.
   */
  on: readonly (string | readonly [outer: string, inner: string])[];
  /**
   * The attribute that identifies the inner span within the outer one, for the
   * column `key`. By default the column is NULL.
   */
  key?: string;
  /**
   * True if an inner span can be in only one outer span; several are then a
   * contradiction. By default it is nested in each of them.
   */
  one?: boolean;
  /**
   * True if an inner span may be in no outer one; it then does not count as
   * unbound.
   */
  optional?: boolean;
}

/**
 * Completes spans from other spans: if the first attributes determine the
 * second ones in the spans that have both, a span that has only the first gets
 * the second. Spans of every type take part.
 */
export interface ImpliesRule {
  /** The names of the attributes that determine the others. */
  implies: readonly string[];
  /** The names of the attributes that they determine. */
  gives: readonly string[];
}

/**
 * Creates a wider context: a new span for each value of an attribute, or for
 * each combination of values of several, around all spans that have it, from a
 * source or by implication. If one of these spans is nested in another, the
 * context directly contains only the outer one.
 *
 * Contexts nest. If all spans in each context of one rule share a value of
 * another rule, the contexts of the other rule contain these, which get the
 * value: a campaign contains its batches of runs. If this holds both ways, the
 * rule that is listed first makes the outer contexts. A rule that relates the two
 * types takes precedence.
 *
 * The type of the span is `context.` and the names, "context.campaign", and its
 * attributes are the values. All of them are implied, which distinguishes it
 * from the spans of sources. It keeps its id as long as the value exists. An
 * existing span of the same type and key that no rule created is used in its
 * place.
 */
export interface ContextRule {
  /** The name of the attribute, or the names of several. */
  context: string | readonly string[];
  /** The type of the new spans, instead of the default one. */
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
    return `implies: ${nameList(rule.implies)} => ${nameList(rule.gives)}`;
  }
  if ("context" in rule) {
    const type = rule.type === undefined ? "" : ` type ${word(rule.type)}`;
    return `context: ${nameList(contextNames(rule))}${type}`;
  }
  if ("facet" in rule) {
    const [left, right] = rule.facet;
    const unless = rule.unless === undefined
      ? ""
      : ` unless ${word(rule.unless)}`;
    return `facet: ${word(left)} = ${word(right)} on ${nameList(rule.on)}` +
      unless;
  }
  const [outer, inner] = rule.subspan;
  const key = rule.key === undefined ? "" : ` key ${word(rule.key)}`;
  const one = rule.one ? " one" : "";
  const on = rule.on.map((name) =>
    typeof name === "string" ? word(name) : name.map(word).join(" = ")
  );
  return `subspan: ${word(outer)} > ${word(inner)} on ${on.join(", ")}` +
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

/** The two types of span that a rule relates. */
export const typesOf = (
  rule: FacetRule | SubspanRule,
): readonly [string, string] => "facet" in rule ? rule.facet : rule.subspan;

/** The attributes that a rule compares: those of the left type and of the right. */
export function comparedNames(
  { on }: FacetRule | SubspanRule,
): readonly [left: readonly string[], right: readonly string[]] {
  const pairs = on.map((name) =>
    typeof name === "string" ? [name, name] : name
  );
  return [pairs.map(([left]) => left!), pairs.map(([, right]) => right!)];
}

function nameList(names: readonly string[]): string {
  return names.map(word).join(", ");
}

// Quoted if it could be misread, so that no two rules have the same text.
function word(name: string): string {
  return /^[^\s",>=]+$/.test(name) ? name : JSON.stringify(name);
}

/**
 * The rules by their texts, without duplicates.
 *
 * @throws {TypeError} for a value that is not a rule, or a rule without a meaning
 */
export function checkRules<R extends Rule>(
  rules: Iterable<R>,
): Map<string, R> {
  const checked = new Map<string, R>();
  // By their types: the key of a context does not contain the names of its
  // attributes.
  const contexts = new Map<string, string>();
  for (const rule of rules) {
    if (!isRule(rule)) {
      throw new TypeError(
        "a rule is { facet: [type, type], on: [names] }, " +
          "{ subspan: [outer, inner], on: [names] }, " +
          "{ implies: [names], gives: [names] } or { context: name }, " +
          `not ${JSON.stringify(rule)}`,
      );
    }
    const text = ruleText(rule);
    if (!checked.has(text)) checkMeaning(rule, text, contexts);
    checked.set(text, rule);
  }
  return checked;
}

function isRule(given: unknown): boolean {
  const rule = Object(given);
  const [kind, ...others] = ["facet", "subspan", "implies", "context"]
    .filter((kind) => kind in rule);
  if (kind === undefined || others.length > 0) return false;
  if (kind === "implies") return isNames(rule.implies) && isNames(rule.gives);
  return kind === "context"
    ? isNameOrNone(rule.type) &&
      (typeof rule.context === "string" || isNames(rule.context))
    : isNames(rule[kind]) && rule[kind].length === 2 &&
      isCompared(rule.on, kind) && isNameOrNone(rule.key) &&
      isNameOrNone(rule.unless);
}

/** Whether it names attributes to compare; only nesting may compare pairs. */
const isCompared = (given: unknown, kind: string): boolean =>
  isNames(
    kind === "subspan" && Array.isArray(given)
      ? given.map((name) => isNames(name) && name.length === 2 ? "" : name)
      : given,
  );

const isNames = (given: unknown): given is string[] =>
  Array.isArray(given) && given.length > 0 &&
  given.every((name) => typeof name === "string");

const isNameOrNone = (given: unknown): boolean =>
  given === undefined || typeof given === "string";

function checkMeaning(
  rule: Rule,
  text: string,
  contexts: Map<string, string>,
): void {
  if ("implies" in rule) {
    const both = rule.implies.filter((name) => rule.gives.includes(name));
    if (both.length === 0) return;
    throw new TypeError(
      `an attribute cannot be implied by itself: ${both.join(", ")} in ${text}`,
    );
  }
  if ("on" in rule) {
    const [first, second] = "facet" in rule ? rule.facet : rule.subspan;
    const [left, right] = comparedNames(rule);
    if (first !== second || left.some((name, i) => name !== right[i])) return;
    throw new TypeError(`a rule is about two types, and here is one: ${text}`);
  }
  const names = contextNames(rule);
  if (new Set(names).size < names.length) {
    throw new TypeError(`an attribute is there twice: ${text}`);
  }
  const type = contextType(rule);
  const other = contexts.get(type);
  contexts.set(type, text);
  if (other === undefined) return;
  throw new TypeError(
    `two rules make spans of the type ${type}: give one of them ` +
      `another type. They are ${other}, and ${text}`,
  );
}
