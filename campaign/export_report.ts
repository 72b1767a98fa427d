import { bytes, counted } from "../display/text/format.ts";
import { showAs } from "../display/notebook/jupyter.ts";
import { visible } from "../display/text/untrusted.ts";

/** What {@linkcode exportCampaign} wrote. It shows itself as a sentence. */
export interface CampaignExport {
  /** The directory. */
  dir: string;
  /** Labels of runs that were not there before. */
  added: string[];
  /** Labels of runs that were there with another content. */
  replaced: string[];
  /** Labels of runs that were there with the same content. */
  unchanged: string[];
  /**
   * Names of the directories, such as "run=ID"; without those of runs whose own
   * directories were not imported.
   */
  directories: string[];
  /** Rows that were written. */
  rows: number;
  /** Bytes that were written. */
  bytes: number;
  /** How long it took. */
  seconds: number;
  /** The same as a sentence. */
  toString(): string;
}

/** A report without runs. */
export function exportReport(dir: string): CampaignExport {
  const report: CampaignExport = {
    dir,
    added: [],
    replaced: [],
    unchanged: [],
    directories: [],
    rows: 0,
    bytes: 0,
    seconds: 0,
    toString: () => sentence(report),
  };
  Object.defineProperty(report, "toString", { enumerable: false });
  return showAs(report, () => ({ "text/plain": sentence(report) }));
}

function sentence(report: CampaignExport): string {
  const parts = [
    ["added", report.added],
    ["replaced", report.replaced],
    ["already there", report.unchanged],
  ] as const;
  const runs = parts.filter(([, labels]) => labels.length > 0)
    .map(([what, labels]) => `${counted(labels.length, "run")} ${what}`);
  const written = report.rows > 0
    ? `; ${counted(report.rows, "row")}, ${bytes(report.bytes)} written`
    : "";
  return `${visible(report.dir)}: ${runs.join(", ") || "no runs"}${written}`;
}
