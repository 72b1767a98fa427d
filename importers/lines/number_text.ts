const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * A number as programs write it, "3" or "-1.5e-07"; undefined of other text,
 * and of what no column of numbers holds: nan, inf, 1e999.
 */
export function numberOf(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a text is meant as a number that cannot be stored. */
export const isNoFinite = (text: string): boolean =>
  /^[-+]?(?:nan|inf(?:inity)?)$/i.test(text) ||
  (decimal.test(text) && numberOf(text) === undefined);
