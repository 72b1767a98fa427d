import { KeyNumbers } from "../key_numbers.ts";
import { TextNumbers, withRoom } from "../text_numbers.ts";
import { checkRules, type ImpliesRule, type Rule } from "./rules.ts";

/** An implication, and the right values that are known so far. */
interface Known extends ImpliesRule {
  lefts: KeyNumbers;
  /** The numbers of the right values, by the number of the left ones. */
  rights: Int32Array<ArrayBuffer>;
}

/**
 * Completes new spans by implications before they are written, as far as
 * earlier spans show the values, so that {@linkcode bind} does not write them a
 * second time. It can be wrong where sources contradict each other: bind()
 * forgets what was implied, starts from the sources, and corrects it.
 *
 * @example
 * ```ts
 * import { ImpliedEarly } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const early = new ImpliedEarly([{ implies: ["cabin"], gives: ["ship"] }]);
 * early.learn({ cabin: "12", ship: "a" });
 * const guest = { guest: "Ida", cabin: "12" };
 * assert.deepEqual(early.complete(guest), ["ship"]);
 * assert.deepEqual(guest, { guest: "Ida", cabin: "12", ship: "a" });
 * ```
 */
export class ImpliedEarly {
  readonly #rules: readonly Known[];
  readonly #texts = new TextNumbers();

  /**
   * Uses the implications among the rules.
   *
   * @throws {TypeError} for a value that is not a rule
   */
  constructor(rules: Iterable<Rule>) {
    this.#rules = checkRules(rules).values()
      .filter((rule) => "implies" in rule)
      .map((rule): Known => ({
        ...rule,
        lefts: new KeyNumbers(),
        rights: new Int32Array(8),
      })).toArray();
  }

  /** Notes the values that a source gives a span. */
  learn(attributes: Record<string, unknown>): void {
    for (const rule of this.#rules) {
      const { implies, gives, lefts } = rule;
      const right = textsOf(attributes, gives);
      const left = right && textsOf(attributes, implies);
      if (!left) continue;
      const at = gives.length * lefts.number(left);
      rule.rights = withRoom(rule.rights, at + gives.length);
      for (let i = 0; i < gives.length; i++) {
        rule.rights[at + i] = this.#texts.number(right![i]!);
      }
    }
  }

  /** Adds attributes that the others imply; returns their names. */
  complete(attributes: Record<string, unknown>): string[] {
    const added: string[] = [];
    for (const { implies, gives, lefts, rights } of this.#rules) {
      if (gives.every((name) => typeof attributes[name] === "string")) continue;
      const left = textsOf(attributes, implies);
      const at = gives.length * (left ? lefts.known(left) : 0);
      if (!rights[at]) continue;
      const right = gives.map((_, i) => this.#texts.text(rights[at + i]!));
      const fits = right.every((text, i) =>
        (attributes[gives[i]!] ?? text) === text
      );
      if (!fits) continue;
      for (let i = 0; i < gives.length; i++) {
        const name = gives[i]!;
        if (attributes[name] === right[i]) continue;
        attributes[name] = right[i];
        added.push(name);
      }
    }
    return added;
  }
}

/** The values, if all of them are texts. */
function textsOf(
  attributes: Record<string, unknown>,
  names: readonly string[],
): string[] | undefined {
  const texts: string[] = [];
  for (const name of names) {
    const value = attributes[name];
    if (typeof value !== "string") return undefined;
    texts.push(value);
  }
  return texts;
}
