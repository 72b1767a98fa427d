import { pageData } from "./data.js";
import { initDetails } from "./details.js";
import { byId, pause } from "./elements.js";
import { initHead } from "./head.js";
import { initKeyboard } from "./keyboard.js";
import { initLinked } from "./linked.js";
import { initLog } from "./log.js";
import { fillSections } from "./sections.js";
import { pageState } from "./state.js";
import { initStream } from "./stream.js";

const data = pageData();
const state = pageState();
const { dataset } = document.documentElement;
/** In milliseconds. */
const sinceOpened = () => Math.round(performance.now());

initHead(data, state);
const stream = await initStream(byId("stream"), data, state);
// The first view is there; the others wait until the browser has drawn it.
await pause();
dataset.drawn = sinceOpened();
initKeyboard(state, stream);
await initLinked(byId("linked"), data, state);
fillSections(data.head);
await initDetails(byId("details"), data, state);
await initLog(byId("log"), data, state);
state.markShown();
dataset.ready = sinceOpened();
