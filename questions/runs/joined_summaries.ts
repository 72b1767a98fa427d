// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { showAs } from "../../display/notebook/jupyter.ts";
import type { SummaryData } from "./answering_runs.ts";
import { slowRuns } from "./oddities.ts";
import type {
  FailureSummary,
  MissingSummary,
  OddSummary,
  Summary,
} from "./summary_schema.ts";
import type { SummaryOf } from "./summary_sections.ts";
import { summaryHtml, summaryText } from "./summary_text.ts";

/**
 * A summary that displays itself.
 *
 * @param data its members, but for causes, which are those of each run
 */
export function summaryOf(data: SummaryData, of: SummaryOf): Summary {
  const result: Summary = {
    ...data,
    failures: mergeCauses(data.failures),
    ofRun: (run) => summaryOf(partAbout(data, run), { ...of, run }),
    toString: (width, data) => summaryText(result, { width, data, ...of }),
    toHtml: () => summaryHtml(result, of),
  };
  const hidden = (value: unknown) => ({ value, enumerable: false });
  Object.defineProperties(result, {
    ofRun: hidden(result.ofRun),
    toString: hidden(result.toString),
    toHtml: hidden(result.toHtml),
    [Symbol.for("Deno.customInspect")]: hidden(() => result.toString()),
  });
  return showAs(result, () => ({
    "text/html": result.toHtml(),
    "text/plain": result.toString(),
  }));
}

function partAbout(data: SummaryData, label: string): SummaryData {
  const isOfRun = ({ run }: { run: string | null }) => run === label;
  return {
    version: 1,
    runs: data.runs.filter(isOfRun),
    failures: data.failures.filter(isOfRun),
    typical_tasks: data.typical_tasks.filter(isOfRun),
    workers: data.workers.filter(isOfRun),
    limits: data.limits.filter(isOfRun),
    odd: data.odd.filter(isOfRun),
    missing: data.missing.filter(({ runs }) => runs.includes(label)),
  };
}

/** Causes of failures: the same one in several runs is one. */
function mergeCauses(causes: readonly FailureSummary[]): FailureSummary[] {
  const groups = Map.groupBy(
    causes,
    ({ exception, message }) => JSON.stringify([exception, message]),
  );
  return groups.values().map((own) => {
    const [first] = own as [FailureSummary];
    return {
      ...first,
      runs: [...new Set(own.flatMap(({ runs }) => runs))],
      failed_tasks: sum(own, (cause) => cause.failed_tasks),
      dependent_tasks: sum(own, (cause) => cause.dependent_tasks),
      recovered_tasks: sum(own, (cause) => cause.recovered_tasks),
      tries: sum(own, (cause) => cause.tries),
      blocks: sum(own, (cause) => cause.blocks),
      block_ends: [...new Set(own.map((cause) => cause.block_ends))]
        .filter(Boolean).join(", "),
      worker_seconds: sum(own, (cause) => cause.worker_seconds),
    };
  }).toArray().sort((a, b) =>
    b.failed_tasks - a.failed_tasks || b.tries - a.tries
  );
}

/** The summaries of single runs as one. */
export function joined(parts: readonly SummaryData[]): SummaryData {
  const byLabel = parts.toSorted((a, b) =>
    labelOf(a).localeCompare(labelOf(b))
  );
  const byTime = byLabel.toSorted((a, b) => beganOf(a) - beganOf(b));
  const runs = byTime.flatMap(({ runs }) => runs);
  const odd = [
    ...slowRuns(runs.map((run) => ({ ...run, seconds: run.length_seconds }))),
    ...byLabel.flatMap(({ odd }) => odd),
  ];
  return {
    version: 1,
    runs,
    failures: byLabel.flatMap(({ failures }) => failures),
    typical_tasks: byTime.flatMap(({ typical_tasks }) => typical_tasks),
    workers: byLabel.flatMap(({ workers }) => workers),
    limits: byLabel.flatMap(({ limits }) => limits),
    odd: kindsOfOdd.flatMap((kind) =>
      odd.filter((one) => one.kind === kind)
        .sort((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0))
    ),
    missing: mergeMissing(byTime.flatMap(({ missing }) => missing)),
  };
}

const labelOf = ({ runs: [run] }: SummaryData): string => run?.run ?? "";

const beganOf = ({ runs: [run] }: SummaryData): number =>
  run?.began_unix_seconds ?? -Infinity;

/** In the order of `oddities`. */
const kindsOfOdd: readonly OddSummary["kind"][] = [
  "slow run",
  "slow task",
  "idle worker",
  "gap in logs",
  "clock went back",
];

function mergeMissing(missing: readonly MissingSummary[]): MissingSummary[] {
  const groups = Map.groupBy(
    missing,
    ({ log, text, is_there }) => JSON.stringify([log, text, is_there]),
  );
  return Array.from(groups.values(), (own) => ({
    ...own[0]!,
    runs: own.flatMap(({ runs }) => runs),
  }));
}
