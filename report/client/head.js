import { byId, element, fill } from "./elements.js";
import { shownName } from "./identity.js";
import { filterKeys, hashOf } from "./state.js";

/**
 * The title, the tabs of the runs with the summary of each, the search, and the
 * filters that are set.
 */
export function initHead({ head }, state) {
  fill(byId("title"), [head.title]);
  for (const part of byId("answers").children) arrangeSummary(part);
  initSearch(state);
  const show = () => {
    showRun(head, state);
    showFilters(state);
    const search = byId("search");
    if (document.activeElement !== search) {
      search.value = state.get().search ?? "";
    }
  };
  state.subscribe(show);
  show();
}

function initSearch(state) {
  const search = byId("search");
  let typed;
  search.addEventListener("input", () => {
    clearTimeout(typed);
    // Otherwise Back would undo single letters.
    typed = setTimeout(
      () => state.set({ search: search.value }, { replace: true }),
      200,
    );
  });
  byId("find").addEventListener("submit", (event) => event.preventDefault());
}

// The first answers that somebody wants; the others are folded.
const openSections = /^What (?:ran|failed|looks odd|no log)/;
const foldedTitle = "Where the time went";

/** Makes sections of a summary: a heading and a list each, some folded. */
function arrangeSummary(part) {
  const [answer, ...rest] = part.firstElementChild.children;
  answer.className = "answer";
  const open = element("div", { className: "answers" });
  const folded = element("div", { className: "answers" });
  for (let i = 0; i < rest.length; i += 2) {
    const [heading, list] = rest.slice(i, i + 2);
    const isOpen = openSections.test(heading.textContent);
    (isOpen ? open : folded).append(element("section", {}, heading, list));
  }
  const more = element("details", {}, element("summary", {}, foldedTitle));
  more.append(folded);
  part.replaceChildren(answer, open);
  if (folded.hasChildNodes()) part.append(more);
  for (const entry of part.querySelectorAll("li[data-task]")) linkTask(entry);
}

/** Makes a link of the task that an entry names last. */
function linkTask(entry) {
  const { run, task } = entry.dataset;
  const name = `task ${task}`;
  const text = [...entry.childNodes].find((node) =>
    node.nodeType === Node.TEXT_NODE && node.nodeValue.includes(name)
  );
  if (text === undefined) return;
  const link = text.splitText(text.nodeValue.lastIndexOf(name));
  link.splitText(name.length);
  const href = hashOf({ run, thing: `task:${run}:${task}` });
  link.replaceWith(element("a", { href }, name));
}

/** Shows the summary of a run, or of all, and links to the others. */
function showRun({ runs }, state) {
  const { run } = state.get();
  const parts = [...byId("answers").children];
  const shown = parts.find((part) => part.dataset.run === run) ?? parts[0];
  for (const part of parts) part.hidden = part !== shown;
  const tab = (value, text) => {
    const href = state.hashWith({ run: value, compare: undefined });
    const link = element("a", { href }, text);
    if (run === value) link.setAttribute("aria-current", "true");
    return link;
  };
  fill(
    byId("runs"),
    runs.length < 2 ? [] : [
      tab(undefined, "All runs"),
      ...runs.map(({ run, name }) => tab(run, name)),
    ],
  );
}

const filterNames = [...filterKeys, "component", "event", "file"];

/** The filters, each with a link that removes it. */
function showFilters(state) {
  const chosen = state.get();
  const chips = filterNames.filter((name) => name in chosen).map((name) =>
    element(
      "span",
      { className: "chip" },
      `${name.replace("_", " ")} ${shownName(chosen[name])} `,
      element("a", {
        href: state.hashWith({ [name]: undefined }),
        title: `Remove the filter ${name} ${chosen[name]}`,
      }, "×"),
    )
  );
  const clear = element("a", { href: "#", id: "clear" }, "Show all");
  const none = "Everything is shown. Click on an app, a bar or a state to " +
    "show only that.";
  // The line is always there: the views would move under the pointer.
  fill(byId("chosen"), chips.length > 0 ? [...chips, clear] : [none]);
}
