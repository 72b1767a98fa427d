/** Lays a graph in the DOT language out: Graphviz's own JSON, as text. */
export type Graphviz = (dot: string) => string;

let loading: Promise<Graphviz> | undefined;

/**
 * Graphviz, as WebAssembly: nothing is installed, and it is loaded by whoever
 * draws a graph first.
 */
export function loadGraphviz(): Promise<Graphviz> {
  return loading ??= load();
}

async function load(): Promise<Graphviz> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  return (dot) => graphviz.layout(dot, "json", "dot");
}
