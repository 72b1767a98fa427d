import { PairNumbers } from "../pair_numbers.ts";
import { TextNumbers, withRoom } from "../text_numbers.ts";
import { contextNames, type Rule } from "./rules.ts";

/** An attribute in all rows. Texts are numbered; 0 is a missing value. */
export interface Column {
  name: string;
  values: Int32Array<ArrayBuffer>;
  /** Whether any row has or had a value. */
  isUsed: boolean;
  /** Whether rules imply the attribute; the next two are empty otherwise. */
  isGiven: boolean;
  /** 1 where a rule implied the value, otherwise 0. */
  implied: Uint8Array<ArrayBuffer>;
  /** The values that earlier rules implied. */
  before: Int32Array<ArrayBuffer>;
  /** Rows that get no value, because two rules lead to different ones. */
  contested: Set<number>;
}

/** Spans, events or records, with the attributes that rules use. */
export class Rows {
  length = 0;
  ids = new Float64Array();
  /** Numbered, as the values are. */
  types = new Int32Array();
  #sourceIds = new Int32Array();
  /** The attributes in the order of the rules. */
  readonly columns: readonly Column[];
  /** The columns that rules imply. */
  readonly given: readonly Column[];
  readonly #byName: ReadonlyMap<string, Column>;
  /** Rows with an implied attribute that no rule gives any more. */
  readonly #outdated = new Set<number>();
  readonly #texts = new TextNumbers();
  readonly #pairs = new PairNumbers();
  /** Typed arrays take half the memory, and a tenth less time. */
  #capacity: number;

  /** @param capacity how many rows there will be, if known */
  constructor(rules: Iterable<Rule>, capacity = 1024) {
    const names = new Set<string>();
    const given = new Set<string>();
    for (const rule of rules) {
      for (const name of attributesOf(rule)) names.add(name);
      if ("implies" in rule) { for (const name of rule.gives) given.add(name); }
    }
    this.columns = Array.from(names, (name) => ({
      name,
      values: new Int32Array(),
      isUsed: false,
      isGiven: given.has(name),
      implied: new Uint8Array(),
      before: new Int32Array(),
      contested: new Set(),
    }));
    this.#byName = new Map(this.columns.map((column) => [column.name, column]));
    this.given = this.columnsOf([...given]);
    this.#capacity = capacity;
    this.#allocate();
  }

  /**
   * Adds a row. Leaves out members that are not text, and those without a
   * column.
   */
  add(
    id: number,
    members: Readonly<Record<string, unknown>>,
    { type = "", sourceId = null, implied = [] }: {
      type?: string;
      sourceId?: number | null;
      /** Names of attributes that earlier rules implied. */
      implied?: readonly string[];
    } = {},
  ): void {
    if (this.length === this.#capacity) {
      this.#capacity = Math.max(1024, 2 * this.#capacity);
      this.#allocate();
    }
    for (const name in members) {
      const text = members[name];
      const column = this.#byName.get(name);
      if (column === undefined || typeof text !== "string") continue;
      column.isUsed = true;
      const value = this.number(text);
      const wasImplied = implied.includes(name);
      if (!wasImplied) column.values[this.length] = value;
      else if (column.isGiven) column.before[this.length] = value;
    }
    if (!implied.every((name) => this.#byName.get(name)?.isGiven)) {
      this.#outdated.add(this.length);
    }
    this.ids[this.length] = id;
    this.types[this.length] = this.number(type);
    this.#sourceIds[this.length] = sourceId === null
      ? 0
      : this.number(String(sourceId));
    this.length++;
  }

  #allocate(): void {
    const size = this.#capacity;
    this.ids = withRoom(this.ids, size);
    this.types = withRoom(this.types, size);
    this.#sourceIds = withRoom(this.#sourceIds, size);
    for (const column of this.columns) {
      // An array takes no memory before something is written to it.
      const larger = <A extends Column["values"] | Column["implied"]>(
        array: A,
      ): A => withRoom(column.isUsed ? array : array.subarray(0, 0) as A, size);
      column.values = larger(column.values);
      if (!column.isGiven) continue;
      column.implied = larger(column.implied);
      column.before = larger(column.before);
    }
  }

