import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalPage, signInPage } from '../RefusalPage.js';
import type { Access } from '../Shares.js';
import type { Lobby } from './Lobby.js';
import { addressOf, exactOriginOf } from './Origin.js';
import { refuse } from './Replies.js';
import type { SignIns } from './SignIns.js';

export const SIGN_IN_PATH = '/sign-in';
/** A name or an answer, escaped (bytes). */
const FORM_MAX = 4096;
/** What is longer is not even read to its end. */
const DISCARD_MAX = 64 * 1024;
/** For the form to come (ms). */
const FORM_TIMEOUT_MS = 10_000;
/** PAM's modules may wait for the person's telephone (libs/pam gives up after two minutes). */
const ANSWER_TIMEOUT_MS = 130_000;

type LetIn = (request: IncomingMessage, response: ServerResponse, access: Access) => void;

/** Takes the forms of the sign-in page, and answers with the next one, until somebody is let in. */
export class SignInDoor {
  readonly #signIns: SignIns;
  readonly #lobby: Lobby;
  readonly #letIn: LetIn;

  constructor(signIns: SignIns, lobby: Lobby, letIn: LetIn) {
    this.#signIns = signIns;
    this.#lobby = lobby;
    this.#letIn = letIn;
  }

  /** `own`: the form is of a page of ours. Another site's would sign somebody in unasked. */
  async take(request: IncomingMessage, response: ServerResponse, own: boolean): Promise<void> {
    if (!own) return refuse(response, 403, refusalPage('the request comes from another site'));
    const form = new URLSearchParams(await smallBody(request));
    if (request.socket.destroyed) return;
    // Where too many wait already, this one is a stranger still, whom others may push out.
    this.#lobby.ask(request.socket);
    this.#lobby.extend(request.socket, ANSWER_TIMEOUT_MS);
    const comer = { address: addressOf(request.socket), origin: exactOriginOf(request.socket) };
    const [id, user] = [form.get('dialogue'), form.get('user') ?? ''];
    if (id === null && user === '') return refuse(response, 403, signInPage({ told: 'Say who you are.' }));
    const told =
      id === null
        ? await this.#signIns.begin(user, comer)
        : await this.#signIns.answer(id, form.get('answer') ?? '', comer);
    if (told.kind === 'in') this.#letIn(request, response, told.access);
    else if (told.kind === 'question') refuse(response, 200, signInPage({ words: told.words, asked: told }));
    else
      refuse(
        response,
        told.wait === undefined ? 403 : 429,
        signInPage({ told: told.told, words: told.words }),
        told.wait,
      );
  }
}

/** '' when it is too long, or does not come in time. */
async function smallBody(request: IncomingMessage): Promise<string> {
  const late = setTimeout(() => request.destroy(), FORM_TIMEOUT_MS);
  try {
    let text = '';
    let length = 0;
    // All of it is read, so that the answer can be: leaving off would close the connection.
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
      length += chunk.length;
      if (length > DISCARD_MAX) request.destroy();
      if (length <= FORM_MAX) text += chunk;
    }
    return length <= FORM_MAX ? text : '';
  } catch {
    return '';
  } finally {
    clearTimeout(late);
  }
}
