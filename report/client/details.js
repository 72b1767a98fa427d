import { count } from "../../display/text/plain.js";
import { element, fill } from "./elements.js";
import {
  identityNames,
  kindWords,
  scoped,
  scopes,
  shownName,
  thingIn,
  thingKey,
} from "./identity.js";
import { invitation } from "./invitation.js";
import { relatedTo } from "./related.js";
import { spansOfEntity } from "./sections.js";
import { stateIn } from "./state.js";
import { storyTeller } from "./story.js";

/** The story of the thing that is open, and links to what has to do with it. */
export function initDetails(container, data, state) {
  let teller;
  let rows;
  let shown = null;
  // Whether a link outside the stream leads to the story.
  let isFollowed = false;
  // The second click must meet what the first one did.
  let revealing;
  addEventListener("dblclick", () => clearTimeout(revealing));

  async function show({ thing: key }) {
    if (key === shown) return;
    shown = key;
    clearTimeout(revealing);
    const thing = thingIn(key);
    if (!thing) {
      delete container.dataset.thing;
      fill(container, invitation(data));
      return;
    }
    if (!teller) {
      fill(container, [element("p", {}, "Unpacking…")]);
      rows = await data.rows;
      teller ??= storyTeller(rows);
      if (key !== shown) return;
    }
    fill(container, [
      element("a", {
        id: "close-details",
        href: state.hashWith({ thing: undefined }),
        title: "Close (Esc)",
      }, "×"),
      ...partsOf(thing),
    ]);
    container.scrollTop = 0;
    container.dataset.thing = key;
    revealing = setTimeout(reveal, isFollowed ? 0 : doubleClick);
  }

  /** Scrolls to a story that is out of sight, no further than it must. */
  function reveal() {
    const { top } = container.getBoundingClientRect();
    const room = innerHeight - top;
    if (top < 0 || isFollowed && room < 0.6 * innerHeight) {
      container.scrollIntoView();
    } else if (room < shownOfStory) scrollBy(0, shownOfStory - room);
    isFollowed = false;
  }

  function partsOf(thing) {
    const { entities, told, listing } = teller.tell(thing, maxEntries, leftOut);
    if (entities.length === 0) {
      return [element("p", {}, "No log has anything about this.")];
    }
    const spans = new Set(entities.flatMap(({ spans }) => [...spans]));
    const untold = entities.filter((entity) => entity.rows.length > 0)
        .length > told.length
      ? entities
      : [];
    return [
      ...untold.length > 0 ? [summaryOf(untold[0])] : [],
      ...listing.sections.map((section, i) =>
        sectionElement(section, i === 0 ? linksOf(thing, spans) : [])
      ),
      ...untold.length > 0 ? [linksOf(thing, spans)] : [],
      element(
        "details",
        {},
        element("summary", {}, "Attributes and metrics"),
        spansOfEntity(rows, spans),
      ),
    ];
  }

  /** What is said of an entity with too many rows for a story. */
  function summaryOf({ name, run, rows: ofEntity }) {
    return element(
      "div",
      {},
      element("h2", {}, [run && `Run ${run}`, name].filter(Boolean).join(", ")),
      element(
        "p",
        {},
        `${count(ofEntity.length)} events and lines: too many for a story. ` +
          "The log below shows them.",
      ),
    );
  }

  function sectionElement({ heading, lines, isAlarming, entries }, links) {
    return element(
      "div",
      {},
      element("h2", {}, heading),
      lines.map((line, i) =>
        element(
          "p",
          { className: i === 0 && isAlarming ? "outcome alarming" : "outcome" },
          line,
        )
      ),
      links,
      element("ol", { className: "story" }, entries.map(entryElement)),
    );
  }

  function entryElement(entry) {
    const { cells, title = "", note, lead, text, place, more, isMarked } =
      entry;
    const row = entry.key;
    return element(
      "li",
      { className: isMarked ? "marked" : "" },
      element("span", { className: "clock", title }, cells[0]),
      element("span", { className: "since" }, cells[1]),
      element(
        "span",
        { className: "said" },
        note ? element("b", { className: "note" }, note) : undefined,
        lead ? element("span", { className: "lead" }, `${lead}: `) : undefined,
        text,
        place ? " (" : undefined,
        place
          ? element("a", {
            className: "place",
            href: state.hashWith({ ...logFilters, line: rows.lineKey(row) }),
            title: "Show it in the log",
          }, place)
          : undefined,
        place ? ")" : undefined,
        more
          ? element(
            "details",
            {},
            element("summary", {}, more.summary),
            element("pre", {}, more.text),
          )
          : undefined,
      ),
    );
  }

  /** Links to what has to do with a thing: each opens a story or filters. */
  function linksOf(thing, spans) {
    const lines = [];
    const add = (name, links, isLong = false) => {
      if (links.length === 0) return;
      const items = links.slice(0, maxLinks).flatMap((link) => [link, " "]);
      const more = links.length - maxLinks;
      lines.push(
        element("dt", {}, name),
        element(
          "dd",
          { className: isLong ? "long" : "" },
          items,
          more > 0 ? `and ${count(more)} more` : undefined,
        ),
      );
    };
    if (thing.kind === "task") {
      const cause = teller.causeOf(spans);
      add("Failed because of", cause ? [taskLink(cause)] : []);
      add("Waited for", teller.waitedFor(spans).map(taskLink));
      add("Waited for by", teller.waitingFor(spans).map(taskLink));
    }
    const related = relatedTo(rows, data.attempts, thing, spans);
    const nameOf = (kind, identity) =>
      `${kindWords(kind)} ${shownName(identity[kind])}`;
    add(
      "Stories",
      related.things
        .filter(({ kind, identity }) => thingKey(kind, identity) !== shown)
        .map(({ kind, identity }) =>
          element("a", {
            href: state.hashWith({ thing: thingKey(kind, identity) }),
          }, nameOf(kind, identity))
        ),
    );
    const filter = (name, identity, title) =>
      element("a", {
        className: "filter",
        href: state.hashWith({ ...entityFilters, ...identity }),
        title,
      }, name);
    const only = scoped(thing.identity, thing.kind);
    add("Show only", [
      filter(
        nameOf(thing.kind, thing.identity),
        only,
        "Filter all views, and the log",
      ),
      ...related.apps.map((app) =>
        filter(`same app ${app}`, { app }, `Filter all views by app ${app}`)
      ),
      ...related.things
        .filter(({ kind, identity }) =>
          kind !== thing.kind &&
          scopes[kind].every((name) => name === "run" || name in identity)
        )
        .filter(({ kind }) => !["task", "try", "executor_task"].includes(kind))
        .map(({ kind, identity }) =>
          filter(
            `same ${nameOf(kind, identity)}`,
            scoped(identity, kind),
            "Filter all views, and the log",
          )
        ),
      ...related.hosts.map((host) =>
        filter(
          `same host ${host}`,
          { host },
          `Filter all views by host ${host}`,
        )
      ),
    ]);
    return element("dl", { className: "links" }, lines);
  }

  const taskLink = ({ identity, isFailed }) =>
    element(
      "span",
      {},
      element("a", {
        href: state.hashWith({ thing: thingKey("task", identity) }),
      }, `task ${identity.task}`),
      isFailed ? element("b", { className: "alarming" }, " failed") : undefined,
    );

  addEventListener("click", ({ target }) => {
    isFollowed = target.closest?.("#answers a, #more a, #log a") != null;
  }, { capture: true });
  // Such a link changes nothing else, wherever it is.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a.entity");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { thing } = stateIn(link.hash);
    state.set({ thing });
  }, { capture: true });
  state.subscribe(show);
  return show(state.get());
}

/** Pixels of a story that are in sight, so that the stream may be, too. */
const shownOfStory = 240;
/** Milliseconds within which a second click may follow. */
const doubleClick = 500;
const maxEntries = 500;
const maxLinks = 24;
const leftOut = ": the log below shows them";

/** Removes the filters by entities, and those of the log. */
const without = (names) =>
  Object.fromEntries(names.map((name) => [name, undefined]));
const entityFilters = without([
  ...identityNames.filter((name) => name !== "run"),
  "app",
  "host",
  "outcome",
]);
const logFilters = without([
  "search",
  "component",
  "event",
  "level",
  "process",
  "thread",
  "file",
]);
