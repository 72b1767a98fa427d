import { visible } from "../text/untrusted.ts";
import { jupyterOrNothing } from "./jupyter.ts";

/** Shows the progress of long work. */
export interface Progress {
  /** Adds work to do. */
  expect(amount: number): void;
  /** Adds work done on the named item. */
  advance(amount: number, text: string): void;
  /** Names a step that takes a while and cannot be measured. */
  say(text: string): void;
  /** Ends the display. */
  end(): void;
}

export const noProgress: Progress = {
  expect() {},
  advance() {},
  say() {},
  end() {},
};

/**
 * Shows progress: in a terminal on a line of stderr that disappears at the end, in
 * a notebook below the cell. Shows nothing elsewhere, or if the work ends within a
 * second.
 *
 * @param text of an amount; by default it is bytes
 */
export function showProgress(text = wholeMegabytes): Progress {
  const show = inNotebook() ?? inTerminal();
  if (!show) return noProgress;
  let total = 0;
  let done = 0;
  let next = performance.now() + delay;
  let isShown = false;
  const tell = (item: string) => {
    const now = performance.now();
    if (now < next) return;
    next = now + show.every;
    isShown = true;
    const share = `${percent(done, total)} of ${text(total)}, `;
    show.line((total === 0 ? "" : share) + endOf(item));
  };
  return {
    expect(amount) {
      total += amount;
    },
    advance(amount, item) {
      done += amount;
      tell(item);
    },
    say: tell,
    end() {
      if (isShown) show.end(`${text(done)} read`);
    },
  };
}

/** Milliseconds before the first display. */
const delay = 1000;

const percent = (done: number, total: number) =>
  `${Math.floor(100 * Math.min(1, done / total))}%`;
// The end of a path is more informative than its start.
const endOf = (text: string) => text.length > 50 ? `…${text.slice(-49)}` : text;
const wholeMegabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;

/** How to show a line, and the minimum milliseconds between two. */
function inTerminal() {
  if (!Deno.stderr.isTerminal()) return undefined;
  const encoder = new TextEncoder();
  const write = (text: string) => {
    Deno.stderr.writeSync(encoder.encode(text));
  };
  return {
    every: 100,
    line(text: string) {
      // Some terminals do not know their size.
      const width = Deno.consoleSize().columns || 80;
      write(`\r\x1b[K${visible(text).slice(0, width - 1)}`);
    },
    end: () => write("\r\x1b[K"),
  };
}

let shown = 0;

function inNotebook() {
  const jupyter = jupyterOrNothing();
  if (!jupyter) return undefined;
  const id = `dnpc-progress-${++shown}-${Date.now()}`;
  let isFirst = true;
  const send = (text: string) => {
    const type = isFirst ? "display_data" : "update_display_data";
    isFirst = false;
    // A lost message does not matter: the next one replaces it. Some versions
    // of Deno return no promise.
    Promise.resolve(jupyter.broadcast(type, {
      data: { "text/plain": text },
      metadata: {},
      transient: { display_id: id },
    })).catch(() => {});
  };
  return { every: 300, line: send, end: send };
}
