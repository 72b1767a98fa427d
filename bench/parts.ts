import type { Part } from "./part.ts";
import { textLogs } from "./text_logs.ts";

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [textLogs];
