import {
  type Channel,
  type ChannelChoice,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { seconds } from "../rows/times.ts";

/** Which columns say what entered which state when. */
export interface StateChannels {
  /** What is in a state: any value that tells spans apart. First column. */
  span?: Channel | undefined;
  /** When it entered the state, in seconds. Second column. */
  time?: Channel | undefined;
  /** The state that it entered, or null: it left. Third column. */
  state?: Channel | undefined;
}

/** Changes of state in the order of time, as columns of one length. */
export interface StateChanges {
  /** How many changes there are. */
  length: number;
  /** When, in seconds. */
  time: Float64Array;
  /** Each span's own number, from 0. */
  span: Uint32Array;
  /** The place of the state in `states`; -1 where the span leaves. */
  state: Int32Array;
  /** The states in the order in which they are first entered. */
  states: string[];
  /** How many spans there are. */
  spans: number;
  /** What the spans are called, by their numbers. */
  names: unknown[];
  /** How many rows were left out because they have no time. */
  withoutTime: number;
}

/**
 * Reads changes of state and puts them in the order of time. Rows at equal
 * times keep the order given.
 */
export function stateChanges(
  rows: Rows,
  { span, time, state }: { [name in keyof StateChannels]?: ChannelChoice },
): StateChanges {
  const channels = readChannels(rows, { span, time, state });
  const times = new Float64Array(channels.length);
  const timed = new Uint32Array(channels.length);
  let length = 0;
  let sorted = true;
  for (let i = 0; i < channels.length; i++) {
    times[i] = seconds(channels.time.values[i]);
    if (Number.isNaN(times[i])) continue;
    sorted &&= length === 0 || times[timed[length - 1]!]! <= times[i]!;
    timed[length++] = i;
  }
  const order = timed.subarray(0, length);
  // Places break ties, since sorting numbers in place is not stable.
  if (!sorted) order.sort((a, b) => times[a]! - times[b]! || a - b);

  const spans = new Numbering<unknown>();
  const states = new Numbering<string>();
  const changes = {
    time: new Float64Array(length),
    span: new Uint32Array(length),
    state: new Int32Array(length),
  };
  order.forEach((row, i) => {
    const name = channels.state.values[row];
    changes.time[i] = times[row]!;
    changes.span[i] = spans.of(channels.span.values[row]);
    changes.state[i] = name == null ? -1 : states.of(String(name));
  });
  return {
    ...changes,
    length,
    states: states.values(),
    spans: spans.values().length,
    names: spans.values(),
    withoutTime: channels.length - length,
  };
}

/** Numbers values from 0 in the order in which they come. */
class Numbering<Value> {
  #numbers = new Map<Value, number>();

  of(value: Value): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(value, number);
    }
    return number;
  }

  values(): Value[] {
    return [...this.#numbers.keys()];
  }
}
