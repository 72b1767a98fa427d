import { taskDependencies } from "../questions/mod.ts";
import { type Database, type Sql, sql, withRoom } from "../sql/mod.ts";
import { type Dictionary, Integers } from "./columns.ts";
import {
  differences,
  type PackedColumns,
  PackedIntegers,
  sinceLast,
} from "./packed_columns.ts";
import { entityKinds, type Spans, splitAttributes } from "./spans.ts";

/** Packs the columns of the spans that are shown. */
export function packSpans(
  page: PackedColumns,
  db: Database,
  spans: Spans,
  isShown: Uint8Array,
  { texts, spanTypes }: Record<"texts" | "spanTypes", Dictionary>,
): void {
  const shown = (numbers: Int32Array) =>
    numbers.filter((_, index) => isShown[index] === 1);
  const types = shown(spans.types).map((type) => spanTypes.indexOfNumber(type));
  page.integers("spanType", types);
  for (const kind of entityKinds) {
    const numbers = shown(spans.identity[kind]);
    page.integers(
      `span_${kind}`,
      sinceLast(types, (i) => texts.codeOfNumber(numbers[i]!)),
    );
  }
  const rests = new PackedIntegers();
  // Which kinds the span's own attributes name, as bits.
  const own = new PackedIntegers();
  const rows = db.iterate<{ id: number; attributes: string }>(
    "SELECT id, attributes FROM span ORDER BY id",
  );
  for (const { id, attributes } of rows) {
    if (isShown[spans.indexOf(id)] !== 1) continue;
    const { identity, rest } = splitAttributes(attributes);
    // A path on the host that has the logs; the label of the run stands for it.
    delete rest.rundir;
    rests.push(texts.codeOf(JSON.stringify(rest)));
    own.push(
      entityKinds.reduce(
        (bits, kind, i) => bits | Number(identity[kind] !== undefined) << i,
        0,
      ),
    );
  }
  page.integers("spanRest", rests);
  page.integers("spanOwn", own);
}

/** Packs which spans are nested, equal, and wait for each other. */
export function packRelations(
  page: PackedColumns,
  db: Database,
  spans: Spans,
  onPage: Int32Array,
): void {
  const pack = (name: string, query: Sql | string) => {
    const [ofFirst, ofSecond] = [new PackedIntegers(), new PackedIntegers()];
    let [lastA, lastB] = [0, 0];
    for (const row of db.iterate<{ a: number; b: number | null }>(query)) {
      const a = onPage[spans.indexOf(row.a)] ?? -1;
      const b = onPage[spans.indexOf(row.b)] ?? -1;
      if (a < 0 || b < 0 || a === b) continue;
      ofFirst.push(a - lastA);
      ofSecond.push(b - lastB);
      [lastA, lastB] = [a, b];
    }
    page.integers(`${name}A`, ofFirst);
    page.integers(`${name}B`, ofSecond);
  };
  pack(
    "nested",
    "SELECT superspan_id AS a, subspan_id AS b FROM subspan ORDER BY a, b",
  );
  pack("equal", "SELECT left_id AS a, right_id AS b FROM facet ORDER BY a, b");
  pack(
    "waits",
    sql`SELECT task_id AS a, depends_on_id AS b FROM (${taskDependencies()})`,
  );
}

/** Packs metrics, summarized by span and name. */
export function packMetrics(
  page: PackedColumns,
  db: Database,
  spans: Spans,
  onPage: Int32Array,
  texts: Dictionary,
): void {
  const names = ["metricMin", "metricMean", "metricMax"] as const;
  const [ofSpans, ofNames, counts] = [
    new Integers(),
    new Integers(),
    new Integers(),
  ];
  const numbers = names.map(() => new Float64Array(1024));
  const rows = db.iterate<
    Record<"span_id" | "metricCount" | typeof names[number], number> & {
      name: string;
    }
  >(
    `SELECT span_id, name, count(*) AS metricCount, min(value) AS metricMin,
      avg(value) AS metricMean, max(value) AS metricMax
    FROM metric WHERE value IS NOT NULL
    GROUP BY span_id, name ORDER BY span_id, name`,
  );
  for (const { span_id, name, metricCount, ...row } of rows) {
    const place = onPage[spans.indexOf(span_id)] ?? -1;
    if (place < 0) continue;
    for (const [i, column] of names.entries()) {
      numbers[i] = withRoom(numbers[i]!, ofSpans.length + 1);
      numbers[i]![ofSpans.length] = row[column];
    }
    ofSpans.push(place);
    ofNames.push(texts.codeOf(name));
    counts.push(metricCount);
  }
  page.integers("metricSpan", differences(ofSpans.values));
  page.integers("metricName", ofNames.values);
  page.integers("metricCount", counts.values);
  for (const [i, column] of names.entries()) {
    page.numbers(column, numbers[i]!.subarray(0, ofSpans.length));
  }
}
