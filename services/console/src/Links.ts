import { type CellRun, Paragraph } from './Paragraph.js';
import type { Screen } from './Screen.js';
import { bgFlags, CELL_WORDS } from './XtermCore.js';

/** An address that is shown, and its cells. */
export interface Link {
  readonly address: string;
  readonly runs: readonly CellRun[];
  /** The program said so (OSC 8); else the text looks like an address. */
  readonly declared: boolean;
}

const LENGTH_LIMIT = 4096;
const address =
  /\b(?:https?|ftps?|sftp|file|ssh|git|gemini|gopher|mailto|news|irc):[^\s<>"'`{}|\\^\u2500-\u257f]{2,}/gi;

/** The link at a cell of the rows shown. */
export function linkAt(screen: Screen, column: number, row: number): Link | undefined {
  const line = screen.lineNumber(row);
  const declared = declaredLink(screen, column, row);
  if (declared) return declared;
  return textLinks(new Paragraph(screen, line)).find(({ runs }) =>
    runs.some((run) => run.line === line && column >= run.from && column < run.to),
  );
}

/** All that can be seen, from top to bottom. */
export function visibleLinks(screen: Screen): Link[] {
  const links: Link[] = [];
  for (let row = 0; row < screen.rows; row++) {
    for (let column = 0; column < screen.columns; column++) {
      const link = declaredLink(screen, column, row);
      if (!link) continue;
      links.push(link);
      column = link.runs[0]!.to - 1;
    }
    const line = screen.lineNumber(row);
    if (row > 0 && screen.line(line)?.isWrapped) continue;
    const covered = (run: CellRun) =>
      links.some(({ runs }) =>
        runs.some((one) => one.line === run.line && one.from < run.to && run.from < one.to),
      );
    for (const link of textLinks(new Paragraph(screen, line))) if (!covered(link.runs[0]!)) links.push(link);
  }
  return links;
}

/** OSC 8, the cells of one row. */
function declaredLink(screen: Screen, column: number, row: number): Link | undefined {
  const id = linkId(screen, column, row);
  const target = id === 0 ? undefined : screen.links.address(id);
  if (target === undefined) return undefined;
  let [from, to] = [column, column + 1];
  while (from > 0 && linkId(screen, from - 1, row) === id) from--;
  while (to < screen.columns && linkId(screen, to, row) === id) to++;
  return { address: target, runs: [{ line: screen.lineNumber(row), from, to }], declared: true };
}

function linkId(screen: Screen, column: number, row: number): number {
  const line = screen.row(row);
  const bg = line?._data[column * CELL_WORDS + 2] ?? 0;
  return line && bg & bgFlags.extended ? (line._extendedAttrs[column]?.urlId ?? 0) : 0;
}

function textLinks(paragraph: Paragraph): Link[] {
  const links: Link[] = [];
  for (const match of paragraph.text.matchAll(address)) {
    const text = trimmed(match[0].slice(0, LENGTH_LIMIT));
    links.push({
      address: text,
      runs: paragraph.runs(match.index, match.index + text.length),
      declared: false,
    });
  }
  return links;
}

/** Without what belongs to the sentence around it: full stops, and brackets that were opened before it. */
function trimmed(text: string): string {
  for (let end = text.length; ; end--) {
    const last = text[end - 1]!;
    const opening = { ')': '(', ']': '[' }[last];
    const kept = text.slice(0, end);
    const closes = opening && kept.split(last).length > kept.split(opening).length;
    if (!closes && !/[.,;:!?*]/.test(last)) return kept;
  }
}
