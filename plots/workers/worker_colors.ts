import { style } from "../drawing/style.ts";

/** Colours of the causes of waiting: pale, so that work stands out. */
export const waitColors: ReadonlyMap<string, string> = new Map([
  ["transfer", "#d1c6f0"],
  ["manager", "#a3c9cf"],
  ["dispatch", "#f1d091"],
  ["dependencies", "#eec9c3"],
  ["nothing queued", "#e3e6ea"],
  ["idle", "#e3e6ea"],
  ["unknown", "#f3f4d8"],
]);

/**
 * Colours of the states of `workerActivity(db)` and of shares of busy time, in
 * the order of the legend: busy is dark, partly busy lies in between.
 */
export const activityColors: ReadonlyMap<string, string> = new Map([
  ["busy", style.accent],
  ["busy 75 to 100%", "#3d94c6"],
  ["busy 50 to 75%", "#7ab5d8"],
  ["busy 25 to 50%", "#a9cfe6"],
  ["busy 0 to 25%", "#d3e5f1"],
  ...waitColors,
]);

/**
 * Colours of the uses of `workerTime(db)`, in the order of the legend: work that
 * was in vain is warm.
 */
export const useColors: ReadonlyMap<string, string> = new Map([
  ["useful", style.accent],
  ["retried", "#e69f00"],
  ["failed", "#d55e00"],
  ["lost", "#5c1a00"],
  ["unfinished", "#73aed2"],
  ["start-up", "#dbe6b3"],
  ...waitColors,
  ["drain", "#cbb99d"],
]);

/** The uses of workers that have a task. */
export const workingUses: ReadonlySet<string> = new Set([
  "useful",
  "retried",
  "failed",
  "lost",
  "unfinished",
]);

/** Colours of the states of `blockActivity(db)`, in the order of the legend. */
export const blockColors: ReadonlyMap<string, string> = new Map([
  ["queued", "#d1c6f0"],
  ["starting", "#dbe6b3"],
  ["working", style.accent],
  ["running", "#73aed2"],
  ["queued or running", "#b9cfe8"],
  ["idle", "#e3e6ea"],
  ["without workers", "#eec9c3"],
  ["ending", "#cbb99d"],
]);

/** Colours of what takes place on a worker beside its attempts. */
export const streamColors: ReadonlyMap<string, string> = new Map([
  ["waiting", "#d7dbe0"],
  ["transfer", "#d1c6f0"],
  ["library", "#dbe6b3"],
]);
