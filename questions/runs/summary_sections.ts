// Over 300 lines: each part of a summary, and the words of its entries.

import {
  count,
  counted,
  moment,
  secondsText,
} from "../../display/text/format.ts";
import { allWorkers, meanLimits, medianPlaces } from "./summary_of_many.ts";
import type {
  FailureSummary,
  LimitSummary,
  OddSummary,
  PlaceSummary,
  RunSummary,
  Summary,
  UseSummary,
  WorkersSummary,
} from "./summary_schema.ts";

/** A part of a summary. */
export interface Section {
  title: string;
  /** What to ask next: in a notebook, and the same on the command line. */
  next?: Next | undefined;
  entries: Entry[];
  /** The noun for entries, and the number of all, if some are left out. */
  noun: string;
  total: number;
}

export interface Entry {
  /** The run, or runs, that it is about. */
  name: string;
  text: string;
  /** The task that the text names last. */
  task?: { run: string | null; task: string | null };
  next?: Next | undefined;
}

export type Next = readonly [call: string, command: string];

/** Limits of the entries of a part, and of the runs that are listed. */
export interface Limits {
  few: number;
  most: number;
}

/** What was asked: the only run, and whether of a campaign. */
export interface SummaryOf {
  run?: string | undefined;
  isCampaign?: boolean | undefined;
}

/** What ran, in a sentence. */
export function firstSentence({ runs, workers }: Summary): string {
  const known = new Set<string | null>(runs.map(({ run }) => run));
  const others = workers.filter(({ run }) => !known.has(run)).length;
  const queues = `${counted(others, "queue")} without a log of Parsl`;
  if (runs.length === 0) {
    return others > 0
      ? `${queues}.`
      : "No log here names a run or a worker. spanTypes() and `dnpc span-types` " +
        "list what there is.";
  }
  const total = (
    name: "tasks" | "failed_tasks" | "dependent_tasks" | "unfinished_tasks",
  ) => runs.reduce((sum, run) => sum + run[name], 0);
  const failed = total("failed_tasks") + total("dependent_tasks");
  const open = runs.filter(({ has_ended }) => !has_ended).length;
  const unfinished = total("unfinished_tasks");
  return [
    counted(runs.length, "run"),
    ...open > 0
      ? [open === runs.length ? "did not end" : `${count(open)} did not end`]
      : [],
    counted(total("tasks"), "task"),
    failed > 0 ? `${count(failed)} failed` : "none failed",
    ...unfinished > 0 ? [`${count(unfinished)} never ended`] : [],
  ].join(", ") + (others > 0 ? `; ${queues}.` : ".");
}

