import { type Database, sql } from "../sql/mod.ts";
import type { Spans } from "./spans.ts";

/** The numbers that were reported of spans, summed up, column by column. */
export interface Metrics {
  /** The places of the spans among all. */
  spans: number[];
  names: string[];
  counts: number[];
  least: number[];
  mean: number[];
  most: number[];
}

interface MetricRow {
  span_id: number;
  name: string;
  n: number;
  least: number;
  mean: number;
  most: number;
}

/** What there is of each number of each span. */
export function metricsOf(db: Database, { indexOf }: Spans): Metrics {
  const metrics: Metrics = {
    ...{ spans: [], names: [], counts: [], least: [], mean: [], most: [] },
  };
  const isThere = db.query(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'metric'",
  ).length > 0;
  if (!isThere) return metrics;
  const rows = db.iterate<MetricRow>(sql`SELECT span_id, name, count(*) AS n,
      min(value) AS least, avg(value) AS mean, max(value) AS most
    FROM metric WHERE value IS NOT NULL
    GROUP BY span_id, name ORDER BY span_id, name`);
  for (const row of rows) {
    const span = indexOf.get(row.span_id);
    if (span === undefined) continue;
    metrics.spans.push(span);
    metrics.names.push(row.name);
    metrics.counts.push(row.n);
    metrics.least.push(row.least);
    metrics.mean.push(row.mean);
    metrics.most.push(row.most);
  }
  return metrics;
}
