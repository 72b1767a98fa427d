/**
 * The colours of states. A state has the same colour in every chart, whatever
 * else is in it; the words are those that workflow systems use. Blues and
 * greens, oranges and reds differ in lightness too, so that they hold for
 * colour-blind readers. After Okabe and Ito, "Color Universal Design" (2008).
 */
const stateColors: Record<string, string> = {
  unsched: "#e3e6ea",
  pending: "#c3c9d1",
  waiting: "#c3c9d1",
  queued: "#a9c7e4",
  launched: "#8cc3ec",
  submitted: "#8cc3ec",
  running: "#0072b2",
  running_ended: "#cc79a7",
  waiting_retrieval: "#cc79a7",
  retrieved: "#e3b5cf",
  joining: "#f0e442",
  exec_done: "#009e73",
  done: "#009e73",
  completed: "#009e73",
  memo_done: "#8ed6bf",
  fail_retryable: "#e69f00",
  failed: "#d55e00",
  dep_fail: "#8a3a00",
  lost: "#5c1a00",
  cancelled: "#7a7a7a",
  // Components, by the last part of their names: where a task is.
  interchange: "#7fcdbb",
  manager: "#41b6c4",
  worker: "#225ea8",
};

/**
 * Colours for everything else, none of them a state's. After the schemes
 * "muted", "medium contrast" and "light" of Paul Tol, which hold for
 * colour-blind readers.
 */
export const categoricalColors: readonly string[] = [
  "#332288",
  "#ddcc77",
  "#117733",
  "#88ccee",
  "#882255",
  "#44aa99",
  "#cc6677",
  "#999933",
  "#aa4499",
  "#6699cc",
  "#997700",
  "#ee99aa",
  "#004488",
  "#bbcc33",
  "#994455",
  "#77aadd",
  "#eecc66",
  "#44bb99",
  "#ee8866",
  "#aaaa00",
];

/**
 * A colour for each name: the name's own if it is the name of a state, else
 * one chosen by the name itself, so that it is the same in the next chart too
 * unless two names of one chart would share it.
 *
 * @example
 * ```ts
 * import { colorsFor } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const colors = colorsFor(["running", "stage_in"]);
 * assert.equal(colors.get("running"), "#0072b2");
 * ```
 */
export function colorsFor(names: Iterable<string>): Map<string, string> {
  const colors = new Map<string, string>();
  const unknown: string[] = [];
  for (const name of new Set(names)) {
    const own = stateColors[name.toLowerCase().split(/[ ./:]/).at(-1)!] ??
      (name === otherName(name) ? "#d7dbe0" : undefined);
    if (own) colors.set(name, own);
    else unknown.push(name);
  }
  const taken = new Set<string>();
  for (const name of unknown) {
    const count = categoricalColors.length;
    let place = hash(name) % count;
    for (let i = 0; i < count && taken.has(categoricalColors[place]!); i++) {
      place = (place + 1) % count;
    }
    colors.set(name, categoricalColors[place]!);
    taken.add(categoricalColors[place]!);
  }
  return colors;
}

const otherName = (name: string) => /^other \(\d+\)$/.test(name) ? name : "";

function hash(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    value = (Math.imul(value, 31) + text.charCodeAt(i)) >>> 0;
  }
  return value;
}
