import type { Command } from "./command.ts";
import { importCommand } from "./commands/import.ts";
import { sqlCommand } from "./commands/sql.ts";

/** All commands, in the order in which help lists them. */
export const commands: readonly Command[] = [
  importCommand,
  sqlCommand,
];
