// A thread that writes the exit code of a signal into shared memory.
onmessage = ({ data: { flag, signals } }) => {
  const listeners = Object.entries(signals).map(([signal, exitCode]) => [
    signal,
    () => {
      Atomics.store(flag, 0, exitCode);
      // A second signal ends the process at once.
      for (const each of listeners) Deno.removeSignalListener(...each);
    },
  ]);
  for (const each of listeners) Deno.addSignalListener(...each);
  postMessage("ready");
};
