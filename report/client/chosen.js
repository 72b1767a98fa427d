import { identityIn } from "./identity.js";
import { comparedRuns } from "./timeline.js";

/** Filters by attempts: a line passes if it is about a chosen one. */
const attemptKeys = [
  "app",
  "outcome",
  "host",
  "state",
  "longer",
  "shorter",
];

/**
 * The indexes of the rows that pass the filters.
 *
 * @param attempts those of the stream, with the function that selects some
 */
export function chosenRows(rows, attempts, state) {
  const { type, span, source, origin } = rows.columns;
  const { component, event, file, level, process, thread } = state;
  const identity = identityIn(state);
  const ofAttempts = spansOfAttempts(rows, attempts, state);
  const isAll = component === undefined && ofAttempts === undefined &&
    Object.keys(identity).length === 0 && state.compare === undefined;
  const spans = chosenSpans(rows, identity, comparedRuns(state));
  for (let i = 0; i < spans.length; i++) {
    if (
      component !== undefined && rows.componentOf(i) !== component ||
      ofAttempts !== undefined && ofAttempts[i] === 0
    ) spans[i] = 0;
  }
  const isChosen = (span) => span < 0 ? isAll : spans[span] === 1;
  const also = new Set(
    [...rows.otherSpans.keys()]
      .filter((row) => rows.otherSpans.get(row).some(isChosen)),
  );
  const isEvent = allowed(rows.typeNames, ([name]) => name, event);
  const isFile = allowed(rows.sources, ({ path }) => path, file);
  const isOrigin = rows.origins.map(([ofProcess, ofThread, , ofLevel]) =>
    (process === undefined || process === ofProcess) &&
    (thread === undefined || thread === ofThread) &&
    (level === undefined || level === ofLevel)
  );
  const isAnyOrigin = [process, thread, level].every((it) => it === undefined);
  const [from, until] = windowOf(state);
  const isWindow = from > -Infinity || until < Infinity;
  const chosen = new Int32Array(rows.length);
  let length = 0;
  for (let row = 0; row < rows.length; row++) {
    if (!isChosen(span[row]) && !also.has(row)) continue;
    if (!isEvent[type[row]]) continue;
    if (file !== undefined && !isFile[source[row]]) continue;
    if (!isAnyOrigin && !isOrigin[origin[row] - 1]) continue;
    const time = rows.times[row];
    if (isWindow && !(time >= from && time <= until)) continue;
    chosen[length++] = row;
  }
  return chosen.subarray(0, length);
}

const allowed = (values, nameOf, wanted) =>
  values.map((value) => wanted === undefined || nameOf(value) === wanted);

const windowOf = ({ from, until }) => [
  from === undefined ? -Infinity : Number(from),
  until === undefined ? Infinity : Number(until),
];

/** 1 for each span that belongs to an entity, and to one of the runs if given. */
function chosenSpans(rows, identity, runs) {
  const chosen = new Uint8Array(rows.spanCount).fill(1);
  if (runs.length > 0) {
    const codes = runs.map((run) => rows.codeOf(run));
    const column = rows.columns.span_run;
    for (let span = 0; span < chosen.length; span++) {
      if (!codes.includes(column[span])) chosen[span] = 0;
    }
  }
  for (const [name, value] of Object.entries(identity)) {
    const column = rows.columns[`span_${name}`];
    const code = rows.codeOf(value);
    for (let span = 0; span < chosen.length; span++) {
      if (column[span] !== code) chosen[span] = 0;
    }
  }
  return chosen;
}

/**
 * The attempts that rows are about: those of a task if a row names no try.
 *
 * @param hits 1 for each of the rows
 */
export function attemptsOfRows(rows, { stream }, hits) {
  const keys = new Set();
  for (let row = hits.indexOf(1); row >= 0; row = hits.indexOf(1, row + 1)) {
    for (const span of rows.spansOf(row)) {
      const { run, task, try: number, executor, executor_task } = rows
        .identityOf(span);
      if (task !== undefined) keys.add(JSON.stringify([run, task, number]));
      else if (executor_task !== undefined) {
        keys.add(JSON.stringify([run, executor, executor_task, null]));
      }
    }
  }
  const { attempts, lanes, text } = stream;
  const found = [];
  for (let i = 0; keys.size > 0 && i < stream.length; i++) {
    const { run, executor } = lanes[attempts.lane[i]];
    const [task, number, work] = ["task", "try", "executor_task"].map((name) =>
      text(attempts[name][i])
    );
    const isFound = [
      [run, task, number],
      [run, task, undefined],
      [run, executor, work, null],
    ].some((key) => key[2] !== null && keys.has(JSON.stringify(key)));
    if (isFound) found.push(i);
  }
  return found;
}

/**
 * 1 for each span that is about a chosen attempt, or about a task or the worker
 * of one; undefined if no filter by attempts is set.
 */
function spansOfAttempts(rows, attempts, state) {
  if (attemptKeys.every((key) => state[key] === undefined)) {
    return undefined;
  }
  const { stream, selection } = attempts;
  const { chosen } = selection.of(state);
  const tasks = new Set();
  const tries = new Set();
  const works = new Set();
  const { columns } = rows;
  for (let i = 0; i < stream.length; i++) {
    if (chosen[i] !== 1) continue;
    const { run, executor } = stream.lanes[stream.attempts.lane[i]];
    const [task, number, work] = ["task", "try", "executor_task"].map((name) =>
      stream.text(stream.attempts[name][i])
    );
    if (task !== undefined) tasks.add(`${run} ${task}`);
    if (number !== undefined) tries.add(`${run} ${task} ${number}`);
    if (work !== undefined) works.add(`${run} ${executor} ${work}`);
  }
  const text = (name, span) => rows.textOf(columns[`span_${name}`][span]);
  return Uint8Array.from({ length: rows.spanCount }, (_, span) => {
    const run = text("run", span);
    const task = text("task", span);
    const number = text("try", span);
    if (task !== null) {
      return Number(
        number === null
          ? tasks.has(`${run} ${task}`)
          : tries.has(`${run} ${task} ${number}`) ||
            !tries.size && tasks.has(`${run} ${task}`),
      );
    }
    const work = text("executor_task", span);
    return Number(
      work !== null && works.has(`${run} ${text("executor", span)} ${work}`),
    );
  });
}
