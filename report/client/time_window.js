/* global d3 */

/** Ends a gesture that has not moved for so many milliseconds. */
const pauseOfGesture = 120;
/** No window is shorter, in seconds. */
const minWindow = 1e-5;

/**
 * The window of time of the stream: wheel and drag move it, a drag with Shift
 * selects one. A gesture is one entry in the history.
 */
export function initWindow({ canvas, frame }, scene, state, draw) {
  let hasEntry = false;
  let later;

  /** The nearest window that lies in the whole time. */
  function within([from, until]) {
    const { time } = scene;
    const width = Math.min(
      Math.max(until - from, minWindow),
      time.until - time.from,
    );
    const start = Math.min(Math.max(from, time.from), time.until - width);
    return [start, start + width];
  }

  /** Shows a window; `isOver` ends the gesture that leads to it. */
  function moveTo(window, isOver = true) {
    scene.span = within(window);
    fit();
    draw();
    clearTimeout(later);
    if (isOver) tell(true);
    else later = setTimeout(() => tell(false), pauseOfGesture);
  }

  function tell(isOver) {
    const told = scene.time.stateOf(scene.span);
    const { from = null, until = null } = state.get();
    if (told.from !== from || told.until !== until) {
      state.set(told, { replace: hasEntry });
      hasEntry = true;
    }
    if (isOver) hasEntry = false;
  }

  const zoom = d3.zoom()
    .filter((event) => {
      const [x] = d3.pointer(event, canvas);
      if (event.type === "wheel") {
        // Where there is nothing to zoom out of, the page scrolls.
        const isOut = event.deltaY > 0 && canvas.__zoom.k <= 1;
        return !event.shiftKey && !isOut && x >= scene.left;
      }
      return !event.button && !event.shiftKey && !scene.isSelecting;
    })
    .on("zoom", ({ transform, sourceEvent }) => {
      if (!sourceEvent) return;
      if (sourceEvent.type === "mousemove") {
        frame.scrollTop -= sourceEvent.movementY;
      }
      moveTo(transform.rescaleX(wholeScale()).domain(), false);
    })
    .on("end", ({ sourceEvent }) => {
      if (!sourceEvent) return;
      clearTimeout(later);
      tell(true);
    });
  const wholeScale = () =>
    d3.scaleLinear(
      [scene.time.from, scene.time.until],
      [scene.left, scene.size.width],
    );

  /** Makes the gestures go on from the window, in the size of the canvas. */
  function fit() {
    const { time, span, left, size } = scene;
    const whole = time.until - time.from;
    zoom.extent([[left, 0], [size.width, size.height]])
      .translateExtent([[left, -Infinity], [size.width, Infinity]])
      .scaleExtent([1, Math.max(1, whole / minWindow)]);
    const k = whole / (span[1] - span[0]);
    const from = wholeScale()(span[0]);
    // Without an event: the window is there already.
    canvas.__zoom = new d3.ZoomTransform(k, left - k * from, 0);
  }

  const reset = () => moveTo([scene.time.from, scene.time.until]);
  d3.select(canvas).call(zoom).on("dblclick.zoom", null)
    .on("dblclick", reset)
    .style("touch-action", "pan-y");
  canvas.addEventListener("wheel", (event) => {
    if (!event.shiftKey) return;
    event.preventDefault();
    frame.scrollTop += event.deltaY || event.deltaX;
  }, { passive: false });

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || !(event.shiftKey || scene.isSelecting)) return;
    const [x] = d3.pointer(event, canvas);
    if (x < scene.left) return;
    scene.band = [x, x];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!scene.band) return;
    const [x] = d3.pointer(event, canvas);
    scene.band[1] = Math.min(scene.size.width, Math.max(scene.left, x));
    draw();
  });
  canvas.addEventListener("pointercancel", () => {
    scene.band = undefined;
    draw();
  });
  canvas.addEventListener("pointerup", () => {
    const [a, b] = scene.band?.toSorted((a, b) => a - b) ?? [0, 0];
    scene.band = undefined;
    // The click that follows is none.
    scene.isDragged = b - a > 3;
    if (scene.isDragged) moveTo([scene.placeAt(a), scene.placeAt(b)]);
    else draw();
  });

  return {
    fit,
    moveTo,
    reset,
    /** Moves the window by a share of its width. */
    pan(share) {
      const [from, until] = scene.span;
      const by = share * (until - from);
      moveTo([from + by, until + by], false);
    },
    zoom(factor) {
      const [from, until] = scene.span;
      const half = (until - from) / 2 / factor;
      const middle = (from + until) / 2;
      moveTo([middle - half, middle + half], false);
    },
    /** Ends a gesture of keys: the next one is another step for Back. */
    settle() {
      clearTimeout(later);
      tell(true);
    },
    /** A window of the same width in which an interval is seen. */
    around(start, end) {
      const [from, until] = scene.span;
      if (start >= from && end <= until) return scene.span;
      const width = until - from;
      const middle = (start + Math.min(end, start + width)) / 2;
      return within([middle - width / 2, middle + width / 2]);
    },
  };
}
