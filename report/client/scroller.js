const rowHeight = 24;
// Browsers cannot draw elements higher than some 30 million pixels.
const maxHeight = 15_000_000;

/** Shows any number of rows, and creates only those in view. */
export function scroller({ frame, height, content, make }) {
  let length = 0;
  const draw = () => {
    const view = frame.clientHeight;
    const inView = Math.ceil(view / rowHeight) + 1;
    const whole = Math.min(length * rowHeight, maxHeight);
    const top = frame.scrollTop;
    const isScaled = whole < length * rowHeight;
    const first = isScaled
      ? Math.round(
        top / Math.max(1, whole - view) * Math.max(0, length - inView + 2),
      )
      : Math.floor(top / rowHeight);
    const last = Math.min(length, first + inView);
    const places = Array.from({ length: last - first }, (_, i) => first + i);
    content.style.top = `${isScaled ? top : first * rowHeight}px`;
    content.replaceChildren();
    for (const place of places) content.append(make(place));
  };
  frame.addEventListener("scroll", draw);
  addEventListener("resize", draw);
  return {
    draw,
    /** Scrolls to a place that is not in view. */
    scrollTo(place) {
      const view = frame.clientHeight;
      const whole = Math.min(length * rowHeight, maxHeight);
      const top = place * rowHeight * (whole / (length * rowHeight));
      if (top >= frame.scrollTop && top + rowHeight <= frame.scrollTop + view) {
        return;
      }
      frame.scrollTop = Math.max(0, top - view / 3);
    },
    /** Starts over with this number of rows. */
    show(rows) {
      length = rows;
      height.style.height = `${Math.min(length * rowHeight, maxHeight)}px`;
      frame.scrollTop = 0;
      draw();
    },
  };
}
