import { count, counted } from "../../display/text/plain.js";
import { thingKey } from "./identity.js";

/** Filters by the place of an attempt, and by the attempt itself. */
const laneKeys = ["run", "executor", "block", "manager", "worker", "host"];
const attemptKeys = ["app", "outcome", "task", "try", "executor_task"];
const lengthKeys = ["longer", "shorter"];

/**
 * The attempts of the page, column by column in the order of their start, with
 * their lanes, tasks, runs and series. Times are seconds since `origin`. A task
 * without an attempt is among them, and has not `ran`.
 */
export function streamData(
  { origin, attempts, tasks, lanes, runs, series, texts },
) {
  const { length } = attempts;
  const seconds = (micros) => Float64Array.from(micros, (it) => it / 1e6);
  const since = (time) => time === null ? null : time - origin;
  let start = 0;
  const starts = seconds(attempts.start.map((it) => start += it));
  const lane = Int32Array.from(attempts.lane);
  const ends = seconds(attempts.seconds).map((it, i) => starts[i] + it);
  // Attempts by lane, and the latest end of each and those before it.
  const from = new Int32Array(lanes.length + 1);
  for (const it of lane) from[it + 1]++;
  for (let i = 0; i < lanes.length; i++) from[i + 1] += from[i];
  const next = from.slice();
  const order = new Int32Array(length);
  const latest = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const place = next[lane[i]]++;
    order[place] = i;
    const before = place > from[lane[i]] ? latest[place - 1] : -Infinity;
    latest[place] = Math.max(before, ends[i]);
  }
  const runOf = new Map(runs.map(({ run }, i) => [run, i]));
  // Tasks by their attempts: the views of tasks follow the filters of attempts.
  const taskNumbers = new Map(
    tasks.task.map((task, i) => [`${texts[tasks.run[i]]} ${task}`, i]),
  );
  const taskOf = lane.map((it, i) =>
    taskNumbers.get(`${lanes[it].run} ${attempts.task[i]}`) ?? -1
  );
  const times = (micros) =>
    Float64Array.from(micros, (it) => it === null ? NaN : it / 1e6);
  const firstLaunch = times(tasks.launched);
  for (let i = 0; i < length; i++) {
    const [task, began] = [taskOf[i], starts[i] - attempts.waited[i] / 1e6];
    if (task >= 0 && began < firstLaunch[task]) firstLaunch[task] = began;
  }
  return {
    origin,
    texts,
    length,
    attempts: {
      start: starts,
      end: ends,
      waited: seconds(attempts.waited),
      lane,
      ...Object.fromEntries(
        [...attemptKeys, "ran"].map((
          name,
        ) => [name, Int32Array.from(attempts[name])]),
      ),
    },
    byLane: { from, order, latest },
    lanes: lanes.map((lane) => ({
      ...lane,
      runIndex: runOf.get(lane.run ?? "") ?? 0,
      from: since(lane.from),
      until: since(lane.until),
    })),
    runs: runs.map((run) => ({
      ...run,
      began: since(run.began),
      ended: since(run.ended),
      // What is drawn of it begins and ends here.
      first: since(run.first),
      last: since(run.last),
    })),
    tasks: {
      length: tasks.length,
      run: Int32Array.from(
        tasks.run,
        (run) => runOf.get(texts[run]) ?? 0,
      ),
      ...Object.fromEntries(
        ["task", "app", "state"].map((
          name,
        ) => [name, Int32Array.from(tasks[name])]),
      ),
      submitted: times(tasks.submitted),
      firstLaunch,
      ended: times(tasks.ended),
    },
    taskOf,
    /** 1 for each task with a chosen attempt. */
    tasksOf(chosen) {
      const found = new Uint8Array(tasks.length);
      for (let i = 0; i < length; i++) {
        if (chosen[i] === 1 && taskOf[i] >= 0) found[taskOf[i]] = 1;
      }
      return found;
    },
    series: series.map((one) => ({ ...one, times: one.times.map(since) })),
    text: (number) => number < 0 ? undefined : texts[number],
  };
}

/** Seconds for reading, with three digits. */
export const shortSeconds = (seconds) =>
  `${count(Number(seconds.toPrecision(3)))} s`;

/** The try of an attempt, or its task, as the state names a thing. */
export function thingOf({ attempts, lanes, text }, i) {
  const { run, executor } = lanes[attempts.lane[i]];
  const [task, number, executor_task] = ["task", "try", "executor_task"]
    .map((name) => text(attempts[name][i]));
  const identity = { run, executor, task, try: number, executor_task };
  const kind = task === undefined
    ? "executor_task"
    : number === undefined
    ? "task"
    : "try";
  return identity[kind] === undefined ? undefined : thingKey(kind, identity);
}

/** The worker or the manager of a lane, or the next wider thing that is known. */
export function thingOfLane(lane, kind) {
  const kinds = ["worker", "manager", "block", "executor", "run"];
  const known = kinds.slice(kinds.indexOf(kind))
    .find((kind) => lane[kind] !== null && lane[kind] !== undefined);
  return known && thingKey(known, lane);
}

/** The attempts of a thing that is a task or part of one. */
export function attemptsOfThing(stream, thing) {
  if (!/^(?:task|try|executor_task):/.test(thing ?? "")) return [];
  const { attempts, lanes, length, text } = stream;
  const isTask = thing.startsWith("task:");
  const found = [];
  for (let i = 0; i < length; i++) {
    const { run } = lanes[attempts.lane[i]];
    const own = isTask
      ? thingKey("task", { run, task: text(attempts.task[i]) })
      : thingOf(stream, i);
    if (own === thing) found.push(i);
  }
  return found;
}

