import type { LogFormat } from "../format.ts";
import { transactionBeginning } from "./transaction_lines.ts";
import { readTransactions } from "./transactions.ts";

/**
 * Work Queue's transaction_log, as its own header describes it. A worker is
 * named by its id when it connects, and after that by its address.
 */
export const transactionLog: LogFormat = {
  importer: "transaction_log",
  beginning: transactionBeginning,
  open: (writer, place) =>
    readTransactions(writer, place, {
      component: "workqueue",
      task: "workqueue_task",
      worker: "address",
    }),
};
