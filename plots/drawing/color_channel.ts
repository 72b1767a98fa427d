import type { ChannelValue } from "@observablehq/plot";

/**
 * Names, for a mark's colours, that the colour scale has colours for. Without
 * this, Plot draws in the names themselves where all of them are colours: an app
 * called "red", or one called "url(…)", which asks a server.
 */
export const scaledNames = (
  value: ChannelValue,
): { value: ChannelValue; scale: "color" } => ({ value, scale: "color" });
