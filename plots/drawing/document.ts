import defer * as linkedom from "linkedom/worker";

let shared: unknown;

/**
 * The document that Plot draws into. No browser is needed: linkedom is small
 * and quick, and the drawing is taken from it as text at once.
 */
export function drawingDocument(): unknown {
  shared ??= (linkedom.parseHTML(
    "<!doctype html><html><body></body></html>",
  ) as unknown as { document: unknown }).document;
  return shared;
}
