/** What {@linkcode bind} did. */
export interface BindReport {
  /** Each rule, in the order given. */
  rules: RuleReport[];
  /** The sum over the rules. */
  made: number;
  /** The sum over the rules. */
  unbound: number;
  /** The sum over the rules. */
  contradicted: number;
  /** Contradictions in full: the first hundred of each rule. */
  contradictions: Contradiction[];
}

/** What one rule did. */
export interface RuleReport {
  /** The rule as text, as `ruleText` has it. */
  rule: string;
  /**
   * Rows in subspan or facet, those of a context among them; for an
   * implication, spans that it widened.
   */
  made: number;
  /**
   * Inner spans for which a subspan rule found no outer span. 0 for other
   * rules, where a span without a partner is nothing odd.
   */
  unbound: number;
  /** Values that contradict each other; nothing was made of these. */
  contradicted: number;
}

/** Spans that cannot all be right, or that a rule cannot choose between. */
export interface Contradiction<Side = ContradictionSide> {
  /** The rule as text. */
  rule: string;
  /** The values that the rule compared, by the names of the attributes. */
  on: Record<string, string>;
  /**
   * Who stands against whom: for an implication a span for each of the values
   * that the same ones lead to; otherwise the spans of both types, ten of each
   * at most.
   */
  sides: Side[];
}

/** One side of a contradiction. */
export interface ContradictionSide {
  /** For an implication what it leads to by this span; otherwise empty. */
  values: Record<string, string | null>;
  /** The span. */
  spanId: number;
  /** The span's type. */
  spanType: string;
  /** Where the span was first read. */
  sourceId: number | null;
  /**
   * The sources that tell of the span, with a line each; those first that say
   * most of the values. Of a span with very many events the first hundred are
   * looked at.
   */
  sources: ContradictionSource[];
}

/** Where a side of a contradiction is told. */
export interface ContradictionSource {
  /** The path of the source. */
  path: string;
  /**
   * The line there, from 1, that says most of the values, or else the first
   * that tells of the span; in a database the rowid. Null where no event is
   * from there.
   */
  line: number | null;
}

/**
 * A contradiction as text, a line for each of its sides: what is said there,
 * the span, and where to look.
 *
 * @example
 * ```ts
 * import { bind, contradictionText, createSchema, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO source (id, path, importer) VALUES (1, 'port.log', 'port');
 *   INSERT INTO span (id, type, key, attributes, source_id) VALUES
 *     (1, 'ticket', '7', '{"cabin":"12","ship":"a"}', 1),
 *     (2, 'guest', 'Ida', '{"cabin":"12","ship":"b"}', 1);
 *   INSERT INTO event (span_id, type, source_id, line) VALUES
 *     (1, 'sold', 1, 40), (2, 'boards', 1, 90)`);
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
  const each = sides.map(({ values, spanType, spanId, sources }) => {
    const said = namesAndValues(values);
    const where = sources.map(({ path, line }) =>
      line === null ? path : `${path}:${line}`
    );
    return `\n  ${said && `${said}: `}` +
      [spanType, `span ${spanId}`, ...where].join(", ");
  });
  return `${rule}, for ${namesAndValues(on)}${each.join("")}`;
}

function namesAndValues(values: Record<string, string | null>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      `${name} ${value === null ? "unknown" : JSON.stringify(value)}`
    )
    .join(", ");
}
