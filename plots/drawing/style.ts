/**
 * The look of all charts. A chart has its own white background: a notebook shows
 * it as an image, which cannot adapt to a dark page.
 */
export const style = {
  background: "#ffffff",
  /** Text and axes: 15.8 to 1 against the background. */
  ink: "#1f2328",
  /** Captions: 6.4 to 1. */
  mutedInk: "#57606a",
  grid: "#d0d7de",
  fontFamily:
    "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif",
  titleSize: 15,
  subtitleSize: 12,
  textSize: 11,
  padding: 14,
} as const;
