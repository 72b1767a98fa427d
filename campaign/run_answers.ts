import { showProgress } from "../display/notebook/progress.ts";
import {
  isInNotebook,
  stoppable,
  unlessStopped,
} from "../display/notebook/stop_button.ts";
import { writeWhole } from "../display/output.ts";
import { Interrupted } from "../display/interrupt.ts";
import { counted, messageOf } from "../display/text/format.ts";
import { answersOfRun, type RunAnswers } from "../questions/mod.ts";
import type { LabelledRun } from "./catalog.ts";
import { loadedRun } from "./load_run.ts";
import { type Partition, versions } from "./manifest.ts";

/** Rises when the answers of the same dnpc and content change. */
const version = 1;

/** How answers are computed. */
export interface AnswersOptions {
  /** Told about runs that are damaged, and left out. */
  warn: (text: string) => void;
  /** Runs at once. By default as many as are worth it. */
  threads?: number | undefined;
}

/**
 * What is known of runs: read from their directories, or computed and kept there,
 * in files of its name. A directory that cannot be written to stays as it is.
 */
export function answersOf<Name extends keyof RunAnswers>(
  name: Name,
  runs: readonly LabelledRun[],
  options: AnswersOptions,
): Promise<RunAnswers[Name][]> {
  const stopped =
    "It was stopped. What was found about runs is kept: ask again for the rest.";
  return unlessStopped(answersNow(name, runs, options), stopped);
}

async function answersNow<Name extends keyof RunAnswers>(
  name: Name,
  runs: readonly LabelledRun[],
  { warn, threads }: AnswersOptions,
): Promise<RunAnswers[Name][]> {
  const texts = runs.map(({ partition }) => keptText(partition, name));
  const missing = runs.flatMap((run, i) =>
    texts[i] === undefined ? [{ ...run, i }] : []
  );
  const progress = showProgress((runs) => counted(runs, "run"));
  progress.expect(missing.length);
  try {
    await forEach(
      missing,
      threads ?? threadsFor(missing),
      async ({ partition, label, i }, compute) => {
        try {
          const answers = await compute(partition);
          keep(partition, answers);
          texts[i] = textOf(partition, name, answers);
        } catch (error) {
          if (error instanceof Interrupted) throw error;
          warn(`${partition.path} is left out: ${messageOf(error)}`);
        }
        progress.advance(1, label ?? partition.name);
      },
    );
  } finally {
    progress.end();
  }
  return runs.flatMap(({ partition, label = partition.name }, i) =>
    texts[i] === undefined
      ? []
      : [relabelled(texts[i], partition.name, label)[name] as RunAnswers[Name]]
  );
}

type Compute = (partition: Partition) => Promise<RunAnswers>;

/** What is known of a run, whose label is the name of its directory. */
export async function computeAnswers(
  partition: Partition,
): Promise<RunAnswers> {
  using db = await loadedRun({ partition, label: partition.name });
  return stoppable(() => answersOfRun(db));
}

/** Calls a function with each run, several at once. */
async function forEach<Run>(
  runs: readonly Run[],
  max: number,
  work: (run: Run, compute: Compute) => Promise<void>,
): Promise<void> {
  const queue = runs.values();
  const workOff = async (compute: Compute) => {
    for (const run of queue) await work(run, compute);
  };
  const count = Math.min(max, runs.length);
  if (count < 2) return await workOff(computeAnswers);
  const threads = Array.from({ length: count }, startThread);
  try {
    await Promise.all(threads.map(({ compute }) => workOff(compute)));
  } finally {
    for (const { end } of threads) end();
  }
}

function threadsFor(runs: readonly LabelledRun[]): number {
  const rows = runs.map(({ partition: { manifest } }) =>
    manifest.tables.event?.rows ?? 0
  );
  const events = rows.reduce((sum, rows) => sum + rows, 0);
  // The Stop button does not end what other threads do.
  return events < minEvents || isInNotebook()
    ? 1
    : Math.min(maxThreads, navigator.hardwareConcurrency);
}

const maxThreads = 4;
/** A thread takes as long to start as these to be read. */
const minEvents = 300_000;

function startThread(): { compute: Compute; end: () => void } {
  const url = new URL("./run_answers_worker.ts", import.meta.url);
  const start = () => new Worker(url, { type: "module" });
  let thread = start();
  return {
    compute: (partition) =>
      new Promise((resolve, reject) => {
        thread.onmessage = ({ data: { answers, error } }) =>
          answers ? resolve(answers) : reject(new Error(error));
        thread.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
          // It has ended.
          thread = start();
        };
        thread.postMessage(partition);
      }),
    end: () => thread.terminate(),
  };
}

const fileOf = ({ path }: Partition, name: string) => `${path}/${name}.json`;

const textOf = (
  { manifest: { fingerprint } }: Partition,
  name: keyof RunAnswers,
  answers: RunAnswers,
): string =>
  JSON.stringify({
    dnpc: versions.dnpc,
    version,
    fingerprint,
    [name]: answers[name],
  });

function keep(partition: Partition, answers: RunAnswers): void {
  for (const name of ["summary", "failures"] as const) {
    try {
      writeWhole(fileOf(partition, name), textOf(partition, name, answers));
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      // Next time it is computed again.
      return;
    }
  }
}

/** The text of a file that has the answers of this dnpc to this content. */
function keptText(
  partition: Partition,
  name: keyof RunAnswers,
): string | undefined {
  try {
    const text = Deno.readTextFileSync(fileOf(partition, name));
    const kept = JSON.parse(text);
    const isCurrent = kept.dnpc === versions.dnpc && kept.version === version &&
      kept.fingerprint === partition.manifest.fingerprint &&
      typeof kept[name] === "object";
    return isCurrent ? text : undefined;
  } catch {
    // There is none, or it is damaged.
    return undefined;
  }
}

/** The content of a kept file, with the label that the run has here. */
const relabelled = (text: string, own: string, label: string) => {
  const labelOf = (run: unknown) => run === own ? label : run;
  return JSON.parse(text, (name, value) => {
    if (name === "run") return labelOf(value);
    return name === "runs" && Array.isArray(value) ? value.map(labelOf) : value;
  });
};
