/**
 * Returns a function that makes equal texts in columns of rows one: each row
 * comes with texts of its own, which take more memory than all else.
 *
 * @param names columns with few distinct texts
 */
export function sharedTexts<Name extends string>(
  names: readonly Name[],
): (row: Record<Name, string | null>) => void {
  const texts = new Map<string, string>();
  return (row) => {
    for (const name of names) {
      const text = row[name];
      if (text !== null) row[name] = texts.getOrInsert(text, text);
    }
  };
}
