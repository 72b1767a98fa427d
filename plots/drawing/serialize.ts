import { escapeMarkup } from "../../display/text/untrusted.ts";

/** As much of a DOM node as is needed to write it down. */
export interface DrawnNode {
  nodeType: number;
  localName: string;
  textContent: string | null;
  attributes: Iterable<{ name: string; value: string }>;
  childNodes: Iterable<DrawnNode>;
}

/**
 * An element of a drawing as SVG text: well formed, all of its text escaped,
 * and coordinates to a hundredth of a pixel, which halves the size of a chart
 * and cannot be seen. (linkedom's own `outerHTML` leaves `<` in attributes and
 * keeps sixteen digits.)
 */
export function serialize(node: DrawnNode): string {
  if (node.nodeType === 3) return escapeMarkup(node.textContent ?? "");
  if (node.nodeType !== 1) return "";
  const tag = node.localName;
  // Style sheets of a drawing would apply to the whole page that holds it.
  if (tag === "style") return "";
  let attributes = "";
  for (const { name, value } of node.attributes) {
    if (name === "class") continue;
    const text = numeric.has(name) ? roundNumbers(value) : value;
    attributes += ` ${name}="${escapeMarkup(text)}"`;
  }
  let children = "";
  for (const child of node.childNodes) {
    children += serialize(child);
  }
  return children === ""
    ? `<${tag}${attributes}/>`
    : `<${tag}${attributes}>${children}</${tag}>`;
}

const numeric = new Set(
  "cx cy d dx dy height points r rx ry transform width x x1 x2 y y1 y2"
    .split(" "),
);

function roundNumbers(text: string): string {
  return text.replace(
    /-?\d*\.\d{3,}(?:e[-+]?\d+)?/g,
    (number) => String(Math.round(Number(number) * 100) / 100),
  );
}
