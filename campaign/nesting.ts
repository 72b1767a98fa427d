import { type Database, spanSql as sql, withRoom } from "../sql/mod.ts";

/** Which spans are nested in others or equal to them. */
export class Nesting {
  readonly #inner: Edges;
  readonly #equal: Edges;
  /** By span, the number of the search that found it last. */
  readonly #found: Int32Array;
  readonly #maxSpans: number;
  #searches = 0;
  #spans = 0;

  /** @param last the highest id of a span */
  constructor(db: Database, last: number) {
    const nested = pairsOf(db, last, "subspan", ["superspan_id", "subspan_id"]);
    const equal = pairsOf(db, last, "facet", ["left_id", "right_id"]);
    this.#inner = new Edges(nested, last, false);
    this.#equal = new Edges(equal, last, true);
    this.#found = new Int32Array(last + 1);
    this.#maxSpans = 100_000 + 16 * last;
  }

  /**
   * The spans that belong to a root, and itself, as own_spans.sql describes them.
   * After too many of all roots, in nesting without a meaning, only itself.
   *
   * @param isOther whether a span is another root, whose spans are left out
   */
  spansOf(root: number, isOther: (span: number) => boolean): number[] {
    const found = this.#found;
    const search = ++this.#searches;
    const spans = [root];
    found[root] = search;
    if (this.#spans > this.#maxSpans) return spans;
    const visit = (span: number) => {
      if (found[span] === search) return;
      found[span] = search;
      spans.push(span);
    };
    for (let i = 0; i < spans.length; i++) {
      const span = spans[i]!;
      for (const inner of this.#inner.from(span)) {
        if (!isOther(inner)) visit(inner);
      }
      for (const equal of this.#equal.from(span)) visit(equal);
    }
    this.#spans += spans.length;
    return spans;
  }
}

/** The spans to which edges lead, by the span that they come from. */
class Edges {
  readonly #targets: Int32Array;
  /** By span, the place of its first target; then the end. */
  readonly #starts: Int32Array;

  /**
   * @param pairs two spans for each edge, one after the other
   * @param isBoth whether each edge leads back, too
   */
  constructor(pairs: Int32Array, last: number, isBoth: boolean) {
    const ends = isBoth ? [0, 1] : [0];
    const starts = new Int32Array(last + 2);
    for (const end of ends) {
      for (let i = end; i < pairs.length; i += 2) starts[pairs[i]! + 1]!++;
    }
    for (let span = 0; span <= last; span++) starts[span + 1]! += starts[span]!;
    const next = starts.slice();
    this.#starts = starts;
    this.#targets = new Int32Array(starts[last + 1]!);
    for (const end of ends) {
      for (let i = end; i < pairs.length; i += 2) {
        this.#targets[next[pairs[i]!]!++] = pairs[i ^ 1]!;
      }
    }
  }

  from(span: number): Int32Array {
    return this.#targets.subarray(this.#starts[span], this.#starts[span + 1]);
  }
}

/** Two columns of a table, row by row, without spans that do not exist. */
function pairsOf(
  db: Database,
  last: number,
  table: string,
  columns: readonly [string, string],
): Int32Array {
  let pairs = new Int32Array(8);
  let length = 0;
  let [row, read] = [0, pageSize];
  while (read === pageSize) {
    const page = db.arrays(
      sql`SELECT rowid, ${sql.join(columns.map(sql.id))} FROM ${sql.id(table)}
      WHERE rowid > ${row} ORDER BY rowid LIMIT ${pageSize}`,
    ) as [number, number, number][];
    read = page.length;
    pairs = withRoom(pairs, length + 2 * read);
    for (const [id, left, right] of page) {
      row = id;
      if (left > last || right > last) continue;
      pairs[length++] = left;
      pairs[length++] = right;
    }
  }
  return pairs.subarray(0, length);
}

const pageSize = 50_000;