/** The parts of a summary about which there is something to say. */
export function sectionsOf(
  summary: Summary,
  { few, most }: Limits,
  of: SummaryOf,
): Section[] {
  const { runs, odd } = summary;
  const isMany = runs.length > maxNamed;
  const next = (question: string, command: string): Next =>
    of.run === undefined
      ? [
        of.isCampaign ? `await ${question}(campaign)` : `${question}(db)`,
        `${command} DATA`,
      ]
      : nextOfRun(of, question, command, of.run);
  // Of a campaign, a question about a run needs its name.
  const nextOfOne = (question: string, command: string): Next | undefined => {
    const run = of.isCampaign ? of.run ?? runs.at(-1)?.run : of.run;
    if (run !== undefined) return nextOfRun(of, question, command, run);
    return of.isCampaign ? undefined : next(question, command);
  };
  const failures = summary.failures.slice(
    0,
    atMost(isMany ? 2 * few : few, summary.failures.length),
  );
  const missing = isMany
    ? summary.missing.toSorted((a, b) => b.runs.length - a.runs.length)
    : summary.missing;
  const only = runs.length === 1 ? runs[0]!.run : undefined;
  // One run needs no name, and a question about it no option.
  const nameOf = (names: readonly string[]) =>
    only === undefined ? listOf(names) : "";
  const all: Section[] = [
    {
      title: "What ran",
      next: of.isCampaign
        ? ["await runs(campaign)", "runs DATA"]
        : ["runs(db)", "runs DATA"],
      entries: capped(runs, most).map((run) => ({
        name: run.run,
        text: runs.length > 4 ? lineOfRun(run) : textOfRun(run),
      })),
      noun: "run",
      total: runs.length,
    },
    {
      title: "What failed and why",
      next: next("failures", "failures"),
      entries: failures.map((cause, i) => ({
        name: nameOf(cause.runs),
        text: textOfFailure(cause),
        task: cause,
        next: i === 0 ? storyOf(of, cause.run, cause.task) : undefined,
      })),
      noun: "cause",
      total: summary.failures.length,
    },
    {
      title: "Where a typical task was (medians)",
      next: nextOfOne("tasks", "tasks"),
      ...isMany
        ? ofAll("median run", medianPlaces(summary), textOfPlaces)
        : folded(
          few,
          Map.groupBy(summary.typical_tasks, ({ run }) => run),
          textOfPlaces,
          nameOf,
        ),
    },
    {
      title: "What the workers did",
      next: nextOfOne("workerTime", "worker-time"),
      ...isMany
        ? ofAll("all together", allWorkers(summary), textOfWorkers)
        : folded(
          few,
          Map.groupBy(summary.workers, ({ run }) => run ?? ""),
          textOfWorkers,
          nameOf,
        ),
    },
    {
      title: "What limited the throughput",
      next: nextOfOne("bottleneck", "bottleneck"),
      ...isMany ? ofAll("mean", meanLimits(summary), textOfLimits) : folded(
        few,
        Map.groupBy(summary.limits, ({ run }) => run),
        textOfLimits,
        nameOf,
      ),
    },
    {
      title: "What looks odd",
      entries: (isMany ? oneOfEachKind(odd) : odd)
        .slice(0, atMost(isMany ? 2 * few : few, odd.length)).map((one) => ({
          name: nameOf([one.run]),
          text: one.text,
          task: one,
          next: nextOfOdd(of, one, runs),
        })),
      noun: "odd thing",
      total: odd.length,
    },
    {
      title: "What no log tells",
      next: of.isCampaign
        ? nextOfOne("coverage", "coverage")
        : ["coverage(db)", "coverage DATA"],
      entries: missing.slice(0, atMost(few, missing.length)).map((one) => ({
        name: one.runs.length === runs.length ? "" : nameOf(one.runs),
        text: one.is_there
          ? `${one.log} does not tell ${one.text}`
          : `no ${one.log}, which tells ${one.text}`,
      })),
      noun: "log",
      total: missing.length,
    },
  ];
  return all.filter(({ entries }) => entries.length > 0).map((section) => {
    const more = section.total - section.entries.length;
    const text = `and ${counted(more, `more ${section.noun}`)}`;
    return more > 0
      ? { ...section, entries: [...section.entries, { name: "", text }] }
      : section;
  });
}

/** Of more runs than these, most parts are about all of them together. */
const maxNamed = 12;

/** A part about all runs together. */
const ofAll = <T>(
  name: string,
  rows: readonly T[],
  textOf: (rows: readonly T[]) => string,
): Pick<Section, "entries" | "noun" | "total"> => ({
  entries: rows.length === 0 ? [] : [{ name, text: textOf(rows) }],
  noun: "run",
  total: 1,
});

/** The first of each kind, then the second, and so on. */
function oneOfEachKind(odd: readonly OddSummary[]): OddSummary[] {
  const kinds = [...Map.groupBy(odd, ({ kind }) => kind).values()];
  const ranked = kinds.flatMap((own) =>
    own.map((one, rank) => ({ one, rank }))
  );
  return ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
}

/** The line that says what is left out takes a line itself. */
const atMost = (limit: number, length: number): number =>
  length === limit + 1 ? length : limit;

/** Of many runs, those that need a look and then the last ones, in order. */
function capped(runs: readonly RunSummary[], max: number): RunSummary[] {
  if (runs.length <= atMost(max, runs.length)) return [...runs];
  const rank = (run: RunSummary) =>
    run.has_ended ? run.failed_tasks > 0 ? 1 : 0 : 2;
  const kept = new Set(
    runs.toReversed().sort((a, b) => rank(b) - rank(a)).slice(0, max),
  );
  return runs.filter((run) => kept.has(run));
}

