/**
 * The attributes that identify an entity of each kind, widest kind first. No
 * name is global: a block belongs to an executor, an executor to a run.
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

/** The kinds, widest first. */
export const identityNames = Object.keys(scopes);
