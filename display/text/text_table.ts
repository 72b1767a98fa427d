/** A table ready to be shown: every cell is text already, and none is cut. */
export interface TextTable {
  columns: readonly TextColumn[];
  /** One array of cells a row, as long as `columns`. */
  rows: readonly (readonly string[])[];
  /** What stands below: how many rows there are, what was left out. */
  caption?: string;
  /** Whether `showRows` can show what is left out, and whether rows are. */
  more?: { rows: boolean };
}

/** A column's heading, and how its cells are shown. */
export interface TextColumn {
  name: string;
  /** The side that the cells keep to. On the right none is cut. */
  align: "left" | "right";
  /** The unit of its numbers. */
  unit?: string;
  /** Whether no row has a value. */
  isEmpty?: boolean;
  /** What it says, if that is the same in every row, and may be said once. */
  same?: string;
  /** Columns of the highest rank are left out first, those of none never. */
  rank?: number;
  /** Whether all of the text is shown: it goes on in another line. */
  isWhole?: boolean;
}

/** A row that stands for the rows left out between its neighbours. */
export const ellipsisRow: readonly string[] = Object.freeze(["⋮"]);