/** An entry for each of the last runs; runs of the same text share one. */
function folded<T>(
  few: number,
  groups: ReadonlyMap<string, T[]>,
  textOf: (own: T[]) => string,
  nameOf: (names: readonly string[]) => string,
): Pick<Section, "entries" | "noun" | "total"> {
  const texts = Map.groupBy(groups, ([, own]) => textOf(own));
  const entries = Array.from(texts, ([text, own]) => ({
    name: nameOf(own.map(([name]) => name)),
    text,
  }));
  return {
    entries: entries.slice(-atMost(few, entries.length)),
    noun: "run",
    total: entries.length,
  };
}

/** "000", "000, 001", "000 and 18 more". */
const listOf = (names: readonly string[]): string =>
  names.length <= 2
    ? names.join(", ")
    : `${names[0]} and ${count(names.length - 1)} more`;

const textOfPlaces = (places: readonly PlaceSummary[]): string =>
  places.map(({ place, median_seconds }) =>
    `${secondsText(median_seconds)} ${place}`
  ).join(", ");

function textOfLimits(limits: readonly LimitSummary[]): string {
  const unknown = 1 - limits.reduce((sum, { share }) => sum + share, 0);
  return [
    ...limits,
    ...unknown >= 0.01 ? [{ stage: "unknown", share: unknown }] : [],
  ].map(({ stage, share }) => `${stage} ${percent(share)}`).join(", ");
}

/** A run among many. */
function lineOfRun(run: RunSummary): string {
  const failed = run.failed_tasks + run.dependent_tasks;
  return [
    run.workflow,
    run.began_unix_seconds === null ? null : moment(run.began_unix_seconds),
    run.has_ended
      ? run.length_seconds === null ? "ended" : secondsText(run.length_seconds)
      : "did not end",
    counted(run.tasks, "task"),
    failed > 0 ? `${count(failed)} failed` : null,
    run.unfinished_tasks > 0
      ? `${count(run.unfinished_tasks)} never ended`
      : null,
  ].filter((part) => part !== null).join(", ");
}

function textOfRun(run: RunSummary): string {
  const { began_unix_seconds: began, last_line_unix_seconds: last } = run;
  const length = run.length_seconds;
  const state = run.has_ended
    ? `ended${length === null ? "" : ` after ${secondsText(length)}`}`
    : "did not end" +
      (last === null ? "" : `; last line at ${moment(last)} UTC` +
        (began === null ? "" : `, after ${secondsText(last - began)}`));
  const parts = ([
    ["succeeded", run.succeeded_tasks],
    ["failed", run.failed_tasks],
    ["failed because another did", run.dependent_tasks],
    ["never ended", run.unfinished_tasks],
    ["tried again", run.retried_tasks],
  ] as const).filter(([, tasks]) => tasks > 0)
    .map(([what, tasks]) => `${count(tasks)} ${what}`);
  return [
    ...run.workflow === null ? [] : [run.workflow],
    ...began === null ? [] : [`${moment(began)} UTC`],
    state,
  ].join(", ") + ": " +
    [counted(run.tasks, "task"), ...parts].join(", ");
}

function textOfFailure(cause: FailureSummary): string {
  const { failed_tasks, dependent_tasks, recovered_tasks } = cause;
  const what = [cause.exception, cause.message]
    .filter((part) => part !== null).join(": ") || "unknown cause";
  const counts = [
    ...failed_tasks > 0
      ? [
        `${counted(failed_tasks, "task")} failed` +
        (dependent_tasks > 0
          ? ` (${count(dependent_tasks)} because another did)`
          : ""),
      ]
      : [],
    ...recovered_tasks > 0
      ? [`${counted(recovered_tasks, "task")} succeeded when tried again`]
      : [],
    ...cause.blocks > 0 ? [`${counted(cause.blocks, "block")} failed`] : [],
  ];
  if (counts.length === 0) {
    counts.push(`${counted(cause.tries, "try", "tries")} failed`);
  }
  if (cause.blocks === 0 && cause.block_ends) {
    counts.push(`lost with their block (${cause.block_ends})`);
  }
  return `${what}: ${counts.join(", ")}, such as ${cause.such_as}`;
}

