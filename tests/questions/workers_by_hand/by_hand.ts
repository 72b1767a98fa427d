import { join } from "node:path";
import { askPython } from "../../importers/databases.ts";
import { larger, type LogSet, logSet } from "../../importers/logs.ts";

const scripts = "tests/questions/workers_by_hand";

interface Place {
  executor: string | null;
  block: string | null;
  manager: string | null;
  worker: string | null;
}

/** An execution of a task on a worker, as a script counts it. */
export interface CountedAttempt extends Place {
  /** Parsl's task and try, where the logs relate them. */
  task: string | null;
  try: string | null;
  executor_task: string | null;
  /** Unix seconds. */
  start: number;
  end: number;
  outcome: "done" | "failed" | "lost" | "running";
}

/** The life of a worker; of a manager where only monitoring.db is there. */
export interface CountedWorker extends Place {
  start: number;
  end: number;
  slots: number;
}

/** The counts of one script. */
export interface Counted {
  attempts: CountedAttempt[];
  workers: CountedWorker[];
  /** Busy slots at 20 times between the first start and the last end. */
  instants: { time: number; busy: number; slots: number }[];
}

/** A set of logs, and the script that counts its workers. */
export interface CountedSet extends LogSet {
  format: "htex" | "threads" | "queue" | "monitoring";
  script: string;
  /** What the script reads, inside the runinfo. */
  inside: string;
}

const counted = (
  format: CountedSet["format"],
  script: string,
  inside: string,
  logs: LogSet,
): CountedSet => ({ ...logs, format, script, inside });

const htex = (logs: LogSet, inside = "000") =>
  counted("htex", "htex_logs.py", inside, logs);
const threads = (logs: LogSet) => counted("threads", "threads.py", "000", logs);
const queue = (logs: LogSet) =>
  counted("queue", "queue_transactions.py", "", logs);
const monitoring = (logs: LogSet) =>
  counted("monitoring", "monitoring.py", "", logs);

const packed = (name: string): LogSet => ({
  ...logSet(name, "tests/fixtures/workers", ".tar.gz"),
  name,
});
const managers = (name: string) => logSet(name, "../shared/data/taskvine", "");

/** All sets whose workers are counted. */
export const sets: readonly CountedSet[] = [
  ...[
    "htex-blocks",
    "htex-node-killed",
    "htex-worker-killed",
    "htex-killed-idle",
    "htex-quiet",
    "two-executors",
    "cut",
    "mpi",
  ].map((name) => htex(packed(name))),
  ...["threads", "threads-monitoring"].map((name) => threads(packed(name))),
  ...[
    "wq",
    "taskvine-slots",
    "taskvine-library",
    "taskvine-library-failing",
  ].map((name) => queue(packed(name))),
  ...[
    "monitoring-alone",
    "monitoring-cut",
    "monitoring-two-executors",
  ].map((name) => monitoring(packed(name))),
  ...["htex-head", "mon-htex", "obs-wf", "head-json"].map((name) =>
    htex(larger(name))
  ),
  htex(larger("multi-htex"), "001"),
  ...[
    "lnni",
    "minitask",
    "serverless-7.5",
    "colmena-7.5",
    "blast-prerelease",
    "wq-colmena",
  ].map((name) => queue(managers(name))),
];

const unpacking = new Map<string, Promise<string>>();

/** The runinfo of a set; a packed one is unpacked once for all tests. */
export function unpacked({ path, name }: CountedSet): Promise<string> {
  if (!path.endsWith(".tar.gz")) return Promise.resolve(path);
  const known = unpacking.get(name) ?? unpack(path, name);
  unpacking.set(name, known);
  return known;
}

async function unpack(path: string, name: string): Promise<string> {
  const folder = join(".test_imports", `${Deno.pid}`, "workers", name);
  await Deno.mkdir(folder, { recursive: true });
  const { success } = await new Deno.Command("tar", {
    args: ["-xzf", path, "-C", folder],
  }).output();
  if (!success) throw new Error(`${path} cannot be unpacked`);
  return join(folder, "runinfo");
}

/**
 * Counts workers and attempts of a run directory by a script in plain Python,
 * which writes nothing. Undefined without Python.
 */
export async function byHand(
  script: string,
  rundir: string,
): Promise<Counted | undefined> {
  const printed = await askPython(
    `import runpy, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")`,
    scripts,
    join(scripts, script),
    rundir,
  );
  return printed === undefined ? undefined : JSON.parse(printed);
}
