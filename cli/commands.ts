import type { Command } from "./command.ts";
import { bottleneckCommand } from "./commands/bottleneck.ts";
import { compareCommand } from "./commands/compare.ts";
import { exportCommand } from "./commands/export.ts";
import { gateCommand } from "./commands/gate.ts";
import { importCommand } from "./commands/import.ts";
import * as lines from "./commands/lines.ts";
import * as manyRuns from "./commands/many_runs.ts";
import { metricsCommand, resourcesCommand } from "./commands/metrics.ts";
import * as questions from "./commands/questions.ts";
import { reportCommand } from "./commands/report.ts";
import * as runs from "./commands/runs.ts";
import { spanGraphCommand } from "./commands/span_graph.ts";
import { sqlCommand } from "./commands/sql.ts";
import { timesBetweenCommand } from "./commands/times_between.ts";
import * as workers from "./commands/workers.ts";

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  importCommand,
  runs.summaryCommand,
  runs.runsCommand,
  runs.failuresCommand,
  runs.tasksCommand,
  questions.spanTypesCommand,
  spanGraphCommand,
  questions.eventSequencesCommand,
  workers.durationsCommand,
  timesBetweenCommand,
  questions.spansInStateCommand,
  lines.storyCommand,
  lines.linesCommand,
  lines.logVolumeCommand,
  sqlCommand,
  metricsCommand,
  resourcesCommand,
  bottleneckCommand,
  workers.workerTimeCommand,
  workers.idleCommand,
  workers.utilisationCommand,
  workers.attemptsCommand,
  workers.blocksCommand,
  questions.coverageCommand,
  compareCommand,
  gateCommand,
  manyRuns.trendsCommand,
  manyRuns.outliersCommand,
  manyRuns.factorsCommand,
  questions.criticalPathCommand,
  exportCommand,
  reportCommand,
];
