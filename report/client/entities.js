import { count } from "../../display/text/plain.js";
import { element, tableElement } from "./elements.js";
import { addressOf, entityLinksOf } from "./identity.js";
import { chosenSpans } from "./rows.js";

const maxSpans = 100;

/** The filters, each with a link that removes it. */
export function chips(chosen, words) {
  return Object.entries(chosen).map(([name, value]) => {
    const { [name]: _, ...without } = chosen;
    return element(
      "span",
      { className: "chip" },
      `${words[name] ?? name} ${value} `,
      element("a", {
        href: Object.keys(without).length ? addressOf(without) : "#all=1",
        title: `Remove the filter ${name} ${value}`,
      }, "×"),
    );
  });
}

/** The spans of an entity, with their attributes and metrics. */
export function spansOfEntity(rows, identity) {
  if (Object.keys(identity).length === 0) return [];
  const chosen = chosenSpans(rows, identity);
  const spans = [];
  let total = 0;
  for (let span = 0; span < chosen.length; span++) {
    if (!chosen[span]) continue;
    if (++total <= maxSpans) spans.push(span);
  }
  const parts = [
    element("h3", {}, `${count(total)} spans`),
    tableElement([
      ["span", (span) => rows.spanType(span)],
      [
        "belongs to",
        (span) =>
          entityLinksOf(rows.identityOf(span)).flatMap((link) => [link, " "]),
      ],
      ["other attributes", (span) => factsOf(rows.spanRest(span))],
    ], spans),
  ];
  if (total > maxSpans) {
    parts.push(element("p", {}, `And ${count(total - maxSpans)} more.`));
  }
  return [...parts, ...metricsOfEntity(rows, chosen)];
}

/** Metrics of an entity and of the entities in it. */
function metricsOfEntity({ metrics, identityOf, spanType }, chosen) {
  const found = [];
  for (let place = 0; place < metrics.length; place++) {
    if (!chosen[metrics.span(place)]) continue;
    found.push(place);
    if (found.length === maxSpans) break;
  }
  if (found.length === 0) return [];
  const number = (name) => [
    name,
    (place) => count(metrics[name](place)),
    "number",
  ];
  const more = found.length === maxSpans
    ? `: the first ${count(maxSpans)}`
    : "";
  return [
    element("h3", {}, `Metrics${more}`),
    tableElement([
      ["metric", (place) => metrics.named(place)],
      ["span", (place) => spanType(metrics.span(place))],
      [
        "belongs to",
        (place) =>
          entityLinksOf(identityOf(metrics.span(place)), ["run"])
            .flatMap((link) => [link, " "]),
      ],
      ...["samples", "minimum", "mean", "maximum"].map(number),
    ], found),
  ];
}

function factsOf(json) {
  return Object.entries(JSON.parse(json))
    .map(([name, value]) =>
      `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`
    ).join("; ");
}
