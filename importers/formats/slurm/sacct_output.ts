import type { LogFormat, Reading, RecordReader } from "../format.ts";
import type { Clock } from "../../clock/clock.ts";
import { localSeconds, type LogRecord } from "../../lines/prefix.ts";
import { isUnreadable } from "../../lines/lines.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/**
 * Output of `sacct --parsable2` or `--parsable`: a header with the names of the
 * columns, then a line for each job and each step of one.
 * https://slurm.schedmd.com/sacct.html
 */
export const sacctOutput: LogFormat = {
  importer: "sacct",
  fileName: /^sacct.*\.txt$|\.sacct$/i,
  isHeaded: true,
  signature: (start) => isHeader(start.split(/\r?\n/, 1)[0]!),
  beginning: {
    read(text) {
      if (!text.includes("|") || isUnreadable(text)) return undefined;
      // Each line has several times, which only the header distinguishes.
      return { time: 0, isLocal: localTime.test(text), message: text };
    },
    isDamaged: (text) => text !== "",
  },
  open: (writer, _place, { clock }) => readSacct(writer, clock),
};

const isHeader = (line: string): boolean =>
  /^(?:[A-Z]\w*\|)*JobID(?:Raw)?(?:\||$)/.test(line) &&
    /(?:^|\|)(?:State|JobName|Submit|Start|End|Elapsed)(?:\||$)/.test(line) ||
  // --format=ALL: the names are sorted, and JobID comes late.
  line.startsWith("Account|AdminComment|AllocCPUS|");

function readSacct(writer: SpanWriter, clock: Clock): RecordReader {
  let columns: string[] = [];
  return {
    read(record): Reading {
      // There may be another header, where files were joined.
      if (isHeader(record.message)) {
        columns = record.message.split("|");
        return "matched";
      }
      const row = rowOf(record.message, columns);
      if (row) writeRow(writer, row, record, clock);
      return row ? "matched" : "malformed";
    },
  };
}

type JobRow = Readonly<Record<string, string>>;

/**
 * The values of a line by column. Names may contain "|": a line with too many
 * fields is split so that columns of known format match it.
 */
function rowOf(line: string, columns: readonly string[]): JobRow | undefined {
  const fields = line.split("|");
  const extra = fields.length - columns.length;
  if (extra < 0) return undefined;
  return columns.keys()
    .filter((i) => extra === 0 ? i === 0 : freeText.test(columns[i]!))
    .map((i) => {
      const joined = fields.slice(i, i + extra + 1).join("|");
      const values = fields.toSpliced(i, extra + 1, joined);
      return Object.fromEntries(columns.map((name, i) => [name, values[i]!]));
    })
    .find(isPlausible);
}

const freeText = /Name$|Comment$|^(?:SubmitLine|WorkDir|Reason|Extra)$|^Std/;

/** Parsl knows the JobID of an array task, 14_2, whose JobIDRaw is another number. */
const idOf = (row: JobRow): string => row.JobID ?? row.JobIDRaw ?? "";

const isPlausible = (row: JobRow): boolean =>
  jobId.test(idOf(row)) &&
  Object.entries(forms).every(([name, form]) =>
    row[name] === undefined || form.test(row[name])
  );

// "123", "123.batch", "123.0", "123_4" and "123_[5-9%2]" of an array, "123+1" of
// a heterogeneous job.
const jobId =
  /^(\d+(?:_(?:\d+|\[[\d,%:-]+\]))?(?:\+\d+)?)(?:\.(\w+(?:\+\d+)?))?$/;
const localTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;
const time = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|\d{9,10}|Unknown|None|)$/;
const forms: Readonly<Record<string, RegExp>> = {
  State: /^(?:[A-Z_]+(?: by \S+)?\+?|)$/,
  ExitCode: /^(?:\d+:\d+|)$/,
  Submit: time,
  Eligible: time,
  Start: time,
  End: time,
};

function writeRow(
  writer: SpanWriter,
  row: JobRow,
  record: LogRecord,
  clock: Clock,
): void {
  const [, id = "", step] = jobId.exec(idOf(row))!;
  // The first part of a heterogeneous job has the id that sbatch printed.
  const job = id.replace(/\+0$/, "");
  const shared = { ...row.Cluster && { cluster: row.Cluster } };
  const ofJob = writer.kind("slurm.job", shared, ["job"]).id(job);
  const span = step === undefined
    ? ofJob
    : writer.kind("slurm.step", shared, ["job", "step"]).id(job, step);
  if (step !== undefined) writer.nest(ofJob, span, step);

  const [state, by] = (row.State ?? "").split(" by ");
  const ending = { state: state || undefined, exit_code: row.ExitCode };
  let latest = NaN;
  for (const [column, event] of events) {
    const time = timeIn(row[column] ?? "", clock);
    // A job that runs has no end yet; some versions print when it would end.
    if (time === undefined || column === "End" && isOpen.test(state!)) continue;
    const details = column === "End" ? ending : undefined;
    writer.event(span, event, { ...record, time }, details);
    latest = time;
  }
  const attributes: Record<string, string | undefined> = {
    ...ending,
    cancelled_by: by,
  };
  for (const [column, text] of Object.entries(row)) {
    if (apart.has(column) || nothing.test(text)) continue;
    const name = snakeCase(column);
    const value = measured.test(column) ? amountIn(text) : undefined;
    if (value === undefined) attributes[name] = text;
    else if (Number.isFinite(latest)) {
      writer.metric(span, "slurm", name, value, { ...record, time: latest });
    }
  }
  writer.add(span, attributes);
}

const events = Object.entries({
  Submit: "submitted",
  Eligible: "eligible",
  Start: "started",
  End: "ended",
});

const isOpen = /^(?:PENDING|RUNNING|SUSPENDED|RESIZING|REQUEUED)$/;
const nothing = /^(?:Unknown|None|None assigned|\(null\)|INVALID|)$/;
const apart = new Set(
  ["JobID", "Cluster", "State", "ExitCode", ...events.map(([name]) => name)],
);

/** Unix seconds; undefined if the event has not happened. */
function timeIn(text: string, clock: Clock): number | undefined {
  // SLURM_TIME_FORMAT=%s
  if (/^\d+$/.test(text)) return Number(text);
  if (!localTime.test(text)) return undefined;
  return clock.unix(localSeconds(text));
}

const measured =
  /^(?:Ave|Max|Min)(?:RSS|VMSize|DiskRead|DiskWrite|Pages|CPU)$|^(?:Elapsed|CPUTime|TotalCPU|UserCPU|SystemCPU|Planned|Reserved|Suspended|ConsumedEnergy)(?:Raw|RAW)?$/;

/**
 * "1234K" in bytes, "1-02:03:04" or "02:03.004" in seconds, or a plain number.
 */
function amountIn(text: string): number | undefined {
  const size = /^(\d+(?:\.\d+)?)([KMGTPE]?)$/.exec(text);
  if (size) return Number(size[1]) * 1024 ** " KMGTPE".indexOf(size[2] || " ");
  const [, days = "0", hours = "0", minutes, seconds] =
    /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 +
    Number(seconds);
}

/** "MaxRSS" as "max_rss", "JobIDRaw" as "job_id_raw". */
const snakeCase = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2").toLowerCase();
