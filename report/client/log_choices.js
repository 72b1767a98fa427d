import { count } from "../../display/text/plain.js";

/** The filters of the log: the label of each, and its values with their texts. */
export function choicesOf(rows) {
  const { typeNames, origins, sources, columns } = rows;
  const typeCounts = new Uint32Array(typeNames.length);
  for (const type of columns.type) typeCounts[type]++;
  const originCounts = new Uint32Array(origins.length + 1);
  for (const origin of columns.origin) originCounts[origin]++;
  const events = typeNames
    .map(([name, named], i) => [name, typeCounts[i], named])
    .sort(([, n, named], [, m, other]) => other - named || m - n)
    .map(([name, n]) => [name, `${name} (${count(n)})`]);
  const ofOrigins = (index) => {
    const counts = new Map();
    origins.forEach((origin, i) => {
      const value = origin[index];
      if (value === null) return;
      counts.set(value, (counts.get(value) ?? 0) + originCounts[i + 1]);
    });
    return [...counts].sort(([, n], [, m]) => m - n)
      .map(([name, n]) => [name, `${name} (${count(n)})`]);
  };
  const paths = new Set(sources.map(({ path }) => path));
  const choice = (all, values) => ({
    label: all.replace("All", "Filter by"),
    values: [["", all], ...values],
  });
  return {
    order: {
      label: "Order",
      values: [["", "Merged by time"], ["file", "File by file"]],
    },
    level: choice("All levels", ofOrigins(3)),
    process: choice("All processes", ofOrigins(0)),
    thread: choice("All threads", ofOrigins(1)),
    event: choice("All events", events),
    component: choice(
      "All components",
      rows.components.map((name) => [name, name]),
    ),
    file: choice("All files", Array.from(paths, (path) => [path, path])),
  };
}
