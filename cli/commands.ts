import type { Command } from "./command.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { spansInStateCommand } from "./commands/spans_in_state.ts";
import { sqlCommand } from "./commands/sql.ts";

import { timesBetweenCommand } from "./commands/times_between.ts";

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [
  importCommand,
  timesBetweenCommand,
  spansInStateCommand,
  sqlCommand,
  metricsCommand,
  exportCommand,
];
