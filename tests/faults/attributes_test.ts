import { strict as assert } from "node:assert";
import { openDatabase } from "dnpc/sql";
import { identifying } from "../../importers/formats/list.ts";
import { rows } from "../importers/databases.ts";
import { inFolder } from "../sql/engines.ts";
import { type DoorName, doors } from "./doors.ts";
import { figures } from "./figures.ts";

const counted = figures("attributes that identify spans");

// Their user names the attributes of spans.
const unlimited: DoorName[] = [
  "importJsonLog",
  "importCloudWatch",
  "importLines",
];

for (const [name, door] of Object.entries(doors)) {
  if (unlimited.includes(name as DoorName)) continue;
  Deno.test(`${name}() refuses attributes that only logs set, before it reads`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/parsl.log`;
      await Deno.writeTextFile(path, "");
      for (const attribute of identifying) {
        for (const value of ["5", 5, true]) {
          counted.inputs++;
          using db = await openDatabase(undefined, { engine: "native" });
          const attributes = { campaign: "spring", [attribute]: value };
          await assert.rejects(
            door(db, path, { attributes }),
            {
              name: "TypeError",
              message:
                `the attribute "${attribute}" identifies spans, and only ` +
                `logs set it: choose another name, such as "my_${attribute}"`,
            },
          );
          assert.deepEqual(rows(db, "SELECT * FROM sqlite_schema"), []);
          counted.survived++;
        }
      }
    }));
}

Deno.test("every importer refuses attributes that are neither text, number nor boolean", async () => {
  for (const door of Object.values(doors)) {
    for (const value of [null, undefined, {}, [], 5n, Symbol("a"), () => 1]) {
      counted.inputs++;
      using db = await openDatabase(undefined, { engine: "native" });
      const attributes = { campaign: value as unknown as string };
      await assert.rejects(door(db, "nowhere", { attributes }), {
        name: "TypeError",
        message: /the attribute "campaign" must be text, a number or a boolean/,
      });
      counted.survived++;
    }
  }
});
