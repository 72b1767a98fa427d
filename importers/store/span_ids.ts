import { KeyNumbers, spanKey, withRoom } from "../../sql/mod.ts";

/** Ids of spans of one type whose keys have a common prefix. */
export class SpanIds {
  readonly #prefix: string;
  readonly #keys = new KeyNumbers();
  #ids = new Float64Array(8);

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The id of the span with these values behind the prefix. */
  get(values: readonly string[]): number | undefined {
    return this.#idAt(partsOf(values));
  }

  set(values: readonly string[], id: number): void {
    this.#setAt(partsOf(values), id);
  }

  /** The id of the span with this key, if it has the prefix. */
  ofKey(key: string): number | undefined {
    const rest = this.#rest(key);
    return rest === undefined ? undefined : this.#idAt(rest.split("/"));
  }

  /** `key` has the prefix. */
  setKey(key: string, id: number): void {
    this.#setAt(this.#rest(key)!.split("/"), id);
  }

  key(values: readonly string[]): string {
    const [prefix, rest] = [this.#prefix, spanKey(values)];
    return prefix && rest ? `${prefix}/${rest}` : prefix + rest;
  }

  #idAt(parts: readonly string[]): number | undefined {
    const id = this.#ids[this.#keys.known(parts)];
    return id ? id - shift : undefined;
  }

  #setAt(parts: readonly string[], id: number): void {
    const number = this.#keys.number(parts);
    this.#ids = withRoom(this.#ids, number + 1);
    this.#ids[number] = id + shift;
  }

  /** The key without the prefix; undefined if it has another one. */
  #rest(key: string): string | undefined {
    const prefix = this.#prefix;
    if (prefix === "") return key;
    if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1);
    return key === prefix ? "" : undefined;
  }
}

/** Distinguishes the id 0 from a missing one. */
const shift = 0.5;

/** The parts of a key. */
function partsOf(values: readonly string[]): readonly string[] {
  if (values.length === 0) return [""];
  const isPlain = values.every((value) =>
    !value.includes("/") && !value.includes("%")
  );
  return isPlain ? values : values.map((value) => spanKey([value]));
}
