// What the page shows, as it stands in the hash of its address.

/** Filters that every view obeys: attributes of attempts, and text. */
export const filterKeys = [
  "run",
  "app",
  "outcome",
  "executor",
  "block",
  "manager",
  "worker",
  "host",
  "task",
  "try",
  "executor_task",
  "state",
  "longer",
  "shorter",
  "search",
];

/** The other keys: the window of time, what is open, the filters of the log. */
const otherKeys = [
  "from",
  "until",
  "thing",
  "compare",
  "color",
  "rows",
  "metric",
  "component",
  "event",
  "level",
  "process",
  "thread",
  "file",
  "line",
  "order",
];

const keys = [...filterKeys, ...otherKeys];

/** The state in the hash of an address; unknown keys are ignored. */
export const stateIn = (hash) =>
  Object.fromEntries(
    [...new URLSearchParams(hash.slice(1))]
      .filter(([key, value]) => keys.includes(key) && value !== ""),
  );

/** The hash of an address that shows a state. */
export const hashOf = (state) =>
  `#${new URLSearchParams(
    keys.filter((key) => isSet(state[key])).map((key) => [key, state[key]]),
  )}`;

const isSet = (value) => value !== undefined && value !== null && value !== "";

/**
 * The state of the page, and who is told of its changes. All values are texts.
 * `data-shown` of the root element is the hash that all views show.
 */
export function pageState() {
  const listeners = new Set();
  let current = stateIn(location.hash);
  let turn = 0;

  /** Takes on a state, and resolves when all views show it. */
  async function show(next) {
    const changed = keys.filter((key) => next[key] !== current[key]);
    current = next;
    const mine = ++turn;
    if (changed.length > 0) {
      await Promise.all(
        Array.from(listeners, (listener) => listener(current, changed)),
      );
    }
    if (mine === turn) markShown();
  }

  const markShown = () => {
    // As in location.hash, where nothing is an empty text.
    document.documentElement.dataset.shown = hashOf(current).replace(/^#$/, "");
  };

  // A page in a frame of a notebook has no address of its own to change.
  const write = (hash, replace) => {
    try {
      history[replace ? "replaceState" : "pushState"](null, "", hash);
    } catch {
      // The state is kept without an address.
    }
  };

  addEventListener("popstate", () => show(stateIn(location.hash)));
  addEventListener("hashchange", () => show(stateIn(location.hash)));

  // A link to a state works where the page has no address, too.
  addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const next = stateIn(link.getAttribute("href"));
    write(hashOf(next), false);
    show(next);
  });

  return {
    /** A copy of the state. */
    get: () => ({ ...current }),
    /**
     * Merges values into the state; undefined, null and "" remove a key.
     *
     * @param replace whether Back skips the state before: of a wheel or a drag
     */
    set(patch, { replace = false } = {}) {
      const merged = { ...current, ...patch };
      const next = stateIn(hashOf(merged));
      write(hashOf(next), replace);
      return show(next);
    },
    /** The hash of this state with some values changed, for a link. */
    hashWith: (patch) => hashOf({ ...current, ...patch }),
    /** Calls `listener(state, changedKeys)` after each change. */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    markShown,
  };
}
