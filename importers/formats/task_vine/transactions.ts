import type { LogFormat } from "../format.ts";
import { transactionBeginning } from "../work_queue/transaction_lines.ts";
import { readTransactions } from "../work_queue/transactions.ts";

/**
 * TaskVine's vine-logs/transactions. It is read as its own header and TaskVine's
 * manual describe it; no log of a real run was at hand.
 */
export const taskVineTransactions: LogFormat = {
  importer: "transactions",
  beginning: transactionBeginning,
  open: (writer, place) =>
    readTransactions(writer, place, {
      component: "taskvine",
      task: "taskvine_task",
      worker: "worker",
    }),
};
