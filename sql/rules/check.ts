import { contextNames, contextType, type Rule, ruleText } from "./rules.ts";

/**
 * The rules, each once, by their text.
 *
 * @throws {TypeError} for what is no rule, or could not mean anything
 */
export function checkRules<R extends Rule>(
  rules: Iterable<R>,
): Map<string, R> {
  const checked = new Map<string, R>();
  for (const rule of rules) {
    checkShape(rule);
    const text = ruleText(rule);
    if ("implies" in rule) checkSides(rule.implies, rule.gives, text);
    else if ("facet" in rule) checkTypes(rule.facet, text);
    else if ("subspan" in rule) checkTypes(rule.subspan, text);
    checked.set(text, rule);
  }
  checkContexts(checked);
  return checked;
}

function checkShape(rule: Rule): void {
  if (isRelation(rule) || isImplication(rule) || isContext(rule)) return;
  throw new TypeError(
    "a rule is { facet: [type, type], on: [names] }, " +
      "{ subspan: [outer, inner], on: [names] }, " +
      "{ implies: [names], gives: [names] } or { context: name }, " +
      `not ${JSON.stringify(rule)}`,
  );
}

const kinds = ["facet", "subspan", "implies", "context"];

/** Whether it is of this kind and of no other. */
function isOnly(kind: string, rule: object): boolean {
  return kinds.every((name) => (name in rule) === (name === kind));
}

function isRelation(given: Rule): boolean {
  const rule = Object(given);
  const kind = "facet" in rule ? "facet" : "subspan";
  return isOnly(kind, rule) && isNames(rule[kind]) && rule[kind].length === 2 &&
    isNames(rule.on) && isNameOrNone(rule.key);
}

function isImplication(given: Rule): boolean {
  const rule = Object(given);
  return isOnly("implies", rule) && isNames(rule.implies) &&
    isNames(rule.gives);
}

function isContext(given: Rule): boolean {
  const rule = Object(given);
  return isOnly("context", rule) && isNameOrNone(rule.type) &&
    (typeof rule.context === "string" || isNames(rule.context));
}

function isNames(given: unknown): given is string[] {
  return Array.isArray(given) && given.length > 0 &&
    given.every((name) => typeof name === "string");
}

function isNameOrNone(given: unknown): boolean {
  return given === undefined || typeof given === "string";
}

function checkTypes(
  [first, second]: readonly [string, string],
  text: string,
): void {
  if (first !== second) return;
  throw new TypeError(`a rule is about two types, and here is one: ${text}`);
}

function checkSides(
  left: readonly string[],
  right: readonly string[],
  text: string,
): void {
  const both = left.filter((name) => right.includes(name));
  if (both.length === 0) return;
  throw new TypeError(
    `an attribute cannot be implied by itself: ${both.join(", ")} in ${text}`,
  );
}

// The key of a span does not say of which attributes its values are.
function checkContexts(rules: ReadonlyMap<string, Rule>): void {
  const texts = new Map<string, string>();
  for (const [text, rule] of rules) {
    if (!("context" in rule)) continue;
    const names = contextNames(rule);
    if (new Set(names).size < names.length) {
      throw new TypeError(`an attribute is there twice: ${text}`);
    }
    const type = contextType(rule);
    const other = texts.get(type);
    if (other !== undefined) {
      throw new TypeError(
        `two rules make spans of the type ${type}: give one of them ` +
          `another type. They are ${other}, and ${text}`,
      );
    }
    texts.set(type, text);
  }
}
