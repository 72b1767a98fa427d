import { contextNames, type Rule } from "./rules.ts";

/** An attribute in all rows. Texts are numbered; 0 is a missing value. */
export interface Column {
  name: string;
  values: Int32Array;
  /** Whether any row has or had a value. */
  isUsed: boolean;
  /** Whether rules imply the attribute; the next two are empty otherwise. */
  isGiven: boolean;
  /** 1 where a rule implied the value, otherwise 0. */
  implied: Uint8Array;
  /** The values that earlier rules implied. */
  before: Int32Array;
  /** Rows that get no value, because two rules lead to different ones. */
  contested: Set<number>;
}

/** Spans, events or records, with the attributes that rules use. */
export class Rows {
  readonly ids: number[] = [];
  /** Numbered, as the values are. */
  readonly types: number[] = [];
  readonly sourceIds: (number | null)[] = [];
  /** The attributes in the order of the rules. */
  readonly columns: readonly Column[];
  /** The columns that rules imply. */
  readonly given: readonly Column[];
  readonly #byName: ReadonlyMap<string, Column>;
  /** Rows with an implied attribute that no rule gives any more. */
  readonly #outdated = new Set<number>();
  readonly #texts = [""];
  readonly #numbers = new Map<string, number>();
  readonly #pairs = new Map<number, Map<number, number>>();
  #pairCount = 0;
  /** Typed arrays take half the memory, and a tenth less time. */
  #capacity = 0;

  constructor(rules: Iterable<Rule>) {
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
  }

  get length(): number {
    return this.ids.length;
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
    if (this.length === this.#capacity) this.#grow();
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
    this.ids.push(id);
    this.types.push(this.number(type));
    this.sourceIds.push(sourceId);
  }

  #grow(): void {
    const size = this.#capacity = Math.max(1024, 2 * this.#capacity);
    for (const column of this.columns) {
      const { values, isUsed, isGiven, implied, before } = column;
      column.values = new Int32Array(size);
      if (isGiven) {
        column.implied = new Uint8Array(size);
        column.before = new Int32Array(size);
      }
      // An array takes no memory before something is written to it.
      if (!isUsed) continue;
      column.values.set(values);
      column.implied.set(implied);
      column.before.set(before);
    }
  }

  /** Rows for which rules imply other attributes or values than before. */
  changed(): Set<number> {
    const changed = new Set(this.#outdated);
    for (const { isUsed, values, implied, before } of this.given) {
      for (let row = 0; isUsed && row < this.length; row++) {
        const value = implied[row] === 1 ? values[row] : 0;
        if (before[row] !== value) changed.add(row);
      }
    }
    return changed;
  }

  /** The number of a text. */
  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  /** The text with this number; null for 0. */
  text(number: number): string | null {
    return number === 0 ? null : this.#texts[number]!;
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

  /**
   * One number for several values of a row, equal only for equal values; 0 if
   * the row lacks one of them.
   */
  key(columns: readonly Column[], row: number): number {
    let key = 0;
    for (const { values } of columns) {
      const value = values[row]!;
      if (value === 0) return 0;
      if (key === 0) key = value;
      else {
        let pairs = this.#pairs.get(key);
        if (!pairs) this.#pairs.set(key, pairs = new Map());
        key = pairs.get(value) ?? 0;
        if (key === 0) pairs.set(value, key = ++this.#pairCount);
      }
    }
    return key;
  }

  /** Rows by the key of their values, without rows that lack a value. */
  groups(
    columns: readonly Column[],
    among: Iterable<number> = this.ids.keys(),
  ): Map<number, number[]> {
    const groups = Map.groupBy(among, (row) => this.key(columns, row));
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
          return this.#texts[left]! < this.#texts[right]! ? -1 : 1;
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
