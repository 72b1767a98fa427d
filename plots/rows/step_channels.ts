import type { Channel, ChannelChoice } from "./channels.ts";

/** Which columns say what came to which step when. */
export interface StepChannels {
  /**
   * What goes through steps: any value that tells spans apart. The column
   * "root_id" or "span", or else the first.
   */
  span?: Channel | undefined;
  /** When it came to the step, in seconds. The column "time", or the second. */
  time?: Channel | undefined;
  /**
   * What the step is called; null, where the span leaves. The column "step",
   * "state" or "event_type", or else the third. Of rows that `eventsOf` gives,
   * the type of the event, with that of the span where several have it; events
   * without a name are left out then.
   */
  step?: Channel | undefined;
  /** Which series a span belongs to: a run. Each has its own colour. */
  series?: Channel | undefined;
}

/** What is read of the rows for each channel that is not given. */
export const stepChoices = {
  span: ["root_id", "span", 0],
  time: ["time", 1],
  step: ["step", "state", "event_type", 2],
} satisfies Record<string, ChannelChoice>;