/** What a person calls the attempt: "task 79, bottom, try 0". */
export function attemptName({ attempts, text }, i) {
  const task = text(attempts.task[i]);
  const number = text(attempts.executor_task[i]);
  const attempt = text(attempts.try[i]);
  return [
    task !== undefined
      ? `task ${task}`
      : number !== undefined
      ? `task ${number} of its executor`
      : "a task",
    text(attempts.app[i]),
    attempt === undefined ? undefined : `try ${attempt}`,
  ].filter((part) => part !== undefined).join(", ");
}

/**
 * The selections of a page: which attempts pass the filters of a state. The last
 * is kept, as all views ask for the same.
 */
export function selections(stream) {
  const { attempts, lanes, length, texts } = stream;
  const numbers = new Map(texts.map((text, i) => [text, i]));
  let key;
  let kept;

  function select(state) {
    const isOfLane = lanes.map((lane) =>
      laneKeys.every((name) =>
        state[name] === undefined || lane[name] === state[name]
      ) && (state.compare === undefined || isCompared(state, lane.run))
    );
    const chosen = Uint8Array.from(attempts.lane, (lane) => +isOfLane[lane]);
    for (const name of attemptKeys) {
      if (state[name] === undefined) continue;
      const wanted = numbers.get(state[name]) ?? NaN;
      const column = attempts[name];
      for (let i = 0; i < length; i++) if (column[i] !== wanted) chosen[i] = 0;
    }
    const longer = Number(state.longer ?? -Infinity);
    const shorter = Number(state.shorter ?? Infinity);
    if (longer > -Infinity || shorter < Infinity) {
      const { start, end } = attempts;
      for (let i = 0; i < length; i++) {
        const seconds = end[i] - start[i];
        if (seconds < longer || seconds >= shorter) chosen[i] = 0;
      }
    }
    return { chosen, isOfLane, isAll: !chosen.includes(0) };
  }

  return {
    /** 1 for each attempt that passes the filters, and the lanes that do. */
    of(state) {
      const asked = JSON.stringify(
        [...laneKeys, ...attemptKeys, ...lengthKeys, "compare"]
          .map((name) => state[name] ?? null),
      );
      if (asked !== key) [key, kept] = [asked, select(state)];
      return kept;
    },
  };
}

/** The labels of the runs that lie over each other. */
export const comparedRuns = ({ compare }) => compare?.split(",") ?? [];

const isCompared = (state, run) => comparedRuns(state).includes(run);

/** Counts the attempts in a window of time, and those that no worker had. */
export function countInView(stream, { chosen: { chosen }, isInView }) {
  const { ran } = stream.attempts;
  let [inView, all, others] = [0, 0, 0];
  for (let i = 0; i < stream.length; i++) {
    const isAttempt = ran[i] === 1;
    if (isAttempt) all++;
    if (chosen[i] === 0 || !isInView(i)) continue;
    if (isAttempt) inView++;
    else others++;
  }
  return { inView, all, others };
}

/** "1,204 of 26,000 attempts in view". */
export function viewText({ inView, all, others }) {
  const of = inView === all ? "" : ` of ${count(all)}`;
  const noun = all === 1 ? "attempt" : "attempts";
  return `${count(inView)}${of} ${noun} in view` +
    (others > 0 ? `, and ${counted(others, "task")} that no worker had` : "");
}

/**
 * The attempts whose task, app, host or worker a text names, in the order of
 * their start: "79" and "task 79" are the task, "bottom" is part of a name.
 */
export function findAttempts({ attempts, lanes, length, texts }, text) {
  const wanted = text.trim().toLowerCase();
  const found = [];
  if (wanted === "") return found;
  const task = /^(?:task\s+)?(\d+)$/.exec(wanted)?.[1];
  const isName = /^(?:app|host|worker|manager|block|executor)\s+(.+)$/.exec(
    wanted,
  );
  const name = isName?.[1] ?? wanted;
  const kind = isName ? wanted.slice(0, wanted.search(/\s/)) : undefined;
  const includes = (value) => value?.toLowerCase().includes(name) ?? false;
  const ofText = texts.map((value) =>
    task === undefined ? +includes(value) : +(value === task)
  );
  const ofLane = lanes.map((lane) =>
    task === undefined &&
    (kind === undefined ? ["host", "worker", "manager", "executor"] : [kind])
      .some((key) =>
        ["block", "worker"].includes(key) && kind !== undefined
          ? lane[key]?.toLowerCase() === name ||
            includes(lane[key]) && name.length > 3
          : includes(lane[key])
      )
  );
  const column = task === undefined ? attempts.app : attempts.task;
  const isAsked = task !== undefined || kind === undefined || kind === "app";
  for (let i = 0; i < length; i++) {
    if (ofLane[attempts.lane[i]]) found.push(i);
    else if (isAsked && column[i] >= 0 && ofText[column[i]]) found.push(i);
  }
  return found;
}

/** Whether a series is of the run and the executor that a state chooses. */
export const isOfSeries = (state, { run, executor }) =>
  (state.run === undefined || state.run === run) &&
  (state.executor === undefined || executor === null ||
    state.executor === executor);
