import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { mistake, quoted } from "../../display/text/mistakes.ts";
import {
  type DurationsAsked,
  namedDurations,
} from "../tasks/named_durations.ts";
import runMeasuresText from "./run_measures.sql" with { type: "text" };

/** What is measured of a run, or of a group of its tries: run_measures.sql. */
export interface RunMeasures {
  run: string;
  workflow: string | null;
  version: string | null;
  host: string | null;
  began: number | null;
  seconds: number | null;
  value: string | null;
  tasks: number;
  failed: number | null;
  count: number | null;
  median: number | null;
  p95: number | null;
  times: number | null;
  waiting: number | null;
  startup: number | null;
  in_worker: number | null;
}

/** A query of what is measured of each run, or of each value in it. */
export function runMeasures(asked: DurationsAsked, by?: string): Sql {
  if (by !== undefined && typeof by !== "string") {
    throw mistake(`by is one name, such as "app", not ${quoted(String(by))}`);
  }
  const names = by === undefined ? [] : [by];
  const isOfTries = asked.from === undefined;
  return sql.module(runMeasuresText, {
    tries: namedDurations({ run: asked.run }, names),
    durations: isOfTries
      ? sql`SELECT * FROM try_time`
      : namedDurations(asked, names),
    value: by === undefined
      ? sql`''`
      : sql`coalesce(CAST(${sql.id(by)} AS TEXT), '')`,
  });
}
