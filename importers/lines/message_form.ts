import { type Place, templatePlaces } from "./template.ts";

/**
 * What messages have in common that differ in numbers alone: "Task 5 will be
 * sent to executor htex" and "Task 76 will be sent to executor htex". They have
 * the same template, and a pattern fits all of them or none; so neither has to
 * be found out again for each.
 */
export interface MessageForm {
  /** The template of the messages. */
  readonly template: string;
  /** Whether a message is of this form. */
  fits(message: string): boolean;
  /** JSON: the attributes of a message of this form, if it has values. */
  attributes(message: string): string | null;
  /** By the number of a pattern, whether it fits. */
  readonly patterns: (boolean | undefined)[];
}

/**
 * The form of a message; undefined if its template cannot be known of others by
 * their numbers.
 */
export function formOf(message: string): MessageForm | undefined {
  if (message.length > longest) return undefined;
  const { text, places } = templatePlaces(message);
  // Four digits are of a UUID, and three are not.
  if (places.some(([start, end]) => uuid.test(message.slice(start, end)))) {
    return undefined;
  }
  const numbers: NumberPlace[] = [];
  for (const { 0: digits, index } of message.matchAll(number)) {
    const end = index + digits.length;
    // What is no value is the same in all messages.
    const isValue = places.some(([from, to]) => from <= index && end <= to);
    if (isValue && /\d/.test(digits)) {
      numbers.push({ start: index, end, kind: kindOf(digits) });
    }
  }
  return makeForm(copyOf(text), copyOf(message), places, numbers);
}

const longest = 1000;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

// As the template sees them: hex of eight digits or more is a number, too.
const number = /(?<!\w)(?:0x[0-9a-f]+|[0-9a-f]{8,}|\d+)(?!\w)/g;

/** Where a number is in a message. */
interface NumberPlace {
  start: number;
  end: number;
  kind: RegExp;
}

// Numbers of different kinds may be told apart by patterns and the template.
const [short, long, hex, word, address] = [
  /\d{1,7}/,
  /\d{8,}/,
  /(?=\d+[a-f])[0-9a-f]{8,}/,
  /(?=[a-f]+\d)[0-9a-f]{8,}/,
  /0x[0-9a-f]+/,
];

function kindOf(digits: string): RegExp {
  if (digits.startsWith("0x")) return address!;
  if (/^\d+$/.test(digits)) return digits.length < 8 ? short! : long!;
  return /^\d/.test(digits) ? hex! : word!;
}

function makeForm(
  template: string,
  example: string,
  places: readonly Place[],
  numbers: readonly NumberPlace[],
): MessageForm {
  let source = "^";
  let at = 0;
  for (const { start, end, kind } of numbers) {
    source += `${RegExp.escape(example.slice(at, start))}(${kind.source})`;
    at = end;
  }
  const pattern = new RegExp(`${source}${RegExp.escape(example.slice(at))}$`);
  const json = jsonBetween(example, places, numbers);
  return {
    template,
    patterns: [],
    fits: (message) => pattern.test(message),
    attributes(message) {
      if (places.length === 0) return null;
      const found = pattern.exec(message)!;
      let text = json[0]!;
      for (let i = 1; i < json.length; i++) text += found[i]! + json[i]!;
      return text;
    },
  };
}

/** The JSON of the values, before, between and behind the numbers in them. */
function jsonBetween(
  example: string,
  places: readonly Place[],
  numbers: readonly NumberPlace[],
): string[] {
  const json = [""];
  const add = (text: string) => json[json.length - 1] += text;
  const quoted = (text: string) => JSON.stringify(text).slice(1, -1);
  add('{"values":[');
  places.forEach(([start, end], i) => {
    add(i === 0 ? '"' : ',"');
    let at = start;
    for (const number of numbers) {
      if (number.start < start || number.end > end) continue;
      add(quoted(example.slice(at, number.start)));
      json.push("");
      at = number.end;
    }
    add(quoted(example.slice(at, end)) + '"');
  });
  add("]}");
  return json;
}

/** A text that does not hold on to the longer one that it was cut from. */
export const copyOf = (text: string): string =>
  JSON.parse(JSON.stringify(text));
