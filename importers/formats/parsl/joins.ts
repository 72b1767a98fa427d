import { KeyNumbers, withRoom } from "../../../sql/mod.ts";

/**
 * Finds which tasks a join app waits for. parsl.log identifies these by the
 * addresses of their futures in memory; other lines give the task of an address.
 */
export function joinReader() {
  const addresses = new KeyNumbers();
  /** By the number of its address. */
  let tasks = new Float64Array(8);
  const joins = new Map<string, Set<string>>();
  /** The join app in a line, and all tasks it is known to wait for by now. */
  return (message: string): { task: string; joins: string[] } | undefined => {
    const [, owner, address] = hasFuture.exec(message) ?? [];
    // Addresses are reused.
    if (address !== undefined) {
      const number = addresses.number([address]);
      tasks = withRoom(tasks, number + 1);
      tasks[number] = 1 + Number(owner);
    }
    const { task, future = "" } =
      (callback.exec(message) ?? notDone.exec(message))?.groups ?? {};
    const other = tasks[addresses.known([future])]!;
    if (task === undefined || other === 0) return undefined;
    const known = joins.getOrInsertComputed(task, () => new Set())
      .add(String(other - 1));
    return { task, joins: [...known].sort((a, b) => Number(a) - Number(b)) };
  };
}

// "Task 5 has AppFuture: <AppFuture at 0x7f01 state=pending>", or before 2026
// "Task 5 set to pending state with AppFuture: ...".
const hasFuture =
  /^Task (\d+):? (?:has|set to pending state with) AppFuture: '?<AppFuture at (0x[0-9a-f]+)\b/;
const callback =
  /^(?:Join callback for task|Task) (?<task>\d+)(?:,|: join callback with) inner_app_future <AppFuture at (?<future>0x[0-9a-f]+)\b/;
const notDone =
  /^A joinable future <AppFuture at (?<future>0x[0-9a-f]+)\b.* is not done for task (?<task>\d+)\b/;
