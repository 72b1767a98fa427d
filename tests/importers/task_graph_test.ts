import { strict as assert } from "node:assert";
import { taskDependencies } from "dnpc/questions";
import { sql } from "dnpc/sql";
import { rows } from "./databases.ts";
import { largerManagerLogs, onLogs, withFiles } from "./logs.ts";

onLogs(
  "importRuninfo() reads TaskVine's taskgraph",
  [largerManagerLogs],
  (db) => {
    // grep -c ' -> "task-' and ' -> "file-'
    assert.deepEqual(
      rows(
        db,
        `SELECT sum(json_array_length(attributes, '$.inputs')),
           sum(json_array_length(attributes, '$.outputs'))
         FROM span WHERE type LIKE 'taskvine.graph.%'`,
      ),
      [[984, 212]],
    );
    // grep -c '^"file-[^"]*" \['; grep -c '^"task-[^"]*" \['
    assert.deepEqual(
      rows(
        db,
        `SELECT type, count(*) FROM span WHERE type LIKE 'taskvine.graph.%'
         GROUP BY 1`,
      ),
      [
        ["taskvine.graph.file", 3006],
        ["taskvine.graph.mini_task", 1],
        ["taskvine.graph.task", 404],
      ],
    );
  },
);

for (
  const [version, content] of Object.entries({
    "before 2025-10": `digraph "taskvine" {
node [style=filled,font=Helvetica,fontsize=10];
"file-file-meta-a" [shape=rect,color=blue,label=""];
"task-2" [color=green,label="cat"];
"file-temp-rnd-b" -> "task-2";
"task-2" -> "file-temp-rnd-c";
"task-1" [color=green,label="cat"];
"file-file-meta-a" -> "task-1";
"task-1" -> "file-temp-rnd-b";
"task-3" [color=green,label="cat"];
"file-temp-rnd-b" -> "task-3";
"file-temp-rnd-c" -> "task-3";
}
`,
    "2": `# taskvine taskgraph version 2
# TASK taskid "program" INPUTS fileid1 fileid fileid3 ... OUTPUTS fileid4 fileid5 ...
# FILE fileid "source" size
FILE file-meta-a "in \\"put\\".csv" 27
FILE task-rnd-d "unpack" 0
TASK T--5 "unpack" INPUTS file-meta-a OUTPUTS task-rnd-d
TASK T2 "cat" INPUTS temp-rnd-b OUTPUTS temp-rnd-c 
TASK T1 "cat" INPUTS file-meta-a OUTPUTS temp-rnd-b 
TASK T3 "cat" INPUTS temp-rnd-b temp-rnd-c OUTPUTS 
# end
`,
  })
) {
  Deno.test(`taskgraph, version ${version}: a task depends on the makers of its inputs`, () =>
    withFiles({ "vine-logs/taskgraph": content }, (db, { sources }) => {
      assert.equal(sources[0]!.unmatched + sources[0]!.malformed, 0);
      const edges = db.query(sql`
        SELECT task.attributes ->> 'taskvine_task' AS task, depends_on
        FROM (${taskDependencies({ component: "taskvine.graph" })})
          JOIN span AS task ON task.id = task_id
        ORDER BY 1, 2`);
      assert.deepEqual(edges.map((edge) => Object.values(edge)), [
        ["2", "1"],
        ["3", "1"],
        ["3", "2"],
      ]);
    }));
}
