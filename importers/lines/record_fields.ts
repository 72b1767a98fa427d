/**
 * Values by which the members of a JSON record name a span, and its new state,
 * whatever the message says.
 */
export interface RecordFields {
  run?: string;
  task?: string;
  try?: string;
  /** The state that the task enters. */
  state?: string;
  executor?: string;
  /** The number that a high throughput executor gives the task. */
  executor_task?: string;
  /** The same of any executor, in the record of a launch. */
  executor_id?: string;
  block?: string;
  /** The state that the block enters, and its job. */
  status?: string;
  job?: string;
  manager?: string;
  worker?: string;
}

/** The numbers of one family that a JSON record gives. */
export interface RecordNumbers {
  metric: string;
  numbers: readonly (readonly [name: string, value: number])[];
}
