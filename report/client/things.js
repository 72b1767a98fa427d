import { counted, element, tableOf } from "./elements.js";
import { addressOf, linksTo } from "./identity.js";
import { chosenSpans } from "./rows.js";

const mostComponents = 100;

/** What is chosen, each part of it with a way to leave it out. */
export function chips(chosen, words) {
  return Object.entries(chosen).map(([name, value]) => {
    const { [name]: _, ...without } = chosen;
    return element(
      "span",
      { className: "chip" },
      `${words[name] ?? name} ${value} `,
      element("a", {
        href: Object.keys(without).length ? addressOf(without) : "#all=1",
        title: `Not only ${name} ${value}`,
      }, "×"),
    );
  });
}

/** All spans of the chosen entity, by component, with their attributes. */
export function componentsOf(rows, identity) {
  if (Object.keys(identity).length === 0) return [];
  const chosen = chosenSpans(rows, identity);
  const spans = [];
  let count = 0;
  for (let span = 0; span < chosen.length; span++) {
    if (!chosen[span]) continue;
    if (++count <= mostComponents) spans.push(span);
  }
  const parts = [
    element("h3", {}, `${counted(count)} spans tell of it`),
    tableOf([
      ["span", (span) => rows.spanType(span)],
      [
        "of what",
        (span) => linksTo(rows.identityOf(span)).flatMap((link) => [link, " "]),
      ],
      ["what else is said of it", (span) => factsOf(rows.spanRest(span))],
    ], spans),
  ];
  if (count > mostComponents) {
    parts.push(
      element("p", {}, `And ${counted(count - mostComponents)} more.`),
    );
  }
  return [...parts, ...numbersOf(rows, chosen)];
}

/** The numbers that were reported of the thing itself or of what is in it. */
function numbersOf({ metrics, identityOf, spanType }, chosen) {
  const found = [];
  for (let place = 0; place < metrics.length; place++) {
    if (!chosen[metrics.span(place)]) continue;
    found.push(place);
    if (found.length === mostComponents) break;
  }
  if (found.length === 0) return [];
  const number = (name) => [
    name,
    (place) => metrics[name](place).toLocaleString("en-US"),
    "number",
  ];
  const more = found.length === mostComponents
    ? `: the first ${counted(mostComponents)}`
    : "";
  return [
    element("h3", {}, `Numbers reported of it${more}`),
    tableOf([
      ["number", (place) => metrics.named(place)],
      ["span", (place) => spanType(metrics.span(place))],
      ["of what", (place) =>
        linksTo(identityOf(metrics.span(place)), ["run"])
          .flatMap((link) => [link, " "])],
      ...["samples", "least", "mean", "most"].map(number),
    ], found),
  ];
}

function factsOf(json) {
  return Object.entries(JSON.parse(json))
    .map(([name, value]) =>
      `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`
    ).join("; ");
}
