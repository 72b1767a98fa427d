/**
 * Rows in, chart out. Rows may come from anywhere.
 *
 * @module
 */
export * from "./axes.ts";
export * from "./channels.ts";
export * from "./chart.ts";
export * from "./duration_bins.ts";
export * from "./duration_histogram.ts";
export * from "./durations.ts";
export * from "./palette.ts";
export * from "./statistics.ts";
export * from "./duration_cells.ts";
export * from "./duration_density.ts";
export * from "./durations_over_time.ts";
export * from "./two_events.ts";
export * from "./spans_in_state.ts";
export * from "./state_changes.ts";
export * from "./state_counts.ts";
