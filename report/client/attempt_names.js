import { count } from "../../display/text/plain.js";
import { thingKey } from "./identity.js";

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
