// Runs in the page that shows the chart: chooses the drawing for its width, and
// shows tips. These are inserted as text, not markup.
for (
  const figure of document.querySelectorAll(".dnpc-chart:not([data-ready])")
) {
  figure.setAttribute("data-ready", "");
  const drawings = Array.from(
    figure.querySelectorAll("[data-tips]"),
    (part) => {
      const svg = part.querySelector("svg") ??
        document.importNode(
          new DOMParser().parseFromString(part.textContent, "image/svg+xml")
            .documentElement,
          true,
        );
      const { width } = svg.viewBox.baseVal;
      return { svg, width, tips: part.getAttribute("data-tips") };
    },
  );

  const choose = () => {
    const room = figure.clientWidth;
    if (room === 0) return;
    const misfit = ({ width }) => Math.abs(Math.log(room / width));
    const best = drawings.toSorted((a, b) => misfit(a) - misfit(b))[0];
    if (best.svg.parentNode === figure) return;
    figure.replaceChildren(best.svg);
    figure.setAttribute("data-tips", best.tips);
  };

  const addTips = (svg, panels) => {
    const { width, height } = svg.viewBox.baseVal;
    const create = (name, attributes, parent = svg) => {
      const element = document.createElementNS(
        "http://www.w3.org/2000/svg",
        name,
      );
      for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, value);
      }
      return parent.appendChild(element);
    };
    const layer = create(
      "g",
      { "pointer-events": "none" },
      svg.lastElementChild,
    );

    // A tip: its left and right end, its height or null, and its text.
    const nearest = ({ tips }, x, y) => {
      let [found, least] = [undefined, 40];
      for (const tip of tips) {
        const [from, to, middle] = tip;
        const dx = Math.max(0, from - x, x - to);
        const distance = Math.hypot(dx, (middle ?? y) - y);
        if (distance < least) [found, least] = [tip, distance];
      }
      return found;
    };

    // Cuts a line that is wider than the chart.
    const fit = (span, line) => {
      const room = width - 24;
      let kept = [...line];
      span.textContent = line;
      for (;;) {
        const wide = span.getComputedTextLength();
        if (wide <= room || kept.length < 2) return;
        const fitting = Math.floor(kept.length * room / wide);
        kept = kept.slice(0, Math.min(kept.length - 1, fitting));
        span.textContent = `${kept.join("")}…`;
      }
    };

    const show = ({ top, bottom }, [from, to, middle, content], x) => {
      layer.replaceChildren();
      const at = Math.min(to, Math.max(from, x));
      const [shape, attributes] = middle === null
        ? ["path", { d: `M${at},${top}V${bottom}`, "stroke-dasharray": "2 2" }]
        : ["circle", { cx: at, cy: middle, r: 4, "stroke-width": 1.5 }];
      create(shape, { fill: "none", stroke: "#57606a", ...attributes }, layer);
      const box = create("g", {}, layer);
      const background = { rx: 4, fill: "#ffffff", stroke: "#57606a" };
      const frame = create("rect", background, box);
      const text = create("text", { "font-size": 11, fill: "#1f2328" }, box);
      const lines = content.split("\n").slice(
        0,
        Math.floor((height - 20) / 15),
      );
      lines.forEach((line, i) => {
        const span = create("tspan", { x: 8, y: 17 + i * 15 }, text);
        // A very long text would hold up the page.
        fit(span, line.slice(0, 1000));
      });
      const size = text.getBBox();
      frame.setAttribute("width", size.width + 16);
      frame.setAttribute("height", size.height + 12);
      const [wide, high] = [size.width + 18, size.height + 14];
      const left = at + 12 + wide < width ? at + 12 : at - 10 - wide;
      const clamp = (value, max) => Math.max(2, Math.min(max, value));
      const x1 = clamp(left, width - wide);
      const y1 = clamp(
        (middle ?? (top + bottom) / 2) - high / 2,
        height - high,
      );
      box.setAttribute("transform", `translate(${x1},${y1})`);
    };

    svg.addEventListener("pointermove", (event) => {
      const point = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(svg.getScreenCTM().inverse());
      const panel = panels.find(({ left, right, top, bottom }) =>
        point.x >= left && point.x <= right && point.y >= top &&
        point.y <= bottom
      );
      const tip = panel && nearest(panel, point.x, point.y);
      if (tip) show(panel, tip, point.x);
      else layer.replaceChildren();
    });
    svg.addEventListener("pointerleave", () => layer.replaceChildren());
  };

  for (const { svg, tips } of drawings) {
    // With one width, that is the width that was asked for.
    const scale = drawings.length > 1 ? 1.3 : 1;
    const natural = svg.width.baseVal.value;
    svg.style = `display:block;height:auto;width:100%;max-width:${
      natural * scale
    }px`;
    addTips(svg, JSON.parse(tips));
  }
  choose();
  new ResizeObserver(choose).observe(figure);
}