function textOfWorkers([own]: readonly WorkersSummary[]): string {
  const { workers, paid_seconds, uses } = own!;
  const used = uses.filter(({ is_idle }) => !is_idle);
  const idle = uses.filter(({ is_idle }) => is_idle);
  const list = (uses: readonly UseSummary[], least: number) =>
    uses.filter(({ share }) => share >= least)
      .sort((a, b) => b.share - a.share)
      .map(({ use, share }) => `${percent(share)} ${use}`).join(", ");
  const causes = list(idle, 0.02);
  const isUseful = used.some(({ use }) => use === "useful");
  return `${counted(workers, "worker")}, ${
    secondsText(paid_seconds)
  } in total: ` +
    (isUseful ? "" : "0% useful, ") +
    used.filter(({ use }) => use === "useful")
      .map(({ share }) => `${percent(share)} useful, `).join("") +
    [list(used.filter(({ use }) => use !== "useful"), 0.005)]
      .filter(Boolean).map((text) => `${text}, `).join("") +
    percent(idle.reduce((sum, { share }) => sum + share, 0)) + " idle" +
    (causes ? ` (${causes})` : "");
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;

/** A question about one run. */
const nextOfRun = (
  { isCampaign }: SummaryOf,
  question: string,
  command: string,
  run: string,
): Next => {
  const name = JSON.stringify(run);
  return [
    isCampaign
      ? `${question}(await campaign.database(${name}))`
      : `${question}(db, { run: ${name} })`,
    `${command} DATA --run ${shellWord(run)}`,
  ];
};

function storyOf(
  { isCampaign }: SummaryOf,
  run: string | null,
  task: string | null,
): Next | undefined {
  if (run === null || task === null) return undefined;
  const [name, number] = [JSON.stringify(run), JSON.stringify(task)];
  return [
    isCampaign
      ? `story(await campaign.database(${name}), { task: ${number} })`
      : `story(db, { task: ${number}, run: ${name} })`,
    `story DATA ${shellWord(`task=${task}`)} ${shellWord(`run=${run}`)}`,
  ];
}

/** Of many runs, the comparison with a usual one. */
function nextOfSlow(
  run: string,
  runs: readonly RunSummary[],
): Next | undefined {
  const own = runs.find((one) => one.run === run);
  const alike = runs.filter((one) =>
    one.workflow === own?.workflow && one.tasks === own.tasks &&
    one.length_seconds !== null
  ).sort((a, b) => a.length_seconds! - b.length_seconds!);
  const usual = alike[(alike.length - 1) >> 1]?.run;
  return usual === undefined ? undefined : [
    `await compare(campaign, { runs: ${JSON.stringify([usual, run])} })`,
    `compare DATA ${shellWord(usual)} ${shellWord(run)}`,
  ];
}

function nextOfOdd(
  of: SummaryOf,
  { kind, run, task, line }: OddSummary,
  runs: readonly RunSummary[],
): Next | undefined {
  switch (kind) {
    case "slow task":
      return storyOf(of, run, task);
    case "slow run":
      return of.isCampaign
        ? nextOfSlow(run, runs)
        : ["compare(db)", "compare DATA"];
    case "idle worker":
      return nextOfRun(of, "workerIdleTime", "idle", run);
    case "gap in logs":
      return nextOfRun(of, "bottleneck", "bottleneck", run);
    case "clock went back": {
      if (line === null) return undefined;
      const [call, command] = nextOfRun(of, "logVolume", "lines", run);
      return of.isCampaign
        ? [call, command.replace("DATA", () => `DATA ${shellWord(line)}`)]
        : [`logVolume(db)`, `lines DATA ${shellWord(line)}`];
    }
  }
}

/** A path as the shell takes it. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
