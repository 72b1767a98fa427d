import type { Listing } from "../display/text/listing.ts";
import { type ColumnKind, showReport } from "../display/text/rows.ts";

// A column has the same meaning in the answers to all questions.
const columns: Partial<Record<ColumnKind, string>> = {
  unix: "time start end received submitted launched started finished",
  seconds: "since_start gap usual_gap seconds life busy nothing_queued " +
    "waiting_for_dispatch waiting_for_manager unknown longest_gap " +
    "worker_seconds busy_seconds contributed submitting launching retrying " +
    "queued running returning joining slack difference transfer waiting_for_dependencies paid_seconds " +
    "queued_seconds",
  count: "lines others spans tries having workers tasks gaps slots " +
    "attempts",
  bytes: "bytes",
  share: "share launched_share utilisation",
  ratio: "ratio",
  mark: "is_event largest odd retried",
};

const kinds: Record<string, ColumnKind> = Object.fromEntries(
  Object.entries(columns).flatMap(([kind, names]) =>
    names.split(" ").map((name) => [name, kind as ColumnKind])
  ),
);

/** Numbers that change with each import: for joins, not to be read. */
const databaseIds = ["span_id", "root_id", "event_id", "longest_id"];

/** Rows that show themselves as a table with units. */
export const answer = <T extends object>(
  rows: Iterable<T>,
  /**
   * Columns to leave out if not all fit, the last one first. Never "run": rows
   * of two runs would look alike.
   */
  secondary: readonly string[],
  options: {
    kinds?: Record<string, ColumnKind>;
    whole?: string[];
    heading?: string;
    /** What each row is about: "task". By default "span", in charts. */
    noun?: string | undefined;
    /** Columns to show. By default all. */
    columns?: string[];
    /** The rows as text to read; undefined if their shape is another. */
    listing?: (
      rows: readonly Partial<T>[],
      maxEntries: number,
    ) => Listing | undefined;
  } = {},
): T[] =>
  showReport(Array.from(rows), {
    secondary: secondary.filter((name) => name !== "run"),
    hidden: databaseIds,
    ...options,
    kinds: { ...kinds, ...options.kinds },
  });
