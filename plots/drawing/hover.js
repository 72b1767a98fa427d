// Runs in the page that shows the chart. Tips are inserted as text, not markup.
for (
  const figure of document.querySelectorAll(".dnpc-chart:not([data-ready])")
) {
  figure.setAttribute("data-ready", "");
  const panels = JSON.parse(figure.getAttribute("data-tips"));
  const svg = figure.querySelector("svg");
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
  const layer = create("g", { "pointer-events": "none" });

  // A tip: its left and right end, its height or null, and its text.
  const nearest = ({ tips }, x, y) => {
    let found;
    let least = 40 ** 2;
    for (const tip of tips) {
      const [from, to, middle] = tip;
      const dx = Math.max(0, from - x, x - to);
      const distance = dx ** 2 + (middle === null ? 0 : (middle - y) ** 2);
      if (distance < least) [found, least] = [tip, distance];
    }
    return found;
  };

  // Cuts a line that is wider than the chart.
  const fit = (span, line) => {
    const room = width - 24;
    span.textContent = line;
    let kept = [...line];
    for (
      let wide = span.getComputedTextLength();
      wide > room && kept.length > 1;
      wide = span.getComputedTextLength()
    ) {
      const fitting = Math.floor(kept.length * room / wide);
      kept = kept.slice(0, Math.min(kept.length - 1, fitting));
      span.textContent = `${kept.join("")}…`;
    }
  };

  const show = ({ top, bottom }, [from, to, middle, said], x) => {
    layer.replaceChildren();
    const at = Math.min(to, Math.max(from, x));
    if (middle === null) {
      create("path", {
        d: `M${at},${top}V${bottom}`,
        stroke: "#57606a",
        "stroke-dasharray": "2 2",
      }, layer);
    } else {
      create("circle", {
        ...{ cx: at, cy: middle, r: 4, fill: "none", stroke: "#1f2328" },
        "stroke-width": 1.5,
      }, layer);
    }
    const box = create("g", {}, layer);
    const frame = create("rect", {
      ...{ rx: 4, fill: "#ffffff", stroke: "#57606a" },
    }, box);
    const text = create("text", { "font-size": 11, fill: "#1f2328" }, box);
    const lines = said.split("\n").slice(0, Math.floor((height - 20) / 15));
    lines.forEach((line, i) => {
      const span = create("tspan", { x: 8, y: 17 + i * 15 }, text);
      // A very long text would hold up the page.
      fit(span, line.slice(0, 1000));
    });
    const size = text.getBBox();
    frame.setAttribute("width", size.width + 16);
    frame.setAttribute("height", size.height + 12);
    const wide = size.width + 18;
    const high = size.height + 14;
    const boxLeft = at + 12 + wide < width ? at + 12 : at - 10 - wide;
    const boxTop = (middle ?? (top + bottom) / 2) - high / 2;
    const clamp = (value, most) => Math.max(2, Math.min(most, value));
    box.setAttribute(
      "transform",
      `translate(${clamp(boxLeft, width - wide)},${
        clamp(boxTop, height - high)
      })`,
    );
  };

  svg.addEventListener("pointermove", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(svg.getScreenCTM().inverse());
    const panel = panels.find(({ left, right, top, bottom }) =>
      point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
    );
    const tip = panel && nearest(panel, point.x, point.y);
    if (tip) show(panel, tip, point.x);
    else layer.replaceChildren();
  });
  svg.addEventListener("pointerleave", () => layer.replaceChildren());
}
