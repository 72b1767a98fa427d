import type { NumberLine } from "../../lines/numbers.ts";

/** What the scaling strategy counts of an executor. */
export const strategyNumbers: readonly NumberLine[] = [
  {
    // Since 2026-02. The label stands before it, as in all lines of scaling.
    pattern:
      /\] Executor (?<active_tasks>\d+) active tasks, (?<active_slots>\d+) active slots, and (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks/,
    metric: "strategy",
  },
  {
    pattern:
      /\bExecutor .+? has (?<active_tasks>\d+) active tasks(?: and|,) (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks(?:, and (?<connected_workers>\d+) connected workers)?/,
    metric: "strategy",
  },
  {
    pattern:
      /\bSlot ratio calculation: active_slots = (?<active_slots>\d+), active_tasks = (?<active_tasks>\d+)/,
    metric: "slot_ratio",
  },
  {
    pattern:
      /^Counted (?<outstanding_tasks>\d+) outstanding tasks(?: with (?<outstanding_slots>\d+) outstanding slots)?/,
    metric: "strategy",
  },
];
