import { counted, element, tableOf } from "./elements.js";
import { addressOf, linksTo } from "./identity.js";
import { chosenSpans } from "./rows.js";

const mostAccounts = 100;

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

/** All accounts of the thing that is chosen, and what each says of it. */
export function accountsOf(rows, identity) {
  if (Object.keys(identity).length === 0) return [];
  const chosen = chosenSpans(rows, identity);
  const spans = [];
  let count = 0;
  for (let span = 0; span < chosen.length; span++) {
    if (!chosen[span]) continue;
    if (++count <= mostAccounts) spans.push(span);
  }
  const table = tableOf([
    ["span", (span) => rows.spanType(span)],
    [
      "of what",
      (span) => linksTo(rows.identityOf(span)).flatMap((link) => [link, " "]),
    ],
    ["what else is said of it", (span) => factsOf(rows.spanRest(span))],
  ], spans);
  const heading = element(
    "h3",
    {},
    `${counted(count)} spans tell of it`,
  );
  return count > mostAccounts
    ? [
      heading,
      table,
      element("p", {}, `And ${counted(count - mostAccounts)} more.`),
    ]
    : [heading, table];
}

function factsOf(json) {
  return Object.entries(JSON.parse(json))
    .map(([name, value]) =>
      `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`
    ).join("; ");
}
