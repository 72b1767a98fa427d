/** Result of {@linkcode bind}. */
export interface BindReport {
  /** Every rule, in the order given. */
  rules: RuleReport[];
  /** Sum over the rules. */
  made: number;
  /** Sum over the rules. */
  unbound: number;
  /** Sum over the rules. */
  contradicted: number;
  /** The first hundred contradictions of each rule. */
  contradictions: Contradiction[];
}

/** Result of one rule. */
export interface RuleReport {
  /** The rule as text, as `ruleText` gives it. */
  rule: string;
  /**
   * Rows in subspan or facet, including those of a context; for an implication,
   * spans that got a value.
   */
  made: number;
  /**
   * Inner spans for which a subspan rule found no outer span. 0 for other
   * rules, where spans without a partner are normal, and if there are no outer
   * spans at all: then the logs that would describe them are not there.
   */
  unbound: number;
  /** Values that contradict each other; the rule ignored them. */
  contradicted: number;
}

/** Spans that cannot all be right, or that a rule cannot choose between. */
export interface Contradiction<Side = ContradictionSide> {
  /** The rule as text. */
  rule: string;
  /** The values that the rule compared, by attribute. */
  on: Record<string, string>;
  /**
   * For an implication, one span for each of the conflicting values; otherwise
   * the spans of both types, at most ten of each.
   */
  sides: Side[];
}

/** One side of a contradiction. */
export interface ContradictionSide {
  /** For an implication the values that this span leads to; otherwise empty. */
  values: Record<string, string | null>;
  /** The id of the span. */
  spanId: number;
  /** The type of the span. */
  spanType: string;
  /** The source that mentions the span first. */
  sourceId: number | null;
  /**
   * The sources that mention the span, with one line each, those with most of
   * the values first. Only the first hundred events of a span are searched.
   */
  sources: ContradictionSource[];
}

/** A source that supports one side of a contradiction. */
export interface ContradictionSource {
  /** The path of the source. */
  path: string;
  /**
   * The line that has most of the values, or else the first that mentions the
   * span, counted from 1; in a database the rowid. Null if the source has no
   * event of the span.
   */
  line: number | null;
}

/** Result of relabelling or completing rows of a database. */
export interface MergeReport {
  /** Rows or records that changed. */
  changed: number;
  /** Number of contradictions, which were left unchanged. */
  contradicted: number;
  /** The first hundred contradictions of each rule. */
  contradictions: Contradiction<RowSide>[];
}

/** One side of a contradiction among rows. */
export interface RowSide {
  /** The values in the row. */
  values: Record<string, string | null>;
  /** The id of the row in its table. */
  id: number;
  /** The sources of the row, with one line each. */
  sources: ContradictionSource[];
}

/**
 * Result of relabelling or completing records. It is iterable, so that it can
 * be the input of another step.
 */
export interface Merged<T>
  extends Iterable<T>, Pick<MergeReport, "changed" | "contradicted"> {
  /** All records, in their order; unchanged ones are the same objects. */
  records: T[];
  /** The first hundred contradictions of each rule. */
  contradictions: Contradiction<RecordSide<T>>[];
}

/** One side of a contradiction among records. */
export interface RecordSide<T> {
  /** The values in the record. */
  values: Record<string, string | null>;
  /** The record. */
  record: T;
}

/**
 * A contradiction as text, with one line per side: the values, the span, and
 * the lines of its sources.
 *
 * @example
 * ```ts
 * import {
 *   bind,
 *   contradictionText,
 *   createSchema,
 *   insertRows,
 *   openDatabase,
 * } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO source (id, path, importer) VALUES (1, 'port.log', 'port');
 *   INSERT INTO span (id, type, key, attributes, source_id) VALUES
 *     (1, 'ticket', '7', '{"cabin":"12","ship":"a"}', 1),
 *     (2, 'guest', 'Ida', '{"cabin":"12","ship":"b"}', 1)`);
 * insertRows(db, "event", ["span_id", "type", "source_id", "line"], [
 *   [1, "sold", 1, 40],
 *   [2, "boards", 1, 90],
 * ]);
 *
 * const { contradictions } = bind(db, [{ implies: ["cabin"], gives: ["ship"] }]);
 * assert.deepEqual(contradictions.map(contradictionText), [
 *   `implies: cabin => ship, for cabin "12"
 *   ship "a": ticket, span 1, port.log:40
 *   ship "b": guest, span 2, port.log:90`,
 * ]);
 * ```
 */
export function contradictionText(
  { rule, on, sides }: Contradiction,
): string {
  const lines = sides.map(({ values, spanType, spanId, sources }) => {
    const text = namesAndValues(values);
    const places = sources.map(({ path, line }) =>
      line === null ? path : `${path}:${line}`
    );
    return `\n  ${text && `${text}: `}` +
      [spanType, `span ${spanId}`, ...places].join(", ");
  });
  return `${rule}, for ${namesAndValues(on)}${lines.join("")}`;
}

function namesAndValues(values: Record<string, string | null>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      `${name} ${value === null ? "unknown" : JSON.stringify(value)}`
    )
    .join(", ");
}
