import { cut, ink, type Paper } from '../board/Paper.js';
import type { KeyModifiers, KeyPress } from '../KeyEncoder.js';
import { keysyms } from '../keysyms.js';
import { SecretField } from '../login/SecretField.js';
import { writeSecretLine } from '../login/SecretLine.js';

const BAR_COLUMNS = 40;
/** Lines that are shown at once, and questions that wait. Over these the oldest goes, or nobody is asked. */
const MESSAGE_LIMIT = 6;
const QUESTION_LIMIT = 16;
/** Eighths of a cell, from the left. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Somebody wants to know something from whoever sits at the seat. */
export interface Question {
  readonly prompt: string;
  /** What is typed is not shown. */
  readonly secret: boolean;
  /** Undefined: nobody wants to say. The bytes are the callee's to wipe. */
  answer(bytes: Uint8Array | undefined): void;
}

/**
 * How far the start is, what is being done, and what it needs to know.
 *
 *   showing progress ──ask──▶ asking ──Enter | Escape | withdraw──▶ showing progress
 */
export class SplashScreen {
  readonly #changed: () => void;
  readonly #field = new SecretField();
  #questions: Question[] = [];
  #messages: string[] = [];
  #fraction = 0;
  #status = '';

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** From 0 to 1; it never goes back. */
  set progress(fraction: number) {
    if (!(fraction > this.#fraction)) return;
    this.#fraction = Math.min(1, fraction);
    this.#changed();
  }
  set status(text: string) {
    this.#status = text;
    this.#changed();
  }

  showMessage(text: string): void {
    this.#messages = [...this.#messages.filter((one) => one !== text), text].slice(-MESSAGE_LIMIT);
    this.#changed();
  }
  hideMessage(text: string): void {
    this.#messages = this.#messages.filter((one) => one !== text);
    this.#changed();
  }

  /** Asked when those before it are answered. */
  ask(question: Question): void {
    if (this.#questions.length >= QUESTION_LIMIT) {
      question.answer(undefined);
      return;
    }
    this.#questions.push(question);
    this.#changed();
  }
  /** Who asked is gone. */
  withdraw(question: Question): void {
    if (this.#questions[0] === question) this.#field.clear();
    this.#questions = this.#questions.filter((one) => one !== question);
    this.#changed();
  }

  compose(paper: Paper, look: { readonly capsLock: boolean; readonly layout: string }): void {
    const middle = Math.floor(paper.rows / 2);
    paper.centre(middle - 5, 'Switchyard', { colour: ink.bright, bold: true });
    this.#composeBar(paper, middle - 2);
    paper.centre(middle, cut(this.#status, paper.columns - 4), { colour: ink.dim });
    this.#messages.forEach((text, index) => {
      paper.centre(middle + 8 + index, cut(text, paper.columns - 4));
    });
    const [question] = this.#questions;
    if (!question) return;
    writeSecretLine(paper, middle + 2, {
      state: { kind: 'asking', question: question.prompt || 'Password', shown: !question.secret },
      field: this.#field,
      words: [],
      capsLock: look.capsLock,
      layout: look.layout,
    });
  }

  key(press: KeyPress, modifiers: KeyModifiers): void {
    const [question] = this.#questions;
    if (!question) return;
    if (press.keysym === keysyms.Return || press.keysym === keysyms.KP_Enter)
      this.#answer(this.#field.take());
    else if (press.keysym === keysyms.Escape) this.#answer(undefined);
    else this.#field.key(press, modifiers);
  }

  #answer(bytes: Uint8Array | undefined): void {
    const question = this.#questions.shift();
    this.#field.clear();
    question?.answer(bytes);
    this.#changed();
  }

  #composeBar(paper: Paper, row: number): void {
    const columns = Math.min(BAR_COLUMNS, paper.columns);
    const left = Math.floor((paper.columns - columns) / 2);
    const eighths = Math.round(this.#fraction * columns * 8);
    paper.fill(ink.raised, row, left, 1, columns);
    paper.fill(ink.accent, row, left, 1, eighths >> 3);
    paper.text(row, left + (eighths >> 3), EIGHTHS[eighths & 7]!, { colour: ink.accent, paper: ink.raised });
  }
}
