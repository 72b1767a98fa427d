// In which state tasks were, and when.

/** The states, with their colors, in the order in which tasks enter them. */
export const stateColors = {
  "not launched": "#b9bdc6",
  "waiting for a worker": "#a5c3f7",
  "on a worker": "#2f6fe0",
  "joined by Parsl, or no worker known": "#c3a5e8",
};
const [notLaunched, waiting, onWorker, elsewhere] = Object.keys(stateColors);

/** Calls `visit(state, from, until)` for each state of an attempt. */
export function visitStates({ attempts, noun, tasks, taskOf }, i, visit) {
  const isOfWorker = attempts.ran[i] === 1 && noun === "attempt";
  if (!isOfWorker && Number.isNaN(tasks.firstLaunch[taskOf[i]])) return;
  const start = attempts.start[i];
  if (attempts.waited[i] > 0) visit(waiting, start - attempts.waited[i], start);
  visit(isOfWorker ? onWorker : elsewhere, start, attempts.end[i]);
}

/** Calls `visit(state, from, until)` for the time before a task's launch. */
export function visitNotLaunched({ runs, tasks }, task, visit) {
  const until = [
    tasks.firstLaunch[task],
    tasks.ended[task],
    runs[tasks.run[task]].last,
  ].find((time) => !Number.isNaN(time));
  visit(notLaunched, tasks.submitted[task], until);
}

/** Whether an attempt, or its task, was in a state in the window of a view. */
export function isInState(stream, wanted, time, now) {
  const [from, until] = time.windowOf(now);
  const { attempts, lanes, tasks, taskOf } = stream;
  return (i) => {
    let isIn = false;
    const look = (offset) => (state, first, last) => {
      isIn ||= state === wanted && last > first && first - offset <= until &&
        last - offset >= from;
    };
    visitStates(
      stream,
      i,
      look(time.offsets[lanes[attempts.lane[i]].runIndex]),
    );
    const task = taskOf[i];
    if (task >= 0) {
      visitNotLaunched(stream, task, look(time.offsets[tasks.run[task]]));
    }
    return isIn;
  };
}
