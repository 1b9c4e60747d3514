/** Rows as columns that line up; the last column is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(harmless))];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((row) => row[column]?.length ?? 0)),
  );
  return lines
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Titles are their programs' own words: what a terminal would obey is shown as a replacement. */
function harmless(cell: string): string {
  return cell.replaceAll(/\p{Cc}/gu, '�');
}
