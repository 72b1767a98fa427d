import { schemaVersion } from "../sql/mod.ts";
import { mistake, quoted, whatIs } from "../display/text/mistakes.ts";
import { statOrNothing } from "../display/output.ts";
import about from "../deno.json" with { type: "json" };

/** The version of the layout of files, apart from the schema of the tables. */
const layoutVersion = 3;

/** The content of a partition's manifest.json. */
export interface Manifest {
  /** Version of the layout of files. */
  layout: number;
  /** Version of the schema of the tables. */
  schema: number;
  /** The version of dnpc that wrote it. */
  dnpc: string;
  /** Hash of the imported content and of the rules that bound it. */
  fingerprint: string;
  /** The id of the run, or its directory; "" for what belongs to no run. */
  run: string;
  /** The first number and the count of numbers that ids of this run have. */
  ids: { first: number; count: number };
  /** The imported files. */
  sources: ManifestSource[];
  /** By span type: its spans, their events and attributes. */
  types: Record<string, ManifestType>;
  /** By table: the rows and bytes of its file. */
  tables: Record<string, { rows: number; bytes: number }>;
}

/** A file that was imported. */
export interface ManifestSource {
  /** Its path at the time. */
  path: string;
  /** The importer that read it. */
  importer: string;
  /** Identifies the content. */
  fingerprint: string | null;
  /** Bytes that were read. */
  bytes: number;
}

/** The spans of one type in a run. */
export interface ManifestType {
  /** The number of spans. */
  spans: number;
  /** The names of their attributes. */
  attributes: string[];
  /** The names of their events. */
  events: string[];
  /** Templates of their other events, at most 1,000. */
  templates: string[];
  /** The names of their metrics, each after that of its family and a slash. */
  metrics: string[];
}

/** The same while spans are read. */
export interface TypeNames {
  spans: number;
  attributes: Set<string>;
  events: Set<string>;
  templates: Set<string>;
  metrics: Set<string>;
}

export const manifestType = ({ spans, ...names }: TypeNames): ManifestType => ({
  spans,
  attributes: [...names.attributes].sort(),
  events: [...names.events].sort(),
  templates: [...names.templates].sort(),
  metrics: [...names.metrics].sort(),
});

/** The parts of a manifest that are the same for all runs of this version. */
export const versions = {
  layout: layoutVersion,
  schema: schemaVersion,
  dnpc: about.version,
};

const manifestName = "manifest.json";

/** A directory of a campaign with a run in it. */
export interface Partition {
  /** Name of the directory, run=ID. */
  name: string;
  /** Its path. */
  path: string;
  manifest: Manifest;
}

/** The partitions of a campaign, and the directories that are left out. */
export interface Contents {
  partitions: Partition[];
  /** Directories of runs that cannot be read, and why. */
  leftOut: { name: string; reason: string }[];
}

/**
 * Reads what a campaign has. Of each file it checks the length alone. A directory
 * that does not exist has nothing.
 *
 * @throws {TypeError} for anything but a path
 * @throws {RangeError} for a campaign of another version, and for a directory
 * with other files
 */
export function readContents(dir: string): Contents {
  if (typeof dir !== "string") {
    throw mistake(
      `a campaign is a directory: give its path, not ${whatIs(dir)}`,
    );
  }
  const contents: Contents = { partitions: [], leftOut: [] };
  const found = statOrNothing(dir);
  if (!found) return contents;
  if (!found.isDirectory) {
    throw new RangeError(
      `${dir} is not a campaign, which is a directory: openDatabase() opens a ` +
        "database",
    );
  }
  const entries = [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
  const isOther = !entries.some((name) => /^\.?run=/.test(name));
  const first = entries.find((name) => !name.startsWith("."));
  if (isOther && first !== undefined) {
    throw new RangeError(
      entries.includes(manifestName)
        ? `${dir} is one run of a campaign: open the directory above it`
        : `${dir} is not a campaign: it has ${quoted(first)} and no run=ID`,
    );
  }
  for (const name of entries) {
    const path = `${dir}/${name}`;
    const temporary = /^\.(run=.*)\.[^.]+\.tmp$/.exec(name)?.[1];
    if (temporary !== undefined) {
      // A later import has written it.
      if (entries.some((other) => other.startsWith(temporary))) continue;
      const reason = "it is not complete: an import was ended, or still runs";
      contents.leftOut.push({ name, reason });
    } else if (name.startsWith("run=")) {
      const found = readManifest(path);
      if (typeof found === "string") {
        contents.leftOut.push({ name, reason: found });
      } else contents.partitions.push({ name, path, manifest: found });
    }
  }
  checkIds(contents.partitions);
  return contents;
}

/** The manifest of a partition, or the reason why it cannot be read. */
function readManifest(path: string): Manifest | string {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(Deno.readTextFileSync(`${path}/${manifestName}`));
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? `it has no ${manifestName}`
      : `its ${manifestName} is damaged`;
  }
  if (!isManifest(manifest)) return `its ${manifestName} is damaged`;
  checkVersion(path, manifest);
  for (const [table, { bytes }] of Object.entries(manifest.tables)) {
    const file = `${table}.parquet`;
    const size = statOrNothing(`${path}/${file}`)?.size;
    if (size === undefined) return `it has no ${file}`;
    if (size !== bytes) {
      return `${file} has ${size} bytes instead of ${bytes}`;
    }
  }
  return manifest;
}

const isManifest = (value: Partial<Manifest> | null): value is Manifest =>
  typeof value === "object" && value !== null &&
  Number.isInteger(value.layout) && Number.isInteger(value.schema) &&
  typeof value.fingerprint === "string" && typeof value.run === "string" &&
  Number.isSafeInteger(value.ids?.first) &&
  Number.isSafeInteger(value.ids?.count) &&
  Array.isArray(value.sources) && typeof value.types === "object" &&
  typeof value.tables === "object";

function checkVersion(path: string, { layout, schema, dnpc }: Manifest): void {
  if (layout === layoutVersion && schema === schemaVersion) return;
  const isNewer = layout > layoutVersion || schema > schemaVersion;
  throw new RangeError(
    `${path} was written by dnpc ${dnpc}, whose tables have version ` +
      `${layout}.${schema}; this dnpc ${versions.dnpc} reads ` +
      `${layoutVersion}.${schemaVersion}. ` + (
        isNewer
          ? "Use that dnpc, or a newer one"
          : "Import the runs again, with --to parquet into a new directory"
      ),
  );
}

/** @throws {RangeError} if two runs have ids in common */
function checkIds(partitions: readonly Partition[]): void {
  const sorted = partitions
    .toSorted((a, b) => a.manifest.ids.first - b.manifest.ids.first);
  for (const [i, { path, manifest: { ids, run } }] of sorted.entries()) {
    const next = sorted[i + 1];
    if (!next || next.manifest.ids.first >= ids.first + ids.count) continue;
    if (run !== "" && run === next.manifest.run) {
      throw new RangeError(
        `${path} and ${next.path} are the same run: remove one of them`,
      );
    }
    throw new RangeError(
      `${path} and ${next.path} have ids in common, by a rare chance: remove ` +
        "one of them, and import that run again into this directory",
    );
  }
}

/** The text of the file manifest.json. */
export const manifestFile = (manifest: Manifest) => ({
  name: manifestName,
  text: JSON.stringify(manifest, null, 1) + "\n",
});
