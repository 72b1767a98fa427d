import { attemptKeys } from "./selection.js";

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
  // If no log knows a worker, tasks stand for their attempts.
  const isKnown = attempts.ran.includes(1);
  const ran = Uint8Array.from(attempts.ran, (it) => isKnown ? it : 1);
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
    noun: isKnown ? "attempt" : "task",
    attempts: {
      start: starts,
      end: ends,
      waited: seconds(attempts.waited),
      lane,
      ran,
      ...Object.fromEntries(
        attemptKeys.map((
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
