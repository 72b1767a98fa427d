import { element } from "./elements.js";
import { entityLink } from "./identity.js";

/** What to click on, and some tasks that may be worth it. */
export function invitation({ head, attempts }) {
  const { rows, runs, failedTasks, longestTasks } = head;
  const link = (identity, words) =>
    element(
      "li",
      {},
      entityLink(identity, "task"),
      runs.length > 1 ? ` of run ${identity.run}${words}` : words,
    );
  const examples = [
    ...failedTasks.map(({ identity, exception, last_try }) =>
      link(identity, `, whose try ${last_try} failed: ${exception}`)
    ),
    ...longestTasks.slice(0, 1).map(({ identity }) =>
      link(identity, ", the longest")
    ),
  ];
  if (rows === 0 || attempts.stream.lanes.length === 0) return [];
  return [
    element(
      "p",
      {},
      "Click on a task, a worker or a line to read what happened, line by line.",
    ),
    element("ul", { className: "examples" }, examples),
  ];
}
