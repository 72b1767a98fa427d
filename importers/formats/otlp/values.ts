import { listOf, type Members } from "../json/records.ts";

/** An object; empty for any other value. */
export const membersOf = (value: unknown): Members =>
  typeof value === "object" && value !== null ? value as Members : {};

/** Attributes, which are a list of keys and values. */
export const keyValuesOf = (list: unknown): Record<string, unknown> =>
  Object.fromEntries(
    listOf(list).flatMap((pair) => {
      const { key, value } = membersOf(pair);
      return typeof key === "string" ? [[key, valueOf(value)]] : [];
    }),
  );

/** A value, which is an object whose only member names the type. */
function valueOf(any: unknown): unknown {
  const value = membersOf(any);
  if (value.intValue !== undefined) return exactNumber(value.intValue);
  if (value.doubleValue !== undefined) return exactNumber(value.doubleValue);
  if (value.arrayValue !== undefined) {
    return listOf(membersOf(value.arrayValue).values).map(valueOf);
  }
  if (value.kvlistValue !== undefined) {
    return keyValuesOf(membersOf(value.kvlistValue).values);
  }
  return value.stringValue ?? value.boolValue ?? value.bytesValue ?? null;
}

/** A number that JavaScript represents exactly, otherwise the text. */
function exactNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const number = Number(value);
  const isExact = Number.isFinite(number) && value !== "" &&
    (!/^-?\d+$/.test(value) || Number.isSafeInteger(number));
  return isExact ? number : value;
}
