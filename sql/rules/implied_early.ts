import type { ImpliesRule, Rule } from "./rules.ts";

/** An implication, and the right values that are known so far. */
interface Known extends ImpliesRule {
  rights: Rights;
}

/** Right values, by the left ones, one after another. */
type Rights = Map<unknown, Rights | readonly string[]>;

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

  /** Uses the implications among the rules. */
  constructor(rules: Iterable<Rule>) {
    this.#rules = Iterator.from(rules).filter((rule) => "implies" in rule)
      .map((rule): Known => ({ ...rule, rights: new Map() })).toArray();
  }

  /** Notes the values that a source gives a span. */
  learn(attributes: Record<string, unknown>): void {
    for (const { implies, gives, rights } of this.#rules) {
      const right = textsOf(attributes, gives);
      const left = right && textsOf(attributes, implies);
      if (!left) continue;
      const last = left.pop();
      const within = left.reduce(
        (rights, text) =>
          rights.getOrInsertComputed(text, () => new Map()) as Rights,
        rights,
      );
      within.set(last, right);
    }
  }

  /** Adds attributes that the others imply; returns their names. */
  complete(attributes: Record<string, unknown>): string[] {
    const added: string[] = [];
    for (const { implies, gives, rights } of this.#rules) {
      let found: Rights | readonly string[] | undefined = rights;
      for (const name of implies) {
        found = (found as Rights | undefined)?.get(attributes[name]);
      }
      const right = found as readonly string[] | undefined;
      const fits = right?.every((text, i) =>
        (attributes[gives[i]!] ?? text) === text
      );
      if (!fits) continue;
      for (let i = 0; i < gives.length; i++) {
        const name = gives[i]!;
        if (attributes[name] === right![i]) continue;
        attributes[name] = right![i];
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
