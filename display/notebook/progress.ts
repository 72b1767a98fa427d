import { jupyterOrNothing } from "./jupyter.ts";

/** Shows how far something is that takes a while. */
export interface Progress {
  /** There is so much more to do. */
  expect(amount: number): void;
  /** So much more was done, of what the text names. */
  advance(amount: number, text: string): void;
  /** What is done now takes a while and cannot say how far it is. */
  say(text: string): void;
  /** It is done. */
  end(): void;
}

/** Shows nothing. */
export const noProgress: Progress = {
  expect() {},
  advance() {},
  say() {},
  end() {},
};

/**
 * Shows progress in bytes: in a terminal on stderr, in a line that goes
 * away at the end, and in a notebook below the cell. Where neither is there, or
 * what is done is done in a second, nothing is shown.
 */
export function showProgress(): Progress {
  const show = inNotebook() ?? inTerminal();
  if (!show) return noProgress;
  let total = 0;
  let done = 0;
  const start = performance.now();
  let next = start + firstAfter;
  let isShown = false;
  const tell = (text: string) => {
    const now = performance.now();
    if (now < next) return;
    next = now + show.every;
    isShown = true;
    const share = `${percent(done, total)} of ${megabytes(total)}, `;
    show.line((total === 0 ? "" : share) + endOf(text));
  };
  return {
    expect(amount) {
      total += amount;
    },
    advance(amount, text) {
      done += amount;
      tell(text);
    },
    say: tell,
    end() {
      if (isShown) show.end(`${megabytes(done)} read`);
    },
  };
}

const firstAfter = 1000;

const percent = (done: number, total: number) =>
  `${Math.floor(100 * Math.min(1, done / total))} %`;
// Of a long path its end tells more.
const endOf = (text: string) => text.length > 50 ? `…${text.slice(-49)}` : text;
const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;

interface Place {
  line(text: string): void;
  end(text: string): void;
  /** How long a line is left to be read, in milliseconds. */
  every: number;
}

function inTerminal(): Place | undefined {
  if (!Deno.stderr.isTerminal()) return undefined;
  const encoder = new TextEncoder();
  const write = (text: string) => {
    Deno.stderr.writeSync(encoder.encode(text));
  };
  return {
    every: 100,
    line(text) {
      const width = columns();
      write(`\r\x1b[K${printable(text).slice(0, width - 1)}`);
    },
    end: () => write("\r\x1b[K"),
  };
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

// Names of files come from others, and some letters move the cursor.
const printable = (text: string) =>
  // deno-lint-ignore no-control-regex
  text.replace(/[\x00-\x1f\x7f-\x9f]/g, "?");

let shown = 0;

function inNotebook(): Place | undefined {
  const jupyter = jupyterOrNothing();
  if (!jupyter) return undefined;
  const id = `dnpc-progress-${++shown}-${Date.now()}`;
  let isFirst = true;
  const send = (text: string) => {
    const type = isFirst ? "display_data" : "update_display_data";
    isFirst = false;
    // What becomes of it is of no interest: the next one says more. Not every
    // version of Deno gives a promise.
    Promise.resolve(jupyter.broadcast(type, {
      data: { "text/plain": text },
      metadata: {},
      transient: { display_id: id },
    })).catch(() => {});
  };
  return { every: 300, line: send, end: send };
}
