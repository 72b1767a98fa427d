import { byId } from "./elements.js";

/** Keys: / searches, Esc closes and clears. */
export function initKeyboard(state, _stream) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.matches?.("input, select, textarea");
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      byId("search").focus();
    } else if (event.key === "Escape" && isTyping) event.target.blur();
    else if (event.key === "Escape") state.set({ thing: undefined });
  });
}
