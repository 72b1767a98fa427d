import { identityNames } from "./scopes.js";

/** What was decoded, as functions of a row's number. */
export function rowsOf({ texts, typeNames, spanTypes, columns }, sources) {
  const { span, type, said, count, source, line, value } = columns;
  const length = span.length;
  const times = timesOf(columns.time);
  const starts = new Int32Array(length + 1);
  for (let row = 0; row < length; row++) {
    starts[row + 1] = starts[row] + count[row];
  }
  const others = Map.groupBy(
    columns.otherRow.keys(),
    (place) => columns.otherRow[place],
  );
  const spansOf = (row) => {
    const more = others.get(row)?.map((place) => columns.otherSpan[place]) ??
      [];
    return [span[row], ...more].filter((span) => span >= 0);
  };
  const identities = new Map();
  const identityOf = (span) => {
    let identity = identities.get(span);
    if (identity) return identity;
    identity = {};
    for (const name of identityNames) {
      const place = columns[`span_${name}`][span];
      if (place >= 0) identity[name] = texts[place];
    }
    identities.set(span, identity);
    return identity;
  };
  const componentNames = spanTypes.map((type) => {
    const end = type.lastIndexOf(".");
    return end > 0 ? type.slice(0, end) : type;
  });
  const components = [...new Set(componentNames)].sort();
  return {
    ...{ length, times, columns, typeNames, sources, components },
    ...{ spansOf, identityOf },
    spanCount: columns.spanType.length,
    spanType: (span) => spanTypes[columns.spanType[span]],
    spanRest: (span) => texts[columns.spanRest[span]],
    componentOf: (span) =>
      span < 0 ? "" : componentNames[columns.spanType[span]],
    event: (row) => typeNames[type[row]][0],
    named: (row) => typeNames[type[row]][1] === 1,
    said: (row) => said[row] < 0 ? "" : texts[said[row]],
    /** The message of a line, with what its template masks in place. */
    message(row) {
      const template = typeNames[type[row]][0];
      if (count[row] === 0) return template;
      const end = starts[row + 1];
      let next = starts[row];
      return template.replace(
        /%s/g,
        (mask) => next < end ? texts[value[next++]] : mask,
      );
    },
    path: (row) => source[row] < 0 ? "" : sources[source[row]].path,
    line: (row) => line[row],
    /** Numbers that were reported, summed up for each span and name. */
    metrics: {
      length: columns.metricSpan.length,
      span: (place) => columns.metricSpan[place],
      named: (place) => texts[columns.metricName[place]],
      samples: (place) => columns.metricCount[place],
      least: (place) => columns.metric_least[place],
      mean: (place) => columns.metric_mean[place],
      most: (place) => columns.metric_most[place],
    },
    /** The place of a text in what the columns point to, or -1. */
    placeOf: (text) => texts.indexOf(text),
  };
}

function timesOf(differences) {
  const times = new Float64Array(differences.length);
  let now = 0;
  for (let row = 0; row < times.length; row++) {
    if (!Number.isNaN(differences[row])) now += differences[row];
    times[row] = Number.isNaN(differences[row]) ? NaN : now / 1e6;
  }
  return times;
}

/** Which rows are about what is chosen: their numbers, in order. */
export function chosenRows(rows, identity, { component, event, source }) {
  const { columns } = rows;
  const spans = chosenSpans(rows, identity);
  const bySpan = new Uint8Array(rows.spanCount + 1);
  for (let span = 0; span < rows.spanCount; span++) {
    bySpan[span] = +(spans[span] &&
      (component === undefined || rows.componentOf(span) === component));
  }
  // Behind all spans: rows of no span.
  bySpan[rows.spanCount] = +(component === undefined &&
    Object.keys(identity).length === 0);
  const isChosen = (span) => bySpan[span < 0 ? rows.spanCount : span];
  const also = new Set();
  columns.otherRow.forEach((row, place) => {
    if (isChosen(columns.otherSpan[place])) also.add(row);
  });
  const types = rows.typeNames.map(([name]) =>
    event === undefined || name === event
  );
  const paths = rows.sources.map(({ path }) =>
    source === undefined || path === source
  );
  const chosen = new Int32Array(rows.length);
  let length = 0;
  for (let row = 0; row < rows.length; row++) {
    if (!isChosen(columns.span[row]) && !also.has(row)) continue;
    if (!types[columns.type[row]]) continue;
    const at = columns.source[row];
    if (at < 0 ? source !== undefined : !paths[at]) continue;
    chosen[length++] = row;
  }
  return chosen.subarray(0, length);
}

/** Whether each span belongs to the chosen entity. */
export function chosenSpans(rows, identity) {
  const wanted = Object.entries(identity)
    .map(([name, value]) => [
      rows.columns[`span_${name}`],
      rows.placeOf(value),
    ]);
  const chosen = new Uint8Array(rows.spanCount).fill(1);
  for (const [column, place] of wanted) {
    for (let span = 0; span < chosen.length; span++) {
      // A text that is nowhere is no span's, and -1 stands for none.
      if (place < 0 || column[span] !== place) chosen[span] = 0;
    }
  }
  return chosen;
}
