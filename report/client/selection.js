import { count, counted, plural } from "../../display/text/plain.js";
import { isInState } from "./task_states.js";
import { comparedRuns, timeline } from "./timeline.js";

/** Filters by the place of an attempt, and by the attempt itself. */
const laneKeys = ["run", "executor", "block", "manager", "worker", "host"];
export const attemptKeys = ["app", "outcome", "task", "try", "executor_task"];
const lengthKeys = ["longer", "shorter"];

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
    const compared = comparedRuns(state);
    const isOfLane = lanes.map((lane) =>
      laneKeys.every((name) =>
        state[name] === undefined || lane[name] === state[name]
      ) && (compared.length === 0 || compared.includes(lane.run))
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
    if (state.state !== undefined) {
      const time = timeline(stream, state);
      const isChosen = isInState(stream, state.state, time, state);
      for (let i = 0; i < length; i++) {
        if (chosen[i] === 1 && !isChosen(i)) chosen[i] = 0;
      }
    }
    return { chosen, isOfLane, isAll: !chosen.includes(0) };
  }

  return {
    /** 1 for each attempt that passes the filters, and the lanes that do. */
    of(state) {
      const asked = JSON.stringify(
        [
          ...laneKeys,
          ...attemptKeys,
          ...lengthKeys,
          "compare",
          "state",
          ...state.state === undefined ? [] : ["from", "until"],
        ].map((name) => state[name] ?? null),
      );
      if (asked !== key) [key, kept] = [asked, select(state)];
      return kept;
    },
  };
}

/** Whether an attempt, or the waiting of one that never began, is in a window. */
export function inWindow({ attempts, lanes }, { offsets }, [from, until]) {
  return (i) => {
    const offset = offsets[lanes[attempts.lane[i]].runIndex];
    const waited = attempts.ran[i] === 1 ? 0 : attempts.waited[i];
    return attempts.end[i] - offset >= from - rounding &&
      attempts.start[i] - waited - offset <= until + rounding;
  };
}

/** Of times in microseconds. */
const rounding = 2e-6;

/** Counts the attempts in a window of time, and those that no worker had. */
export function countInView(stream, { chosen }, isInView) {
  const { ran } = stream.attempts;
  let [inView, all, others] = [0, 0, 0];
  for (let i = 0; i < stream.length; i++) {
    if (ran[i] === 1) all++;
    if (chosen[i] === 0 || !isInView(i)) continue;
    if (ran[i] === 1) inView++;
    else others++;
  }
  return { inView, all, others };
}

/** "1,204 of 26,000 attempts in view". */
export function viewText({ noun }, { inView, all, others }) {
  const of = inView === all ? "" : ` of ${count(all)}`;
  return `${count(inView)}${of} ${all === 1 ? noun : plural(noun)} in view` +
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
  const isName = /^(?:app|host|worker|manager|block|executor)\s+(\S.*)$/.exec(
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
  const { app, task: ofParsl, executor_task: ofExecutor } = attempts;
  const isAsked = task !== undefined || kind === undefined || kind === "app";
  for (let i = 0; i < length; i++) {
    // Without Parsl, tasks have the numbers of their executor.
    const named = task === undefined
      ? app[i]
      : ofParsl[i] < 0
      ? ofExecutor[i]
      : ofParsl[i];
    if (ofLane[attempts.lane[i]] || isAsked && ofText[named]) found.push(i);
  }
  return found;
}

/** Whether a series is of the run and the executor that a state chooses. */
export const isOfSeries = (state, { run, executor }) =>
  (state.run === undefined || state.run === run) &&
  (state.executor === undefined || executor === null ||
    state.executor === executor);
