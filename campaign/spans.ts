import { managerHosts } from "../questions/mod.ts";
import { type Database, spanSql as sql } from "../sql/mod.ts";
import { Texts } from "./texts.ts";

/** Spans of a type in a run, at places that follow each other. */
export interface SpanGroup {
  /** The id of the run, or else its directory; "" for none. */
  readonly run: string;
  readonly type: string;
  /** The number of the type among the texts. */
  readonly typeNumber: number;
  /** The names of their attributes. */
  readonly attributes: Set<string>;
  /** The first place, and the one after the last. */
  start: number;
  end: number;
}

/** Places that follow each other. */
export type PlaceRange = Pick<SpanGroup, "start" | "end">;

/** Attributes of spans that are columns of files; host is that of a manager, too. */
const names = [
  "task",
  "try",
  "app",
  "category",
  "executor",
  "block",
  "manager",
  "worker",
  "host",
] as const;

/**
 * The spans of a database. Each has a place: run by run, by type, app and id.
 * Files have their rows in this order, so that those of an app are together.
 */
export class Spans {
  readonly groups: SpanGroup[] = [];
  /** By place, the id. */
  readonly ids: Int32Array;
  readonly texts = new Texts();
  /** By id, the number of the text of an attribute; -1 if there is none. */
  readonly names: Readonly<Record<typeof names[number], Int32Array>>;
  /** The highest id. */
  readonly lastId: number;
  /** By id, the place plus 1. */
  readonly #places: Int32Array;
  /** By place, the index of the group. */
  readonly #groups: Int32Array;
  readonly #ranges = new Map<string, PlaceRange>();

  constructor(db: Database) {
    const [[last, count]] = db.arrays(
      sql`SELECT ifnull(max(id), 0), count(*) FROM span`,
    ) as [[number, number]];
    this.lastId = last;
    this.ids = new Int32Array(count);
    this.names = Object.fromEntries(
      names.map((name) => [name, new Int32Array(last + 1).fill(-1)]),
    ) as typeof this.names;
    this.#places = new Int32Array(last + 1);
    this.#groups = new Int32Array(count);
    this.#place(this.#read(db));
  }

  /** Reads the names of all spans. Returns the spans of each app. */
  #read(db: Database): SpansOfApp[] {
    const hostOf = hostsOfManagers(db);
    const apps = new Map<string, SpansOfApp>();
    const groups = new Map<string, SpanGroup>();
    const spansOf = (run: string, type: string, app: string) =>
      apps.getOrInsertComputed(`${run}\0${type}\0${app}`, () => ({
        app,
        ids: [],
        group: groups.getOrInsertComputed(`${run}\0${type}`, () => ({
          run,
          type,
          typeNumber: this.texts.number(type),
          attributes: new Set(),
          start: 0,
          end: 0,
        })),
      }));
    for (const [id, type, text] of spansIn(db)) {
      const attributes = parse(text);
      const run = textOf(attributes.run) ?? textOf(attributes.rundir) ?? "";
      const { ids, group } = spansOf(run, type, textOf(attributes.app) ?? "");
      ids.push(id);
      for (const name in attributes) group.attributes.add(name);
      attributes.host = attributes.hostname ?? hostOf(attributes);
      for (const name of names) {
        const value = attributes[name];
        if (value === undefined || value === null) continue;
        this.names[name][id] = this.texts.number(
          typeof value === "number" ? value : textOf(value)!,
        );
      }
    }
    return [...apps.values()];
  }

  #place(apps: SpansOfApp[]): void {
    apps.sort((a, b) =>
      compare(a.group.run, b.group.run) ||
      compare(a.group.type, b.group.type) || compare(a.app, b.app)
    );
    let place = 0;
    for (const { ids, group } of apps) {
      if (group !== this.groups.at(-1)) {
        group.start = place;
        this.groups.push(group);
      }
      this.#groups.fill(this.groups.length - 1, place, place + ids.length);
      for (const id of ids) {
        this.ids[place] = id;
        this.#places[id] = ++place;
      }
      group.end = place;
      const { start } = this.#ranges.get(group.run) ?? group;
      this.#ranges.set(group.run, { start, end: place });
    }
  }

  /** The runs that spans have. */
  get runs(): string[] {
    return [...this.#ranges.keys()];
  }

  /** The index of the group of a span; -1 if there is no such span. */
  groupIndexOf(id: number): number {
    const place = this.#places[id];
    return place ? this.#groups[place - 1]! : -1;
  }

  /** The group of a span that exists. */
  groupOf(id: number): SpanGroup {
    return this.groups[this.groupIndexOf(id)]!;
  }

  /** The places of the spans of a run. */
  rangeOf(run: string): PlaceRange {
    return this.#ranges.get(run) ?? { start: 0, end: 0 };
  }

  /** Whether a span exists and is at one of these places. */
  isIn({ start, end }: PlaceRange, id: number): boolean {
    const place = this.#places[id]!;
    return place > start && place <= end;
  }

  /** The lowest and the highest id of the spans of a run. */
  boundsOf(run: string): readonly [lowest: number, last: number] {
    const { start, end } = this.rangeOf(run);
    let [lowest, last] = [this.ids[start] ?? 0, 0];
    for (let place = start; place < end; place++) {
      const id = this.ids[place]!;
      if (id < lowest) lowest = id;
      if (id > last) last = id;
    }
    return [lowest, last];
  }
}

/** Spans of an app, by their ids. */
interface SpansOfApp {
  group: SpanGroup;
  app: string;
  ids: number[];
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

function* spansIn(db: Database): Generator<[number, string, string]> {
  let [id, read] = [-Infinity, pageSize];
  while (read === pageSize) {
    const page = db.arrays(
      sql`SELECT id, type, attributes FROM span WHERE id > ${id}
        ORDER BY id LIMIT ${pageSize}`,
    ) as [number, string, string][];
    yield* page;
    read = page.length;
    id = page.at(-1)?.[0] ?? id;
  }
}

const pageSize = 10_000;

type Attributes = Record<string, unknown>;

/** Returns a function that gives the host of the manager of a span. */
function hostsOfManagers(db: Database) {
  const hosts = new Map(
    db.arrays(managerHosts).map(([manager, executor, rundir, host]) => [
      [manager, executor, rundir].join("\0"),
      host,
    ]),
  );
  return ({ manager, executor, rundir }: Attributes) =>
    manager === undefined
      ? undefined
      : hosts.get([manager, executor, rundir].map(textOf).join("\0"));
}

/** Attributes as in JSON, but integers beyond 2^53 with all of their digits. */
function parse(text: string): Attributes {
  return /\d{16}/.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
}

function exactNumber(
  _: string,
  value: unknown,
  { source = "" }: { source?: string } = {},
): unknown {
  const isExact = typeof value !== "number" || Number.isSafeInteger(value) ||
    !/^-?\d+$/.test(source);
  return isExact ? value : source;
}

/** The value of an attribute as a text, as SQLite's ->> gives it. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
