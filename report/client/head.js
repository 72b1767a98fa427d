import { byId, element, fill } from "./elements.js";
import { shownName } from "./identity.js";
import { filterKeys } from "./state.js";

/** The title, the tabs of the runs, the search and the filters that are set. */
export function initHead({ head }, state) {
  fill(byId("title"), [head.title]);
  const show = () => {
    showRuns(head, state);
    showFilters(state);
    const search = byId("search");
    if (document.activeElement !== search) {
      search.value = state.get().search ?? "";
    }
  };
  initSearch(state);
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

/** A link to each run, and to all of them. */
function showRuns({ runs }, state) {
  const { run } = state.get();
  const tab = (value, text) => {
    const link = element("a", { href: state.hashWith({ run: value }) }, text);
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
  fill(byId("chosen"), chips.length > 0 ? [...chips, clear] : []);
  byId("chosen").hidden = chips.length === 0;
}
