/** A page of the reference, made of sections of the doors. */
export interface PagePlan {
  /** Of the file, without ".md". */
  name: string;
  title: string;
  /** What stands above it all. */
  about: string;
  /** Titles of sections in `mod.ts` of a door: "plots: Axes and colours". */
  sections: string[];
}

/** All pages, in the order in which one needs them. */
export const pagePlans: readonly PagePlan[] = [
  {
    name: "importers",
    title: "Importers",
    about: "What reads logs and databases into tables. Which these are, " +
      "[the schema](schema.md) says; which spans and events there are then, " +
      "[the list of span types](span_types.md).",
    sections: [
      "importers: Importers of what Parsl and its executors leave behind",
      "importers: Importers of any log",
      "importers: What every importer takes and gives",
    ],
  },
  {
    name: "questions",
    title: "Questions",
    about: "What is often asked. Those that give an `Sql` are SQL: " +
      "`db.query(timesBetween(…))` runs one, `String(timesBetween(…))` shows " +
      "its text, to be changed, and it stands in parentheses in a larger " +
      "query. Those that take `db` give rows.",
    sections: [
      "questions: What a database holds, and runs side by side",
      "questions: Events, the times between them, and states",
      "questions: Tasks and their dependencies",
      "questions: Workers",
      "questions: Lines of logs, and everything said about one task",
    ],
  },
  {
    name: "charts",
    title: "Charts",
    about: "Rows in, chart out. Rows may come from anywhere: any iterable of " +
      "objects or arrays, or an Arquero table. Times and durations are in " +
      "seconds. [The gallery](../gallery.md) shows each chart on real data, " +
      "[Charts](../charts.md) how to compose your own.",
    sections: [
      "plots: Charts of durations: how long things took, and when",
      "plots: Charts of steps: how spans go from one to the next",
      "plots: Charts of what there was at each time: counts, rates, numbers",
      "plots: Charts with a line for each thing",
      "plots: Charts of graphs: what holds, equals or waits for what",
      "plots: A chart of marks of your own",
      "plots: Rows, and where a helper finds its values in them",
      "report: A page of a run",
    ],
  },
  {
    name: "transforms",
    title: "Transforms, marks and axes",
    about: "What the [charts](charts.md) are made of. A transform makes rows " +
      "of rows; marks draw them in `Plot.plot`, or in `plot`.",
    sections: [
      "plots: Transforms of durations: from rows to rows",
      "plots: Transforms of steps",
      "plots: Transforms of what there was at each time",
      "plots: Transforms of phases and workers",
      "plots: Graphs: as DOT, and laid out",
      "plots: Marks for Plot.plot, of what the transforms give",
      "plots: Axes and colours",
    ],
  },
  {
    name: "database",
    title: "The database",
    about: "SQLite, in memory or in a file, and SQL as a template. Which " +
      "tables imports make, [the schema](schema.md) says.",
    sections: [
      "sql: Databases",
      "sql: SQL as a template",
      "sql: Spans and events of your own",
    ],
  },
  {
    name: "rules",
    title: "Rules, and the algebra of logs",
    about: "What relates the accounts of components that do not know each " +
      "other. Rules are data.",
    sections: [
      "sql: Rules that relate spans",
      "sql: Logs brought to one language",
    ],
  },
];
