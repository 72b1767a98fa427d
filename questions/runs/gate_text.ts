import { showAs } from "../../display/notebook/jupyter.ts";
import { count, counted, secondsText } from "../../display/text/format.ts";
import { listed } from "../../display/text/mistakes.ts";
import { linesOf, tableHtml, tableText } from "../../display/text/table.ts";
import type { TextTable } from "../../display/text/table.ts";
import type { Gate, GatedRuns, GateMeasure } from "./gate_schema.ts";

/** The result with its sentences, which shows itself as a table below these. */
export function withText(
  gate: Omit<Gate, "verdict" | "notes" | "toString">,
  notes: string[],
): Gate {
  const { version, passed, ...others } = gate;
  const verdict = verdictOf(gate);
  const result = { version, passed, verdict, notes, ...others };
  const table = tableOf(gate.measures);
  const heading = [
    verdict,
    `Compared: ${sideText(gate.new)}, to ${sideText(gate.baseline)}.`,
    ...notes,
  ].join("\n");
  Object.defineProperty(result, "toString", {
    value: (width = 80) =>
      [...linesOf(heading, width), "", tableText(table, { width })].join("\n"),
    enumerable: false,
  });
  return showAs(result as Gate, function () {
    return {
      "text/plain": this.toString(),
      "text/html": tableHtml({ ...table, heading }),
    };
  });
}

const sideText = ({ runs, tasks, parsl_versions }: GatedRuns): string =>
  `${counted(runs, "run")} with ${counted(tasks, "task")}` +
  (parsl_versions.length > 0 ? ` of Parsl ${listed(parsl_versions, 3)}` : "");

function verdictOf(
  { measures, max_slower, max_failed }: Pick<
    Gate,
    "measures" | "max_slower" | "max_failed"
  >,
): string {
  const exceeded = measures.filter(({ result }) => result === "exceeded");
  const within = measures.filter(({ result }) =>
    result === "within the spread"
  );
  const slower = exceeded.filter(({ unit }) => unit === "seconds");
  const failed = exceeded.find(({ unit }) => unit === "share");
  const changes = (all: readonly GateMeasure[]) =>
    [...all].slice(0, 3).map((one) =>
      `${one.measure} ${changeOf(one)} (${valueOf(one, one.new)}, was ${
        valueOf(one, one.baseline)
      })`
    ).join(", ") + (all.length > 3 ? ` and ${all.length - 3} more` : "");
  const failures = failed &&
    `More failures: ${
        valueOf(failed, failed.new)
      } of the tasks failed or did ` +
      `not end, before ${valueOf(failed, failed.baseline)}` +
      (max_failed > 0
        ? `, and the limit is ${percent(max_failed)} more.`
        : ".");
  if (slower.length > 0) {
    const chance = slower.every(({ margin }) => margin !== null)
      ? ", and beyond the spread of repeated runs"
      : "";
    return `Slower by more than ${percent(max_slower)}${chance}: ` +
      [`${changes(slower)}.`, failures].filter(Boolean).join(" ");
  }
  if (failures) return failures;
  const total = measures.find(({ measure }) => measure === "time per task")!;
  if (within.includes(total)) {
    return `Not slower beyond the spread of repeated runs: ${changes(within)}.`;
  }
  return `Not slower by more than ${percent(max_slower)}: ${changes([total])}` +
    (within.length > 0
      ? `; within the spread of repeated runs, ${changes(within)}.`
      : ".");
}

function tableOf(measures: readonly GateMeasure[]): TextTable {
  const right = (name: string) => ({ name, align: "right" as const });
  return {
    columns: [
      { name: "measure", align: "left", isWhole: true },
      ...["baseline", "new", "change", "limit", "margin"].map(right),
      { name: "result", align: "left" },
    ],
    rows: measures.map((one) => [
      one.measure,
      valueOf(one, one.baseline),
      valueOf(one, one.new),
      changeOf(one),
      valueOf(one, one.limit),
      one.margin === null ? "" : `± ${valueOf(one, one.margin)}`,
      one.result,
    ]),
  };
}

const valueOf = (
  { unit }: Pick<GateMeasure, "unit">,
  value: number | null,
): string =>
  value === null ? "" : unit === "share" ? percent(value) : secondsText(value);

/** How much more the new runs have: times relatively, shares absolutely. */
function changeOf({ unit, baseline, new: own }: GateMeasure): string {
  if (baseline === null || own === null) return "";
  const change = unit === "share"
    ? own - baseline
    : baseline > 0
    ? own / baseline - 1
    : undefined;
  if (change === undefined) return own > 0 ? "from 0 s" : "0%";
  const text = percent(Math.abs(change));
  return text === "0%" ? text : `${change < 0 ? "−" : "+"}${text}`;
}

/** "0.25%", "8.7%", "38%"; what rounding leaves is 0%. */
const percent = (share: number): string =>
  `${
    share < 1e-9
      ? 0
      : share < 0.1
      ? Number((100 * share).toPrecision(2))
      : count(Math.round(100 * share))
  }%`;
