import { identityIn } from "./identity.js";

/** Filters by attempts: a line passes if it is about a chosen one. */
const attemptKeys = ["app", "outcome", "host", "longer", "shorter", "compare"];

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
    Object.keys(identity).length === 0;
  const spans = chosenSpans(rows, identity);
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

/** 1 for each span that belongs to an entity. */
function chosenSpans(rows, identity) {
  const chosen = new Uint8Array(rows.spanCount).fill(1);
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
