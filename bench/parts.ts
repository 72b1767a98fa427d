import { firstChart } from "./first_chart.ts";
import { growth } from "./growth.ts";
import { eachImporter, jsonLogs, monitoringDb, textLogs } from "./imports.ts";
import type { Part } from "./part.ts";
import { charts } from "./plots.ts";
import { startUp } from "./start_up.ts";

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [
  textLogs,
  jsonLogs,
  monitoringDb,
  eachImporter,
  growth,
  startUp,
  firstChart,
  charts,
];
