/**
 * By what things are known, the widest first, and what else tells which one is
 * meant. No name is global: a block is one of its executor, an executor one of
 * its run.
 */
export const scopes = {
  run: ["run"],
  executor: ["run", "executor"],
  block: ["run", "executor", "block"],
  manager: ["run", "manager"],
  worker: ["run", "manager", "worker"],
  task: ["run", "task"],
  try: ["run", "task", "try"],
  executor_task: ["run", "executor", "executor_task"],
};

/** The names, the widest first. */
export const identityNames = Object.keys(scopes);
