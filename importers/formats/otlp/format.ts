import type { Format } from "../format.ts";
import { otlpDocument, otlpTraces } from "./traces.ts";

/** Traces of OpenTelemetry in its protocol's JSON, as file exporters write it. */
export const otlp: Format = {
  name: "otlp",
  program: "OpenTelemetry",
  files: [otlpDocument, otlpTraces],
  spanTypes: [
    {
      type: "otel.span",
      doc:
        "A span of OpenTelemetry. Its events have the names that the program gave " +
        "them; attributes of its resource are attributes of the span.",
      identity: ["trace_id", "span_id"],
      states: [{ event: "start" }, { event: "end", isFinal: true }],
    },
  ],
  rules: [{
    subspan: ["otel.span", "otel.span"],
    on: ["trace_id", ["span_id", "parent_span_id"]],
    key: "span_id",
  }],
};
