import { strict as assert } from "node:assert";
import { importParslLog, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { tzLogs, writeFiles } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { figures } from "./figures.ts";
import { assertReadable, assertReadableReason } from "./readable.ts";

const counted = figures("logs in UTF-16");

/** Encodes a text as UTF-16, little-endian or big-endian. */
function inUtf16(text: string, isLittle: boolean, mark = "\ufeff") {
  const all = mark + text;
  const view = new DataView(new ArrayBuffer(2 * all.length));
  for (let i = 0; i < all.length; i++) {
    view.setUint16(2 * i, all.charCodeAt(i), isLittle);
  }
  return new Uint8Array(view.buffer);
}

const log = () => Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`);

for (const isLittle of [true, false]) {
  Deno.test(`importRuninfo() rejects a UTF-16 log and asks to convert it [${isLittle ? "little" : "big"}-endian]`, () =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      await writeFiles(folder, {
        "000/parsl.log": inUtf16(log(), isLittle),
        "001/parsl.log": log(),
        "002/parsl.log": inUtf16(log(), isLittle, ""),
      });
      counted.inputs += 2;
      using db = await openDatabase();
      const { sources, notRead } = await importRuninfo(db, folder);
      assert.deepEqual(
        sources.map(({ path, matched }) => [path, matched]),
        [[`${folder}/001/parsl.log`, 878]],
      );
      counted.rows += 878;
      assert.deepEqual(
        notRead.map(({ path }) => path),
        [`${folder}/000/parsl.log`, `${folder}/002/parsl.log`],
      );
      assert.match(notRead[0]!.reason!, /^written in UTF-16: convert it/);
      assertReadableReason(notRead[0]!.reason!, notRead[0]!.path);
      await assert.rejects(
        importParslLog(db, `${folder}/000/parsl.log`),
        (error: Error) => {
          assert.ok(error instanceof TypeError);
          assertReadable(error.message, `${folder}/000/parsl.log`);
          return true;
        },
      );
      counted.survived += 2;
    }));
}
