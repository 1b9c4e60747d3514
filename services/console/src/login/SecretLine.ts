import { ink, type Paper, widthOf } from '../board/Paper.js';
import type { AttemptState } from './Attempt.js';
import type { SecretField } from './SecretField.js';

/** Columns of the box that text goes into. */
export const LINE_COLUMNS = 36;

export interface SecretLineLook {
  readonly state: AttemptState;
  readonly field: SecretField;
  readonly capsLock: boolean;
  readonly layout: string;
  readonly words: readonly string[];
}

/**
 * What somebody types a password into, and what is said about it: five rows of a board.
 *
 *   question
 *   [ ••••• ]
 *
 *   what came of it
 *   Caps Lock, layout
 */
export function writeSecretLine(paper: Paper, row: number, look: SecretLineLook): void {
  const { state, field } = look;
  const left = Math.floor((paper.columns - LINE_COLUMNS) / 2);
  const [question, shown] =
    state.kind === 'asking' ? [state.question, state.shown] : (['Password', false] as const);
  paper.text(row, left, question, { colour: ink.dim });
  paper.fill(ink.raised, row + 1, left, 1, LINE_COLUMNS);
  if (state.kind === 'checking') {
    paper.text(row + 1, left + 1, 'checking …', { colour: ink.dim });
  } else {
    const text = shown ? field.text : '•'.repeat(field.count);
    // Its end is what is being typed.
    let visible = text;
    while (widthOf(visible) > LINE_COLUMNS - 3) visible = [...visible].slice(1).join('');
    const end = paper.text(row + 1, left + 1, visible, { colour: ink.bright });
    paper.cursor(row + 1, end);
  }
  const said = look.words.at(-1);
  if (state.kind === 'refused') paper.centre(row + 3, state.message, { colour: ink.bad });
  else if (said !== undefined) paper.centre(row + 3, said, { colour: ink.warning });
  if (look.capsLock) {
    paper.text(row + 4, left, 'Caps Lock is on', { colour: ink.warning, bold: true });
  }
  paper.text(row + 4, left + LINE_COLUMNS - widthOf(look.layout), look.layout, { colour: ink.dim });
}