  /** The rows of each type. */
  byType(): (type: string) => Int32Array {
    const counts = new Map<number, number>();
    for (let row = 0; row < this.length; row++) {
      const type = this.types[row]!;
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    const found = new Map<number, Int32Array>();
    for (const [type, count] of counts) found.set(type, new Int32Array(count));
    for (let row = this.length - 1; row >= 0; row--) {
      const type = this.types[row]!;
      const left = counts.get(type)! - 1;
      found.get(type)![left] = row;
      counts.set(type, left);
    }
    return (type) => found.get(this.number(type)) ?? new Int32Array();
  }

  rows(): IteratorObject<number> {
    return this.ids.subarray(0, this.length).keys();
  }

  sourceId(row: number): number | null {
    const number = this.#sourceIds[row]!;
    return number === 0 ? null : Number(this.text(number));
  }

  /** Rows for which rules imply other attributes or values than before. */
  *changed(): Generator<number> {
    for (let row = 0; row < this.length; row++) {
      const isChanged = this.#outdated.has(row) ||
        this.given.some(({ values, implied, before }) =>
          before[row] !== (implied[row] === 1 ? values[row] : 0)
        );
      if (isChanged) yield row;
    }
  }

  /** The number of a text. */
  number(text: string): number {
    return this.#texts.number(text);
  }

  /** The text with this number; null for 0. */
  text(number: number): string | null {
    return number === 0 ? null : this.#texts.text(number);
  }

  hasColumn(name: string): boolean {
    return this.#byName.has(name);
  }

  columnsOf(names: readonly string[]): Column[] {
    return names.map((name) => this.#byName.get(name)!);
  }

  /** The attributes of a row, by name. */
  valuesOf(row: number, names: readonly string[]) {
    return Object.fromEntries(
      this.columnsOf(names).map(({ name, values }) => [
        name,
        this.text(values[row]!),
      ]),
    );
  }

  /** No key() so far was larger. */
  get maxKey(): number {
    return this.#pairs.size;
  }

  /**
   * One number for several values of a row, equal only for equal values; 0 if
   * the row lacks one of them.
   */
  key(columns: readonly Column[], row: number): number {
    let key = 0;
    for (let i = 0; i < columns.length; i++) {
      const value = columns[i]!.values[row]!;
      if (value === 0) return 0;
      // The numbers of texts are negative, and those of pairs positive.
      if (i === 0 && columns.length > 1) key = value;
      else key = this.#pairs.number(key, value);
    }
    return key;
  }

  /** Rows by the key of their values, without rows that lack a value. */
  groups(columns: readonly Column[]): Map<number, number[]> {
    const groups = Map.groupBy(
      this.rows(),
      (row) => this.key(columns, row),
    );
    groups.delete(0);
    return groups;
  }

  /** Sorts groups by the texts that their first rows have in columns. */
  sorted(
    groups: Iterable<readonly number[]>,
    columns: readonly Column[],
  ): (readonly number[])[] {
    return [...groups].sort(([a], [b]) => {
      for (const { values } of columns) {
        const [left, right] = [values[a!]!, values[b!]!];
        if (left !== right) {
          return (this.text(left) ?? "") < (this.text(right) ?? "") ? -1 : 1;
        }
      }
      return 0;
    });
  }

  /** The attributes whose values in a row a rule implied. */
  impliedIn(row: number): Column[] {
    return this.given.filter(({ implied }) => implied[row] === 1);
  }

  /** Removes all that was implied. */
  forgetImplied(): void {
    for (const { values, implied } of this.given) {
      implied.forEach((isImplied, row) => {
        if (isImplied) values[row] = 0;
      });
      implied.fill(0);
    }
  }
}

/** Whether a rule implied one of the values of a row. */
export const isImplied = (columns: readonly Column[], row: number): boolean =>
  columns.some(({ implied }) => implied[row] === 1);

function attributesOf(rule: Rule): readonly string[] {
  if ("implies" in rule) return [...rule.implies, ...rule.gives];
  if ("context" in rule) return contextNames(rule);
  const other = "subspan" in rule ? rule.key : rule.unless;
  const names = rule.on.flat();
  return other === undefined ? names : [...names, other];
}
