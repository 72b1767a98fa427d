import { refuseSlow } from "../../display/slow_patterns.ts";
import {
  describeArgument,
  type ScalarFunction,
  type SqlArgument,
  type SqlResult,
} from "./values.ts";

/**
 * regexp(pattern, text), which SQLite calls for `text REGEXP pattern`, and
 * regexp_extract(text, pattern[, group]). Patterns are JavaScript's, without
 * flags: `(?i:error)` ignores case. One that would take seconds for a text is an
 * error.
 */
export const regularExpressions: readonly ScalarFunction[] = [
  { name: "regexp", arity: 2, evaluate: matches },
  { name: "regexp_extract", arity: -1, evaluate: extract },
];

function matches(...[pattern, value]: SqlArgument[]): SqlResult {
  const text = argumentText(value!);
  if (text === null || pattern === null) return null;
  return compile("regexp", pattern!, text).test(text);
}

function extract(...values: SqlArgument[]): SqlResult {
  if (values.length < 2 || values.length > 3) {
    throw new TypeError(
      "wrong number of arguments to function regexp_extract()",
    );
  }
  const [value, pattern, group] = values;
  const text = argumentText(value!);
  if (text === null || pattern === null || group === null) return null;
  const match = compile("regexp_extract", pattern!, text).exec(text);
  if (match === null) return null;
  if (group === undefined) return match[match.length > 1 ? 1 : 0] ?? null;
  const found = typeof group === "string" ? match.groups : match;
  if (found === undefined || !Object.hasOwn(found, String(group))) {
    throw new RangeError(
      `regexp_extract(): the pattern ${pattern} has no group ${
        typeof group === "string" ? `named ${group}` : group
      }`,
    );
  }
  return (found as Record<string, string | undefined>)[String(group)] ?? null;
}

const cache = new Map<string, RegExp>();
const maxCached = 256;

function compile(name: string, pattern: SqlArgument, text: string): RegExp {
  if (typeof pattern !== "string") {
    throw new TypeError(
      `${name}() takes its pattern as text, not ${describeArgument(pattern)}`,
    );
  }
  if (cache.size > maxCached) cache.clear();
  const compiled = cache.getOrInsertComputed(pattern, () => {
    try {
      return new RegExp(pattern);
    } catch (error) {
      throw new SyntaxError(`${name}(): ${(error as Error).message}`);
    }
  });
  refuseSlow(compiled, text, `the text of ${name}(), `);
  return compiled;
}

function argumentText(value: SqlArgument): string | null {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return value === null ? null : String(value);
}
