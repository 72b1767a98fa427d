import { largeJsonLogs, largeMonitoringDb, largeTextLogs } from "./inputs.ts";
import { denoProgram, type Program, pythonProgram, race } from "./measure.ts";
import { profile } from "./profile.ts";
import { pythonPackages } from "./python_packages.ts";
import { megabytes, type Row } from "./table.ts";

/** Importing, binding and indexing the text logs of a large run. */
export async function textLogs(folder: string): Promise<Row[]> {
  const runinfo = largeTextLogs(folder);
  const file = `${folder}/bare.db`;
  return await importRows({
    ...await programs("text", runinfo, folder),
    "a bare loop in Deno": {
      ...denoProgram("bare_loop.ts", runinfo, file),
      file,
    },
  });
}

/** Importing the JSON logs of a large run. */
export async function jsonLogs(folder: string): Promise<Row[]> {
  const runinfo = largeJsonLogs(`${folder}/json`);
  const keeping = (records: string) =>
    importOf(runinfo, `${folder}/${records}.db`, { records });
  const own = {
    'dnpc, records "unmatched"': keeping("unmatched"),
    'dnpc, records "none"': keeping("none"),
    'dnpc, records "all"': keeping("all"),
  };
  return await importRows(await programs("json", runinfo, folder, own));
}

/** Importing a large monitoring.db. */
export async function monitoringDb(folder: string): Promise<Row[]> {
  const path = largeMonitoringDb(folder);
  return await importRows(await programs("monitoring", path, folder));
}

/** Profiles of these imports. */
export async function partsOfTime(folder: string): Promise<Row[]> {
  const imports = {
    "text logs": largeTextLogs(folder),
    "JSON logs": largeJsonLogs(`${folder}/json`),
    "monitoring.db": largeMonitoringDb(folder),
  };
  const rows: Row[] = [];
  for (const [name, path] of Object.entries(imports)) {
    const program = importOf(path, `${folder}/profiled.db`);
    rows.push({ "": name, ...await profile(program, folder) });
  }
  return rows;
}

/** An import into a new file, or with sql.js in memory. */
export function importOf(
  path: string,
  file: string,
  options: object = {},
): Program {
  const args = [path, file, JSON.stringify(options)];
  return { ...denoProgram("import.ts", ...args), file };
}

/**
 * Imports of a path with dnpc, and the same with other tools: NAME_KIND.py of
 * python/.
 */
async function programs(
  kind: "text" | "json" | "monitoring",
  path: string,
  folder: string,
  own: Readonly<Record<string, Program>> = {
    dnpc: importOf(path, `${folder}/dnpc-${kind}.db`),
  },
): Promise<Record<string, Program>> {
  const env = await pythonPackages();
  const program = (tool: string, file: string): Program => ({
    ...pythonProgram(`${tool}_${kind}.py`, path, file),
    env,
    file,
  });
  return {
    ...own,
    "dnpc in memory, sql.js": importOf(path, "", { engine: "sqljs" }),
    "DuckDB": program("duckdb", `${folder}/${kind}.duckdb`),
    "Python with sqlite3": program("sqlite3", `${folder}/${kind}.sqlite3`),
    "pandas, in memory": program("pandas", ""),
  };
}

async function importRows(
  programs: Readonly<Record<string, Program>>,
): Promise<Row[]> {
  const all = await race(Object.values(programs));
  return Object.keys(programs).map((name, i) => {
    const { wall, cpu, ratio, memory, size, output } = all[i]!;
    const { bytes, lines } = output;
    return {
      "": name,
      "s": wall,
      "CPU s": cpu,
      "s, ratio": ratio.wall,
      "CPU, ratio": ratio.cpu,
      "peak MB": megabytes(memory),
      "file MB": Number.isNaN(size) ? undefined : megabytes(size),
      "MB/s": bytes && megabytes(bytes) / wall,
      "lines/s": bytes && lines! / wall,
    };
  });
}
