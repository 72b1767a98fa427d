/**
 * Values by which the members of a JSON record name a span, and its new state,
 * whatever the message says.
 */
export interface RecordFields {
  run?: string;
  task?: string;
  try?: string;
  /** The state that the task enters. */
  state?: string;
  executor?: string;
  /** The number that a high throughput executor gives the task. */
  executor_task?: string;
  /** The same of any executor, in the record of a launch. */
  executor_id?: string;
  block?: string;
  /** The state that the block enters, and its job. */
  status?: string;
  job?: string;
  manager?: string;
  worker?: string;
}

// Current Parsl writes "parsl.task", its observability prototype
// "parsl_task_id" and, without a prefix, "htex_task_id".
const names: Readonly<Record<keyof RecordFields, string>> = {
  run: "parsl.dfk parsl.run_id parsl_dfk parsl_run_id",
  task: "parsl.task parsl.task_id parsl_task_id",
  try: "parsl.try parsl.try_id parsl_try_id",
  state: "parsl.task_state parsl_task_state",
  executor: "parsl.executor parsl.executor.label parsl_executor",
  executor_task: "parsl.htex_task parsl.htex_task_id htex_task_id",
  executor_id: "parsl.executor_id parsl_executor_id",
  block: "parsl.block parsl.block_id block_id",
  status: "parsl.status status",
  job: "parsl.job parsl.job_id job_id",
  manager: "parsl.manager parsl.manager_id manager_id",
  worker: "parsl.worker parsl.worker_id worker_id",
};

const fields: ReadonlyMap<string, keyof RecordFields> = new Map(
  Object.entries(names).flatMap(([field, names]) =>
    names.split(" ").map((name) => [name, field as keyof RecordFields])
  ),
);

/** Whether a member of a JSON record is one of the {@linkcode RecordFields}. */
export const isField = (name: string): boolean => fields.has(name);

/** The fields that the members of a record give; undefined if there are none. */
export function fieldsOf(
  members: Readonly<Record<string, unknown>>,
): RecordFields | undefined {
  let found: RecordFields | undefined;
  for (const name in members) {
    const field = fields.get(name);
    if (field === undefined) continue;
    const text = fieldText(members[name]);
    if (text === undefined) continue;
    const isNumber = numbers.test(field);
    if (isNumber && !/^\d+$/.test(text)) continue;
    (found ??= {})[field] = isNumber ? text.replace(/^0+(?=\d)/, "") : text;
  }
  return found;
}

const numbers = /^(?:(?:executor_)?task|executor_id|try)$/;

/** A value as text, and "b'4c57a1f4c2bf'" as "4c57a1f4c2bf". */
function fieldText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  // Python writes None. No name is so long, only damage.
  if (text === "" || text === "None" || text.length > 1000) return undefined;
  return /^b'(.*)'$/.exec(text)?.[1] ?? text;
}
