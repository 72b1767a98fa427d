import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { keptOutputs } from "../../tools/kept_outputs.ts";
import { type NotebookCell, readNotebook } from "../../tools/notebook.ts";
import { pixelsOf } from "./png.ts";

/**
 * Checks that re-executed cells show the outputs stored in the notebook: the
 * same text, and the same pictures except for a few pixels, because another
 * processor may round differently.
 */
export async function assertKept(
  name: string,
  cells: readonly NotebookCell[],
): Promise<void> {
  const file = await readNotebook(inCheckout("notebooks", `${name}.ipynb`));
  const todo =
    `: run "deno task notebooks ${name}" and look at what has changed`;
  cells.forEach((cell, i) => {
    const place = `cell ${i} of ${name}.ipynb`;
    const now = keptOutputs(cell.outputs ?? []);
    const then = file.cells[i]?.outputs ?? [];
    assert.deepEqual(
      now.map(withoutPicture),
      then.map(withoutPicture),
      place + todo,
    );
    now.forEach(({ data = {} }, j) => {
      const [drawn, kept] = [data, then[j]!.data ?? {}]
        .map((bundle) => bundle["image/png"]);
      if (typeof drawn !== "string" || drawn === kept) return;
      const share = differingShare(drawn, String(kept));
      assert.ok(share < 0.005, `${place} draws ${share} otherwise${todo}`);
    });
  });
}

function withoutPicture(
  { data = {}, ...output }: NonNullable<NotebookCell["outputs"]>[number],
): unknown {
  const { "image/png": picture, ...texts } = data;
  const { output_type, text } = output;
  return { output_type, text, texts, isDrawn: picture !== undefined };
}

/** Share of differing pixels, 0 to 1, of two pictures in Base64. */
function differingShare(a: string, b: string): number {
  const [one, other] = [a, b].map((text) =>
    pixelsOf(Uint8Array.fromBase64(text))
  );
  if (one!.width !== other!.width || one!.height !== other!.height) return 1;
  let differing = 0;
  for (let i = 0; i < one!.rgba.length; i += 4) {
    const most = Math.max(
      ...[0, 1, 2].map((k) =>
        Math.abs(one!.rgba[i + k]! - other!.rgba[i + k]!)
      ),
    );
    if (most > 8) differing++;
  }
  return differing / (one!.rgba.length / 4);
}
