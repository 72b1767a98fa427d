/**
 * "bottom, waiting on task 0, DataFuture from task 1" as the app "bottom" and
 * ["0", "1"]. Futures that are not of a task are written as addresses in memory,
 * and left out. The name of an app may hold anything.
 */
export function submission(text: string): { app: string; depends: string[] } {
  if (text.endsWith(independent)) {
    return { app: text.slice(0, -independent.length), depends: [] };
  }
  const end = text.lastIndexOf(waiting);
  if (end < 0) return { app: /^[^,]*/.exec(text)![0], depends: [] };
  const depends = text.slice(end + waiting.length).split(/, */)
    .flatMap((future) =>
      /^\[?(?:DataFuture from )?(?:tasks? )?\[?(\d+)\]*$/.exec(future)?.[1] ??
        []
    );
  return { app: text.slice(0, end), depends };
}

const independent = ", not waiting on any dependency";
const waiting = ", waiting on ";
