import type { Statement } from "../statement.ts";

/** The type that a parameter is made. */
export type Cast = "INTEGER" | "REAL";

/**
 * The text of a statement with casts around some of its parameters: sql.js
 * binds no INTEGER of more than 32 bits, and no small whole number as REAL.
 *
 * @param casts by the parameter's number less one
 */
export function castParameters(
  { sql, parameters }: Statement,
  casts: readonly (Cast | undefined)[],
): string {
  let text = "";
  let end = 0;
  for (const parameter of parameters) {
    text += sql.slice(end, parameter.start);
    const cast = casts[parameter.index - 1];
    // A cast has an affinity, which would change comparisons; the plus takes
    // it away, and otherwise does nothing.
    text += cast ? `+CAST(${parameter.text} AS ${cast})` : parameter.text;
    end = parameter.end;
  }
  return text + sql.slice(end);
}
