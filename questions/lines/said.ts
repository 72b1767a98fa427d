/**
 * The message of an event: its template with what was masked in place. Of an
 * event that has a name, what else was said, as JSON; null if nothing was.
 */
export function messageOf(
  { event_type, named, attributes }: {
    event_type: string;
    named: number;
    attributes: string | null;
  },
): string | null {
  const values = named ? undefined : valuesOf(attributes);
  if (!values) return named ? attributes : event_type;
  let next = 0;
  return event_type.replace(/%s/g, (mask) => values[next++] ?? mask);
}

function valuesOf(attributes: string | null): string[] | undefined {
  try {
    const { values } = JSON.parse(attributes ?? "{}");
    return Array.isArray(values) ? values.map(String) : undefined;
  } catch {
    return undefined;
  }
}
