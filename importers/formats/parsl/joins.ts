import { copyOf } from "../../lines/message_form.ts";
import { type Message, messagePattern } from "../../lines/message_pattern.ts";

/**
 * Which tasks a join app waits for, as parsl.log tells: not by their numbers but
 * by where their futures are in memory. Other lines say whose future is where.
 */
export class Joins {
  #taskAt = new Map<string, string>();
  #joins = new Map<string, Set<string>>();

  /**
   * The task that a line says has joined others, and all of them as far as they
   * are known by now; nothing of another line.
   */
  read(record: Message): { task: string; joins: string[] } | undefined {
    // Most lines name no future.
    if (!future.test(record)) return undefined;
    const { message } = record;
    const [, owner, address] = hasFuture.exec(message) ?? [];
    // What was there before is gone: a place in memory is used again.
    if (address !== undefined) this.#taskAt.set(copyOf(address), owner!);
    const [, outer, inner] = callback.exec(message) ?? [];
    const [, waited, waiter] = notDone.exec(message) ?? [];
    const task = outer ?? waiter;
    const other = this.#taskAt.get(inner ?? waited ?? "");
    if (task === undefined || other === undefined) return undefined;
    let known = this.#joins.get(task);
    if (!known) this.#joins.set(task, known = new Set());
    known.add(other);
    return { task, joins: [...known].sort((a, b) => Number(a) - Number(b)) };
  }
}

const future = messagePattern(/<AppFuture at /);

// "Task 5 has AppFuture: <AppFuture at 0x7f01 state=pending>", or before 2026
// "Task 5 set to pending state with AppFuture: ...".
const hasFuture =
  /^Task (\d+):? (?:has|set to pending state with) AppFuture: '?<AppFuture at (0x[0-9a-f]+)\b/;
const callback =
  /^(?:Join callback for task|Task) (\d+)(?:,|: join callback with) inner_app_future <AppFuture at (0x[0-9a-f]+)\b/;
const notDone =
  /^A joinable future <AppFuture at (0x[0-9a-f]+)\b.* is not done for task (\d+)\b/;
