import type { NumberLine } from "../../lines/numbers.ts";

// Until 2022-08 a line began with the thread that wrote it: "[MAIN] ".

/** What a manager's own log counts. */
export const managerNumbers: readonly NumberLine[] = [
  {
    pattern:
      /^(?:\[\w+\] )?ready workers: ?(?<ready_workers>\d+), pending tasks: ?(?<pending_tasks>\d+)/,
    metric: "manager",
  },
  {
    pattern:
      /^(?:\[\w+\] )?Got (?:executor )?tasks: \[.*\], cumulative count of tasks: (?<cumulative_tasks>\d+)/,
    metric: "manager",
  },
  {
    pattern: /^Result send: Pushing (?<pushed_results>\d+) items/,
    metric: "manager",
  },
  {
    pattern:
      /^Result send: check condition not met - deferring (?<deferred_results>\d+) result items/,
    metric: "manager",
  },
  {
    pattern: /^(?:\[\w+\] )?Sent heartbeat/,
    metric: "heartbeat",
    since: "sent_heartbeat_gap",
  },
  {
    pattern: /^(?:\[\w+\] )?Got heartbeat (?:response )?from interchange/,
    metric: "heartbeat",
    since: "interchange_heartbeat_gap",
  },
  {
    pattern: /^Sending heartbeat via results connection/,
    metric: "heartbeat",
    since: "sent_results_heartbeat_gap",
  },
];

/** What the interchange counts of a manager. */
export const numbersOfManager: readonly NumberLine[] = [
  {
    pattern: /^Manager b'[^']*':? has free capacity (?<free_capacity>\d+)/,
    metric: "manager_free_capacity",
  },
  {
    // It is said in place of the line above.
    pattern: /^Manager b'[^']*':? is now saturated/,
    metric: "manager_free_capacity",
    also: { free_capacity: 0 },
  },
  {
    pattern: /^(?:\[\w+\] )?Got (?<results_in_batch>\d+) result items in batch/,
    metric: "interchange",
  },
  {
    // What keeps a manager from being lost; and the end of the last gap.
    pattern:
      /^(?:\[\w+\] )?(?:Manager b'[^']*':? )?(?:sent heartbeat via tasks|Processing message type 'heartbeat'|Too many heartbeats missed)/,
    metric: "heartbeat",
    since: "heartbeat_gap",
  },
  {
    pattern: /^(?:\[\w+\] )?Manager b'[^']*' sent heartbeat via results/,
    metric: "heartbeat",
    since: "results_heartbeat_gap",
  },
];

/** What the interchange counts of itself. */
export const interchangeNumbers: readonly NumberLine[] = [
  {
    pattern:
      /^(?:\[\w+\] )?Managers count \(interesting\/total\): (?<interesting>\d+)\/(?<ready>\d+)/,
    metric: "managers_count",
  },
  {
    // Until 2020-05.
    pattern:
      /^(?:\[\w+\] )?Managers count \(total\/interesting\): (?<ready>\d+)\/(?<interesting>\d+)/,
    metric: "managers_count",
  },
  {
    pattern:
      /^(?:\[\w+\] )?leaving _ready_manager\w+ section, with (?<still_interesting>\d+) managers/,
    metric: "managers_count",
  },
  {
    pattern:
      /^(?:\[\w+\] )?(?:zmq\.Again with |TMP\d+: there are )?(?<queued_tasks>\d+) tasks in (?:internal|the pending task) queue/,
    metric: "pending_task_queue_length",
  },
  {
    pattern:
      /^(?:\[\w+\] )?Fetched (?:task:)?(?<fetched_tasks>\d+)(?: tasks so far)?$/,
    metric: "interchange",
  },
];

/** What it counts of the manager that the line above names, since 2025-05. */
export const numbersOfManagerAbove: readonly NumberLine[] = [
  {
    pattern: /^Number of results in batch: (?<results_in_batch>\d+)/,
    metric: "interchange",
  },
];
