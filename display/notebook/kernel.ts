/** What the Deno kernel of a notebook gives; undefined outside of one. */
export function jupyterOrNothing(): typeof Deno.jupyter | undefined {
  // Outside of the kernel it is there too, and throws when it is looked at.
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}
