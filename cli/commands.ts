import type { Command } from "./command.ts";
import { compareCommand } from "./commands/compare.ts";
import { coverageCommand } from "./commands/coverage.ts";
import { eventSequencesCommand } from "./commands/event_sequences.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { reportCommand } from "./commands/report.ts";
import { spanGraphCommand } from "./commands/span_graph.ts";
import { spanTypesCommand } from "./commands/span_types.ts";
import { spansInStateCommand } from "./commands/spans_in_state.ts";
import { sqlCommand } from "./commands/sql.ts";
import { storyCommand } from "./commands/story.ts";
import { timesBetweenCommand } from "./commands/times_between.ts";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  importCommand,
  spanTypesCommand,
  spanGraphCommand,
  eventSequencesCommand,
  timesBetweenCommand,
  spansInStateCommand,
  storyCommand,
  sqlCommand,
  metricsCommand,
  coverageCommand,
  compareCommand,
  exportCommand,
  reportCommand,
];
