import type { Part } from "./part.ts";
import { charts } from "./plots.ts";
import { textLogs } from "./text_logs.ts";

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [textLogs, charts];
