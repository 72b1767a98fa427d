import { inside, mayBeInside } from "../facts.ts";
import type { Format } from "../format.ts";
import { endpointLog } from "./endpoint_log.ts";

/**
 * Endpoints of Globus Compute. The logs of its engine's executor are those of
 * Parsl's high throughput executor.
 */
export const globusCompute: Format = {
  name: "globus_compute",
  program: "Globus Compute",
  files: [endpointLog],
  spanTypes: [
    {
      type: "globus_compute.endpoint",
      doc: "An endpoint: the process that passes tasks to an engine.",
      identity: ["rundir"],
      states: [
        { event: "initializing" },
        { event: "starting" },
        { event: "engine_starting" },
        { event: "shutting_down" },
        { event: "shut_down", isFinal: true },
      ],
    },
    {
      type: "globus_compute.task",
      doc:
        "A task of Globus Compute. An engine that executes tasks in the endpoint's " +
        "own process logs its states; the endpoint logs failures.",
      identity: ["gc_task"],
      states: [
        { event: "preparing" },
        { event: "invoking" },
        { event: "returned" },
        { event: "succeeded" },
        { event: "failed" },
        { event: "completed", isFinal: true },
      ],
      events: [{ event: "result_stored" }, { event: "result_retrieved" }],
    },
  ],
  rules: [
    mayBeInside(
      "globus_compute.endpoint",
      "parsl.executor",
      ["rundir"],
      "executor",
    ),
    inside(
      "globus_compute.endpoint",
      "globus_compute.task",
      ["rundir"],
      "gc_task",
    ),
  ],
};
