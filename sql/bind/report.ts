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
export interface Contradiction {
  /** The rule as text. */
  rule: string;
  /** The values that the rule compared, by the names of the attributes. */
  on: Record<string, string>;
  /**
   * Who stands against whom: for an implication a span for each of the values
   * that the same ones lead to; otherwise the spans of both types, ten of each
   * at most.
   */
  sides: ContradictionSide[];
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
}
