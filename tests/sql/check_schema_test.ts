import { strict as assert } from "node:assert";
import {
  checkSchema,
  createSchema,
  type Database,
  openDatabase,
  spanSql,
  sql,
} from "dnpc/sql";
import { onDatabase, onEngines, value, withEngines } from "./engines.ts";

const schemaText = await Deno.readTextFile("sql/schema.sql");

/** Creates the schema with a change of one table's definition. */
function createChanged(db: Database, table: string, change: string): void {
  const end = new RegExp(`(IF NOT EXISTS ${table} \\([^]*?)\n\\)`);
  db.exec(schemaText.replace(end, (_, body) => `${body}${change}\n)`));
}

onEngines("createSchema() refuses what would act on rows, by name", (db) => {
  const added: [script: string, message: RegExp][] = [
    [
      "CREATE TRIGGER empty AFTER INSERT ON Span BEGIN DELETE FROM event; END",
      /trigger "empty" on its table "Span".* DROP TRIGGER "empty"$/,
    ],
    [
      "CREATE TRIGGER inside INSTEAD OF INSERT ON run_label BEGIN SELECT 1; END",
      /trigger "inside" on its table "run_label"/,
    ],
    [
      "ALTER TABLE event_row ADD COLUMN hour AS (time / 3600)",
      /generated column "hour" on its table "event_row".* DROP COLUMN "hour"$/,
    ],
    [
      "ALTER TABLE event_row ADD COLUMN size CHECK (time < 5)",
      /another CHECK on its table "event_row".* Import into a new file$/,
    ],
    [
      "CREATE UNIQUE INDEX one ON event_row (line)",
      /index "one" on its table "event_row".* DROP INDEX "one"$/,
    ],
    [
      "DROP INDEX facet_left; CREATE INDEX facet_left ON facet (left_id)",
      /index "facet_left" on its table "facet"/,
    ],
  ];
  for (const [script, message] of added) {
    db.exec("BEGIN");
    createSchema(db);
    db.exec(script);
    const refused = { name: "DatabaseError", message };
    assert.throws(() => createSchema(db), refused);
    assert.throws(() => db.query(spanSql`SELECT 1 FROM span`), refused);
    db.exec("ROLLBACK");
  }
  createChanged(db, "metric_row", ", UNIQUE (line) ON CONFLICT IGNORE");
  assert.throws(() => createSchema(db), {
    message: /another UNIQUE on its table "metric_row"/,
  });
});

onEngines("createSchema() accepts columns and indexes of the user", (db) => {
  createSchema(db);
  db.exec(`ALTER TABLE span ADD COLUMN note TEXT;
    CREATE INDEX by_task ON span (attributes ->> 'task');
    CREATE TABLE diary (text);
    CREATE TRIGGER mine AFTER INSERT ON diary BEGIN SELECT 1; END`);
  createSchema(db);
  assert.deepEqual([...db.query(spanSql`SELECT note FROM span`)], []);
});

onEngines("createSchema() refuses a virtual table", (db) => {
  db.exec("CREATE VIRTUAL TABLE event USING fts4 (time)");
  assert.throws(() => createSchema(db), {
    message:
      /a virtual table "event" that is not dnpc's: it is a virtual table/,
  });
});

onDatabase("createSchema() keeps the version of another program", (db) => {
  db.exec("CREATE TABLE moz_places (url); PRAGMA user_version = 75");
  assert.throws(() => createSchema(db), {
    message: /the version 75 and the tables moz_places of another program/,
  });
  assert.equal(value(db, "PRAGMA user_version"), 75);
});

onEngines(
  "checkSchema() says that nothing was imported yet, and what to do",
  (db) => {
    const question = spanSql`SELECT count(*) AS n FROM span`;
    const ask = [
      () => checkSchema(db),
      () => db.query(question),
      () => db.table(sql`SELECT * FROM (${question})`),
      () => db.query("SELECT count(*) FROM span"),
      () => db.query("SELECT count(*) FROM main.event"),
    ];
    for (const work of ask) {
      assert.throws(work, {
        name: "DatabaseError",
        message: /has no tables: nothing was imported into it yet. Import logs/,
      });
    }
    db.exec("CREATE TABLE bird (name)");
    for (const work of ask) {
      assert.throws(work, {
        message: /has none of dnpc's tables, but bird: nothing was imported/,
      });
    }
    checkSchema(db, { allowNew: true });
    assert.throws(() => db.query("SELECT * FROM fish"), {
      message:
        "no such table: fish. The tables are bird\nin: SELECT * FROM fish",
    });
    createSchema(db);
    assert.equal(db.query(question)[0]?.n, 0);
  },
);

withEngines(
  "checkSchema() says how a monitoring.db is asked",
  async (engine) => {
    const path = "tests/fixtures/wq/runinfo/monitoring.db";
    using db = await openDatabase(path, { ...engine, readOnly: true });
    assert.throws(() => db.query(spanSql`SELECT * FROM event`), {
      message:
        /^tests\/.*monitoring\.db has none of dnpc's tables, but .*task.*: nothing was imported into it yet\. .*; a monitoring\.db is imported like a log, into a new database$/,
    });
    // The user's own SQL works on any database.
    assert.equal(value(db, "SELECT count(*) FROM task"), 104);
  },
);

onEngines("checkSchema() notices when the schema changes", (db) => {
  createSchema(db);
  const question = spanSql`SELECT count(*) AS n FROM span`;
  assert.equal(db.query(question)[0]?.n, 0);
  db.exec("DROP VIEW metric");
  assert.throws(() => db.query(question), /has no metric, which each import/);
  createSchema(db);
  assert.equal(db.query(question)[0]?.n, 0);
  db.exec("PRAGMA user_version = 99");
  assert.throws(() => db.query(question), /has version 99 of the schema/);
});

onEngines("checkSchema() accepts temporary tables and views", (db) => {
  const objects = schemaText.match(/^CREATE (TABLE|VIEW) [^]*?;$/gm)!.join(
    "\n",
  );
  db.exec(objects.replaceAll(/(TABLE|VIEW) IF NOT EXISTS/g, "TEMP $1"));
  assert.equal(db.query(spanSql`SELECT count(*) AS n FROM span`)[0]?.n, 0);
});
