import { numberIn } from "../../lines/metrics.ts";
import type { RecordFields, RecordNumbers } from "../../lines/record_fields.ts";

type Members = Readonly<Record<string, unknown>>;

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

/** The fields that the members of a record give; undefined if there are none. */
export function fieldsOf(members: Members): RecordFields | undefined {
  let found: RecordFields | undefined;
  for (const name in members) {
    const field = fields.get(name);
    if (field === undefined) continue;
    const text = fieldText(members[name]);
    if (text === undefined) continue;
    const isNumber = numeric.test(field);
    if (isNumber && !/^\d+$/.test(text)) continue;
    (found ??= {})[field] = isNumber ? text.replace(/^0+(?=\d)/, "") : text;
  }
  return found;
}

const numeric = /^(?:(?:executor_)?task|executor_id|try)$/;

/** A value as text, and "b'4c57a1f4c2bf'" as "4c57a1f4c2bf". */
function fieldText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  // Python writes None. No name is so long, only damage.
  if (text === "" || text === "None" || text.length > 1000) return undefined;
  return /^b'(.*)'$/.exec(text)?.[1] ?? text;
}

/**
 * The numbers of a record that names their family, possibly as text, in one of
 * two dialects:
 * {"metric": "managers_count", "interesting": "0", "ready": "1"} or
 * {"parsl.metric": "managers_count", "parsl.interesting": "0"}.
 */
export function numbersOfRecord(members: Members): RecordNumbers | undefined {
  const prefix = prefixes.find((prefix) =>
    typeof members[`${prefix}metric`] === "string"
  );
  if (prefix === undefined) return undefined;
  const numbers = Object.entries(members).flatMap(([name, value]) => {
    if (!name.startsWith(prefix) || fields.has(name)) return [];
    if (commonMembers.has(name) || /(?:^|[._])id$/.test(name)) return [];
    if (typeof value !== "string" && typeof value !== "number") return [];
    const number = numberIn(String(value));
    if (number === undefined) return [];
    return [[name.slice(prefix.length), number] as const];
  });
  const metric = members[`${prefix}metric`] as string;
  return numbers.length ? { metric, numbers } : undefined;
}

const prefixes = ["parsl.", ""];

// Python's logging and Parsl's formatters add these to every record.
const commonMembers = new Set(
  ("name msg args levelname levelno pathname filename module exc_info " +
    "exc_text stack_info lineno funcName funcname created msecs " +
    "relativeCreated thread threadName processName process taskName message " +
    "asctime repr formatted known_keys metric").split(" "),
);
