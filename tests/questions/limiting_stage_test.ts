import { strict as assert } from "node:assert";
import { limitingShares } from "../../questions/tasks/limiting_stage.ts";

Deno.test("limitingShares() decides by the queues and the workers", () => {
  const quiet = {
    pending: 0,
    toLaunch: 0,
    toDispatch: 0,
    toReturn: 0,
    running: 0,
    workers: 4,
  };
  const shares = (now: Partial<typeof quiet>) => {
    const found = limitingShares({ ...quiet, ...now })!;
    return Object.fromEntries(
      Object.entries(found).filter(([, share]) => share > 0),
    );
  };
  assert.deepEqual(shares({}), { submission: 1 });
  assert.deepEqual(shares({ running: 4 }), { submission: 1 });
  assert.deepEqual(shares({ running: 3, pending: 1 }), { dependencies: 1 });
  assert.deepEqual(shares({ running: 4, toDispatch: 1 }), { workers: 1 });
  assert.deepEqual(shares({ running: 4, toLaunch: 1 }), { workers: 1 });
  assert.deepEqual(shares({ toDispatch: 1, workers: 0 }), { workers: 1 });
  assert.deepEqual(shares({ running: 1, toDispatch: 9 }), {
    dispatch: 0.75,
    workers: 0.25,
  });
  // Three workers are idle, and the executor has a task for one of them.
  assert.deepEqual(shares({ running: 1, toDispatch: 1, pending: 7 }), {
    dependencies: 1,
  });
  assert.deepEqual(
    shares({ running: 1, toDispatch: 1, toLaunch: 1, pending: 7 }),
    { submission: 0.5, dependencies: 0.5 },
  );
  assert.deepEqual(shares({ running: 1, toReturn: 3 }), {
    submission: 0.25,
    return: 0.75,
  });
  assert.deepEqual(shares({ running: 4, toDispatch: 9, toReturn: 10 }), {
    return: 1,
  });
  assert.deepEqual(shares({ running: 4, toDispatch: 9, toReturn: 9 }), {
    workers: 1,
  });
  // A worker of a queue runs several tasks.
  assert.deepEqual(shares({ running: 8, toDispatch: 9 }), { workers: 1 });
  const unknown = { ...quiet, workers: undefined };
  assert.equal(limitingShares({ ...unknown, toDispatch: 1 }), undefined);
  assert.equal(limitingShares(unknown)!.submission, 1);
});
