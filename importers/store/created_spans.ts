import { type Database, insertRows } from "../../sql/mod.ts";

/** A span that is not in the database yet. */
interface CreatedSpan {
  type: string;
  key: string;
  /** JSON: what it was made with. */
  attributes: string;
  /** What else was said of it. */
  more?: Record<string, unknown>;
}

/**
 * The spans that a source tells of first, written in large pieces: what is said
 * of one is mostly said soon.
 */
export class CreatedSpans {
  #db: Database;
  #sourceId: number;
  #firstId: number;
  #spans: CreatedSpan[] = [];

  constructor(db: Database, sourceId: number, firstId: number) {
    this.#db = db;
    this.#sourceId = sourceId;
    this.#firstId = firstId;
  }

  /** Makes one, and gives its id. `attributes` is a JSON object. */
  create(type: string, key: string, attributes: string): number {
    if (this.#spans.length === mostWaiting) this.write();
    this.#spans.push({ type, key, attributes });
    return this.#firstId + this.#spans.length - 1;
  }

  /** What else was said of one; undefined if it does not wait here. */
  saidOf(id: number): Record<string, unknown> | undefined {
    const span = this.#spans[id - this.#firstId];
    return span && (span.more ??= {});
  }

  /** Writes those that wait. */
  write(): void {
    const first = this.#firstId;
    const sourceId = this.#sourceId;
    insertRows(
      this.#db,
      "span",
      ["id", "type", "key", "attributes", "source_id"],
      this.#spans.values().map(({ type, key, attributes, more }, i) => [
        first + i,
        type,
        key,
        more ? withMore(attributes, more) : attributes,
        sourceId,
      ]),
    );
    this.#firstId += this.#spans.length;
    this.#spans = [];
  }
}

const mostWaiting = 32_768;

function withMore(attributes: string, more: Record<string, unknown>): string {
  const mayBeThere = (name: string) => attributes.includes(`"${name}"`);
  if (attributes === "{}" || Object.keys(more).some(mayBeThere)) {
    return JSON.stringify({ ...JSON.parse(attributes), ...more });
  }
  return `${attributes.slice(0, -1)},${JSON.stringify(more).slice(1)}`;
}

/**
 * Makes the attributes of spans as JSON: of those that differ by the values of
 * some names alone, all but these is written once.
 */
export function attributesMaker(
  shared: Record<string, string>,
  names: readonly string[],
): (values: readonly string[]) => string {
  if (names.some((name) => Object.hasOwn(shared, name))) {
    return (values) =>
      JSON.stringify({
        ...shared,
        ...Object.fromEntries(names.map((name, i) => [name, values[i]])),
      });
  }
  const start = JSON.stringify(shared).slice(0, -1);
  const labels = names.map((name, i) => {
    const comma = i > 0 || start.length > 1 ? "," : "";
    return `${comma}${JSON.stringify(name)}:`;
  });
  return (values) => {
    let json = start;
    for (let i = 0; i < labels.length; i++) {
      json += labels[i]! + JSON.stringify(values[i]!);
    }
    return json + "}";
  };
}
