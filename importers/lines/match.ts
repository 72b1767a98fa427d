/** Finds the named event that a message is, by a pattern for each event. */
export function eventFinder(
  patterns: Readonly<Record<string, RegExp>>,
): (message: string) => { event: string; found: RegExpExecArray } | undefined {
  const entries = Object.entries(patterns);
  return (message) => {
    for (const [event, pattern] of entries) {
      const found = pattern.exec(message);
      if (found) return { event, found };
    }
    return undefined;
  };
}

/** "[1, 2]" or "3" as ["1", "2"] or ["3"]. */
export function numbersOf(text: string): string[] {
  return text.match(/\d+/g) ?? [];
}
