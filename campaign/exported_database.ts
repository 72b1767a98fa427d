import { type Database, spanSql as sql } from "../sql/mod.ts";
import { Nesting } from "./nesting.ts";
import { type MonitoringTable, monitoringTables } from "./run_tables.ts";
import type { Spans } from "./spans.ts";

/** A database, with what all of its runs have in common. */
export class ExportedDatabase {
  readonly db: Database;
  readonly spans: Spans;
  readonly nesting: Nesting;
  readonly monitoring: readonly MonitoringTable[];
  /** By id. */
  readonly eventTypes: ReadonlyMap<number, { type: string; named: number }>;
  /** By id. */
  readonly metricNames: ReadonlyMap<number, { metric: string; name: string }>;
  /** Types of spans whose steps are written: tasks and tries. */
  readonly rootTypes: ReadonlySet<string>;
  readonly taskTypes: ReadonlySet<string>;

  constructor(db: Database, spans: Spans) {
    this.db = db;
    this.spans = spans;
    this.nesting = new Nesting(db, spans.lastId);
    this.monitoring = monitoringTables(db);
    this.eventTypes = new Map(
      db.query<{ id: number; type: string; named: number }>(
        sql`SELECT id, type, named FROM event_type`,
      ).map((row) => [row.id, row]),
    );
    this.metricNames = new Map(
      db.query<{ id: number; metric: string; name: string }>(
        sql`SELECT id, metric, name FROM metric_name`,
      ).map((row) => [row.id, row]),
    );
    const roles = db.query<{ type: string; role: string }>(
      sql`SELECT type, role FROM span_kind WHERE role IN ('task', 'try')`,
    );
    this.rootTypes = new Set(roles.map(({ type }) => type));
    this.taskTypes = new Set(
      roles.filter(({ role }) => role === "task").map(({ type }) => type),
    );
  }
}
