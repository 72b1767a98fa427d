import type { ChannelRead } from "./channels.ts";

/** Channels of the columns with which people name a span. */
export const nameChannels = {
  ofTask: ["task", null],
  ofApp: ["app", null],
  ofTry: ["try", null],
  ofWorker: ["worker", null],
  ofBlock: ["block", null],
  ofHost: ["host", null],
} as const;

type NamesRead = Record<keyof typeof nameChannels, ChannelRead>;

/** Names of spans, by the numbers of their spans. */
export interface SpanNames {
  names: string[];
  /** Whether the names say what a span is: "task 79, bottom". */
  areWhole: boolean;
}

/**
 * Names spans as people do: "task 79, bottom", "worker 3 of block 0 on host x".
 * Numbers that a database gives to spans tell nobody anything: without a column
 * that does, a span has its place in the rows.
 *
 * @param read the values of {@linkcode nameChannels}
 * @param spans.column the column with the values of the spans, if it has a name
 * @param spans.values a value of each span
 * @param spans.of the number of the span of a row; -1 for none
 * @param spans.noun what a span is
 */
export function namesOfSpans(
  read: NamesRead,
  { column, values, of, noun }: {
    column: string | undefined;
    values: readonly unknown[];
    of: ArrayLike<number>;
    noun: string;
  },
): SpanNames {
  const isId = column !== undefined && /(?:^|_)id$/.test(column);
  const kind = kindOf(column, isId, read);
  if (kind === undefined) {
    const plain = values.map((value) => String(value ?? "(none)"));
    const isText = (column === "line" || column === "row") &&
      plain.some((name) => !/^\d+$/.test(name));
    return isId && plain.every((value) => /^\d+$/.test(value))
      ? { names: values.map((_, s) => ordinal(s + 1, noun)), areWhole: true }
      : { names: plain, areWhole: isText };
  }
  const ownName = (row: number) => nameOf(kind, read, isId, row);
  const names: (string | undefined)[] = [];
  for (let row = 0; row < of.length; row++) {
    const span = of[row]!;
    if (span < 0) continue;
    const name = ownName(row);
    const known = names[span];
    if (known === undefined) names[span] = name;
    // A worker's number alone, if rows of several workers have it.
    else if (known !== name) names[span] = shortName(kind, values[span]);
  }
  return {
    names: values.map((value, s) => names[s] ?? shortName(kind, value)),
    areWhole: true,
  };
}

/** What the values of a column name, if other columns say it, too. */
function kindOf(
  column: string | undefined,
  isId: boolean,
  read: NamesRead,
): Kind | undefined {
  if (column === "task" || column === "worker" || column === "block") {
    return column;
  }
  if (!isId) return undefined;
  const has = (kind: Kind) =>
    read[channelOf[kind]].values.some((value) => value != null);
  if (column === "task_id" && !has("task")) return "task";
  return (["task", "worker", "block"] as const).find(has);
}

type Kind = "task" | "worker" | "block";

const channelOf = {
  task: "ofTask",
  worker: "ofWorker",
  block: "ofBlock",
} as const;

function nameOf(
  kind: Kind,
  { ofApp, ofTry, ofBlock, ofHost, ...read }: NamesRead,
  isId: boolean,
  row: number,
): string | undefined {
  const value = { ofBlock, ...read }[channelOf[kind]].values[row];
  if (kind === "worker") {
    return workerName({
      worker: value,
      block: ofBlock.values[row],
      host: ofHost.values[row],
    });
  }
  if (value == null) return undefined;
  const name = shortName(kind, value);
  if (kind === "block") return name;
  const [app, nth] = [ofApp.values[row], isId ? ofTry.values[row] : null];
  return name + (app == null ? "" : `, ${app}`) +
    (nth == null ? "" : `, try ${nth}`);
}

/** What people call the span of a row, if a column says it. */
export const nameOfRow = (read: NamesRead, row: number): string | undefined =>
  (["task", "worker", "block"] as const)
    .filter((kind) => read[channelOf[kind]].values[row] != null)
    .map((kind) => nameOf(kind, read, true, row))[0];

/** "task 79"; a value that is no number, or that has the word, stays. */
const shortName = (kind: string, value: unknown): string =>
  /^\d+$/.test(String(value)) ? `${kind} ${value}` : String(value ?? "(none)");

/** Where a worker is: "worker 3 of block 0 on host x". */
export function workerName(
  { worker, block, host, noun = "worker" }: {
    worker: unknown;
    block?: unknown;
    host?: unknown;
    noun?: string;
  },
): string {
  const text = String(worker ?? "");
  const own = text === ""
    ? `unknown ${noun}`
    : text.startsWith(noun)
    ? text.replace(`${noun}-`, `${noun} `)
    : `${noun} ${text}`;
  return withShortIds(own) +
    (block == null || block === "" ? "" : ` of block ${block}`) +
    (host == null || host === "" ? "" : ` on ${host}`);
}

/** Long ids by their first digits, as the other charts of workers have them. */
const withShortIds = (name: string): string =>
  name.replace(
    /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,64})\b/gi,
    (id) => id.slice(0, 8),
  );

/** "1st task", "22nd span". */
function ordinal(n: number, noun: string): string {
  const ending = n % 100 >= 11 && n % 100 <= 13
    ? "th"
    : ["th", "st", "nd", "rd"][n % 10] ?? "th";
  return `${n.toLocaleString("en-US")}${ending} ${noun}`;
}
