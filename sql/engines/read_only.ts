import type { Statement } from "../statement.ts";

/** A row of EXPLAIN: address, operation and its first two arguments. */
export type Step = [
  address: number,
  operation: string,
  database: number,
  writes: number,
];

/** Whether a statement is of a kind that can write at all. */
export const mayWrite = ({ words: [first = ""] }: Statement): boolean =>
  !harmless.has(first);

/**
 * Refuses a statement that would write to the database. A copy in memory can be
 * written to, and `PRAGMA query_only` would refuse temporary tables as well. So
 * SQLite is asked what the statement would do: database 0 is the file, 1 holds
 * what is temporary.
 *
 * @param plan the rows that EXPLAIN gives for it
 */
export function refuseWriting(plan: Iterable<Step>): void {
  for (const [, operation, database, writes] of plan) {
    const transaction = operation === "Transaction" && database === 0 &&
      writes !== 0;
    if (transaction || operation === "Vacuum") {
      throw new Error("attempt to write a readonly database");
    }
  }
}

const harmless = new Set([
  ...["SELECT", "VALUES", "EXPLAIN"],
  ...["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"],
]);
