import decode from "./client/decode.js" with { type: "text" };
import elements from "./client/elements.js" with { type: "text" };
import identity from "./client/identity.js" with { type: "text" };
import main from "./client/main.js" with { type: "text" };
import rows from "./client/rows.js" with { type: "text" };
import scroller from "./client/scroller.js" with { type: "text" };
import scopes from "./client/scopes.js" with { type: "text" };
import search from "./client/search.js" with { type: "text" };
import sections from "./client/sections.js" with { type: "text" };
import things from "./client/things.js" with { type: "text" };

/**
 * The page's script. Its parts are modules, to be read and checked one by one; a
 * page from disk may import none, so here they become one text, in the order in
 * which they need each other.
 */
export const script: string = [
  elements,
  scopes,
  identity,
  decode,
  rows,
  search,
  scroller,
  sections,
  things,
  main,
].map((text) =>
  text.replaceAll("\r\n", "\n").replace(/^import [\s\S]*?;$/gm, "").replace(
    /^export /gm,
    "",
  )
).join("");
