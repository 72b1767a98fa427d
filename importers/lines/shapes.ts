import { copyOf } from "./shared_texts.ts";
import { type Template, templateOf } from "./template.ts";

/**
 * Messages of one statement that differ only in short numbers and in byte
 * strings, such as the ids of managers. They share a template, and a rule
 * matches all of them or none.
 */
export interface MessageShape {
  /** Matches these messages and captures their values. */
  pattern: RegExp;
  /** The text of the template. */
  text: string;
}

/**
 * The shapes of the messages that one statement of a program writes. They save
 * a tenth of the time of an import of text logs: few messages need
 * `templateOf`, and rules try unmatched ones once per shape.
 */
class StatementShapes {
  #shapes: MessageShape[] = [];
  #tries = 0;

  of(message: string): MessageShape | undefined {
    for (const shape of this.#shapes) {
      if (shape.pattern.test(message)) return shape;
    }
    if (this.#tries++ >= maxTries) return undefined;
    const shape = shapeOf(message);
    if (shape) this.#shapes.push(shape);
    return shape;
  }
}

// Bounded: Parsl has a few hundred such statements, a broken log any number.
const known = new Map<string, StatementShapes>();

/** The shapes of one statement, by a text that identifies it. */
export function statementShapes(statement: string): StatementShapes {
  // A logger may have any name.
  if (statement.length > maxShaped) return new StatementShapes();
  let shapes = known.get(statement);
  if (!shapes) {
    if (known.size === maxStatements) known.clear();
    known.set(copyOf(statement), shapes = new StatementShapes());
  }
  return shapes;
}

const maxStatements = 1024;

// Few statements write more shapes, and some never write one twice.
const maxTries = 8;

/** The template of a message that has this shape. */
export const templateOfShape = (
  { pattern, text }: MessageShape,
  message: string,
): Template => ({ text, values: pattern.exec(message)!.slice(1) });

function shapeOf(message: string): MessageShape | undefined {
  if (message.length > maxShaped) return undefined;
  const { text, values } = templateOf(message);
  const literals = text.split("%s");
  let source = `^${RegExp.escape(literals[0]!)}`;
  values.forEach((value, i) => {
    const varying = kinds.find((kind) => new RegExp(`^${kind}$`).test(value));
    source += `(${varying ?? RegExp.escape(value)})`;
    source += RegExp.escape(literals[i + 1] ?? "");
  });
  const pattern = new RegExp(`${source}$`);
  // Not for a message with an address in memory, which is new each time.
  const isShape = !/\b0x/.test(message) && pattern.test(message);
  return isShape ? { pattern, text: copyOf(text) } : undefined;
}

// So that no message of a shape is long enough for its template to be cut.
const maxShaped = 200;

// Other values of a kind do not change the template: longer numbers could be
// hexadecimal, and numbers next to a hyphen parts of a UUID.
const kinds = [
  String.raw`(?<!-)\d{1,7}(?![\w-])`,
  String.raw`(?<!-)\d{1,7}\.\d{1,17}(?![\w-])`,
  String.raw`b'[\w.-]{0,40}'`,
];
