import { keepNbconvert } from "../../tools/nbconvert.ts";

let isShared = false;

/** Executes the notebooks of all tests in one process, with a kernel each. */
export function shareNbconvert(): void {
  if (isShared) return;
  isShared = true;
  let kept: AsyncDisposable | undefined;
  Deno.test.beforeAll(async () => {
    kept = await keepNbconvert();
  });
  Deno.test.afterAll(async () => {
    await kept?.[Symbol.asyncDispose]();
  });
}
