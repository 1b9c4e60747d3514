import { Dialogue } from './Dialogue.js';
import { Throttle } from './Throttle.js';
import type { Verdict } from './Verdict.js';

/** native/src/pam.c (PAM_MAX_RESP_SIZE); and no user's name is longer. */
const ANSWER_LIMIT = 511;
/** Linux allows 32; names of directories (LDAP, mail) are longer. */
const NAME_LIMIT = 255;

export interface AuthenticateOptions {
  /** PAM's rules; default: serviceName(). */
  readonly service?: string;
  readonly terminal?: string;
  readonly remoteHost?: string;
  /** Who counts as the same guesser; default: the user. Share one Throttle among all that let in by the same passwords. */
  readonly throttle?: Throttle;
  readonly key?: string;
}

const everybody = new Throttle();

/**
 * Whether `user` is who knows `answer`, by the machine's own rules (pam.d(5)). Root may ask about everybody, others about
 * themselves. The answer is wiped. A refusal comes late on purpose (Throttle); never rejects.
 *
 * Questions beyond one secret (a second factor) are refused: for these there is Dialogue.
 */
export async function authenticate(
  user: string,
  answer: Uint8Array,
  options: AuthenticateOptions = {},
): Promise<Verdict> {
  const { throttle = everybody, key = user } = options;
  try {
    const verdict = await throttle.run(
      key.slice(0, NAME_LIMIT),
      () => ask(user, answer, options),
      ({ allowed }) => allowed,
    );
    return verdict ?? { allowed: false, why: 'busy' };
  } finally {
    answer.fill(0);
  }
}

async function ask(user: string, answer: Uint8Array, options: AuthenticateOptions): Promise<Verdict> {
  // "" would have PAM ask for a name; what has a NUL or is too long is nobody's.
  if (user === '' || user.length > NAME_LIMIT || /[\0/]/.test(user)) return { allowed: false, why: 'denied' };
  if (answer.length > ANSWER_LIMIT || answer.includes(0)) return { allowed: false, why: 'denied' };
  const { service, terminal, remoteHost } = options;
  let asked = false;
  const dialogue = Dialogue.begin(
    { user, service, terminal, remoteHost },
    {
      ask: async (_question, shown) => {
        if (shown || asked) return undefined;
        asked = true;
        return answer.slice();
      },
    },
  );
  const verdict = await dialogue.verdict;
  dialogue.close();
  return verdict;
}
