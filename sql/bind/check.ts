import { type Rule, ruleText } from "./rules.ts";

/**
 * The rules, each once, by their text.
 *
 * @throws {TypeError} for what is no rule, or could not mean anything
 */
export function checkRules(rules: Iterable<Rule>): Map<string, Rule> {
  const checked = new Map<string, Rule>();
  for (const rule of rules) {
    checkShape(rule);
    const text = ruleText(rule);
    if ("implies" in rule) checkSides(rule.implies, rule.gives, text);
    else checkTypes("facet" in rule ? rule.facet : rule.subspan, text);
    checked.set(text, rule);
  }
  return checked;
}

function checkShape(rule: Rule): void {
  const { facet, subspan, implies, gives, on, key } = Object(rule);
  const names = implies === undefined ? [on] : [implies, gives];
  const types = [facet, subspan].filter((given) => given !== undefined);
  const kinds = types.length + (implies === undefined ? 0 : 1);
  const right = kinds === 1 && names.every(isNames) &&
    types.every((pair) => isNames(pair) && pair.length === 2) &&
    (key === undefined || typeof key === "string");
  if (right) return;
  throw new TypeError(
    "a rule is { facet: [type, type], on: [names] }, " +
      "{ subspan: [outer, inner], on: [names] } or " +
      `{ implies: [names], gives: [names] }, not ${JSON.stringify(rule)}`,
  );
}

function isNames(given: unknown): given is string[] {
  return Array.isArray(given) && given.length > 0 &&
    given.every((name) => typeof name === "string");
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
