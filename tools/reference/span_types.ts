/** What each type of span is, as somebody meets it who asks what is there. */
export const aboutSpanTypes: Readonly<Record<string, string>> = {
  "parsl.monitoring.workflow": "A run: one start of Parsl.",
  "parsl.monitoring.task": "A task: one call of an app.",
  "parsl.monitoring.try":
    "An attempt to run a task. Samples of its resources are in `metric`.",
  "parsl.monitoring.block": "A block: a job of the batch system.",
  "parsl.monitoring.node":
    "A manager of the high throughput executor, as it reports on itself.",
  "parsl.monitoring.process": "A process of Parsl's monitoring itself.",
  "parsl.rundir.workflow": "A run, as the directory of its logs knows it.",
  "parsl.rundir.task": "A task, as the submitting process logs it.",
  "parsl.rundir.try":
    "An attempt to run a task; its events are the states that it enters. There " +
    "is a try 0 for every task with a state, launched or not.",
  "parsl.executor": "An executor, by its label.",
  "parsl.executor.block":
    "A block of an executor, as the submitting process logs it.",
  "parsl.executor.htex.submit.task":
    "A task of the high throughput executor, in the submitting process. Only " +
    "Parsl's observability prototype tells of it.",
  "parsl.executor.htex.interchange.task":
    "A task of the high throughput executor, in the interchange.",
  "parsl.executor.htex.manager": "A manager, as the interchange knows it.",
  "parsl.executor.htex.manager.task": "A task, in a manager.",
  "parsl.executor.htex.worker": "A worker: one process of a manager.",
  "parsl.executor.htex.worker.task": "A task, in a worker.",
  "parsl.executors.workqueue.executor_task":
    "A task of Parsl's Work Queue executor, in the submitting process.",
  "parsl.executors.workqueue.executor_task.remote":
    "The same, in the process that runs the function. Only Parsl's DESC " +
    "branches tell of it.",
  "workqueue.manager":
    "Work Queue's manager: its side of the submitting process.",
  "workqueue.worker": "A worker of Work Queue.",
  "workqueue.category": "A category of Work Queue's tasks: an app.",
  "workqueue.task": "A task of Work Queue, as its manager logs it.",
  "taskvine.manager": "TaskVine's manager.",
  "taskvine.worker": "A worker of TaskVine.",
  "taskvine.category": "A category of TaskVine's tasks: an app.",
  "taskvine.library": "A library: a process of a worker that serves calls.",
  "taskvine.task": "A task of TaskVine, as its manager logs it.",
  "parsl.tracing.TASK": "A task, as Parsl's DESC branches trace it.",
  "parsl.tracing.TRY": "A try, traced.",
  "parsl.tracing.EXECUTOR_TASK": "A task of the Work Queue executor, traced.",
  "parsl.tracing.WQ_TASK": "A task of Work Queue, traced.",
  "parsl.tracing.PACKAPPLY": "The packing of one call, traced.",
  "parsl.lexical":
    "A stretch of the program, such as one call of a function, between two " +
    "records of a JSON log.",
};
