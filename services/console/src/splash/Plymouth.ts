import { Listener, type Socket } from '@switchyard/sys';
import type { Question, SplashScreen } from './SplashScreen.js';

/** Where plymouth's client looks for its daemon: an abstract name, so there is one a machine (a network namespace). */
export const PLYMOUTH_SOCKET = '@/org/freedesktop/plymouthd';
const CONNECTION_LIMIT = 32;

/**
 * plymouth's protocol of 22.02, as its client speaks it. A request is a letter and NUL, or a letter, 0x02, the length of
 * the argument with its NUL, and that. An answer is a byte, for some a length (32 bits, little-endian) and text.
 */
const request = {
  ping: 'P',
  update: 'U',
  changeMode: 'C',
  systemUpdate: 'u',
  systemInitialized: 'S',
  deactivate: 'D',
  reactivate: 'r',
  quit: 'Q',
  reload: 'l',
  password: '*',
  cachedPassword: 'c',
  question: 'W',
  showMessage: 'M',
  hideMessage: 'm',
  pauseProgress: 'A',
  unpauseProgress: 'a',
  showSplash: '$',
  hideSplash: 'H',
  newRoot: 'R',
  error: '!',
} as const;
const HAS_ARGUMENT = 2;
const answer = { acknowledged: 0x06, refused: 0x15, text: 0x02, none: 0x05 } as const;

export interface PlymouthEvents {
  /** Somebody is done with the splash. */
  quit(): void;
}

/** Serves those who would talk to plymouthd, root and our own user alone. Throws SystemError where there is one already. */
export class PlymouthServer implements Disposable {
  readonly #listener: Listener;
  readonly #screen: SplashScreen;
  readonly #on: PlymouthEvents;
  readonly #clients = new Set<PlymouthClient>();

  constructor(screen: SplashScreen, on: PlymouthEvents, name = PLYMOUTH_SOCKET) {
    this.#screen = screen;
    this.#on = on;
    this.#listener = Listener.listen(name, { onConnection: (socket) => this.#accept(socket) });
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const client of this.#clients) client.close();
  }

  #accept(socket: Socket): void {
    const { uid } = socket.peer;
    if ((uid !== 0 && uid !== process.getuid?.()) || this.#clients.size >= CONNECTION_LIMIT) {
      socket.close();
      return;
    }
    const client = new PlymouthClient(socket, this.#screen, this.#on, () => this.#clients.delete(client));
    this.#clients.add(client);
  }
}

class PlymouthClient {
  readonly #socket: Socket;
  readonly #screen: SplashScreen;
  readonly #on: PlymouthEvents;
  readonly #gone: () => void;
  readonly #asked = new Set<Question>();
  readonly #buffer = new Uint8Array(1024);
  #rest = Buffer.alloc(0);

  constructor(socket: Socket, screen: SplashScreen, on: PlymouthEvents, gone: () => void) {
    this.#socket = socket;
    this.#screen = screen;
    this.#on = on;
    this.#gone = gone;
    socket.watch({ readable: () => this.#read(), failed: () => this.close() });
  }

  close(): void {
    for (const question of this.#asked) this.#screen.withdraw(question);
    this.#asked.clear();
    this.#socket.close();
    this.#gone();
  }

  #read(): void {
    for (;;) {
      const length = this.#socket.receive(this.#buffer);
      if (length === 0) {
        this.close();
        return;
      }
      if (length < 0) return;
      this.#rest = Buffer.concat([this.#rest, this.#buffer.subarray(0, length)]);
      this.#parse();
    }
  }

  /** Requests are at most 258 bytes, so what is left is one that is not whole yet. */
  #parse(): void {
    while (this.#rest.length >= 2) {
      const [letter, kind, size] = this.#rest;
      const end = kind === HAS_ARGUMENT ? (size === undefined ? Number.POSITIVE_INFINITY : 3 + size) : 2;
      if (this.#rest.length < end) return;
      const text = this.#rest.subarray(3, Math.max(3, end)).toString('utf8');
      this.#rest = this.#rest.subarray(end);
      this.#do(String.fromCharCode(letter!), text.replace(/\0[\s\S]*$/, ''));
    }
  }

  #do(letter: string, argument: string): void {
    switch (letter) {
      case request.update:
        this.#screen.status = argument;
        break;
      case request.systemUpdate:
        this.#screen.progress = Number(argument) / 100;
        break;
      case request.showMessage:
      case request.error:
        this.#screen.showMessage(argument);
        break;
      case request.hideMessage:
        this.#screen.hideMessage(argument);
        break;
      case request.systemInitialized:
        this.#screen.progress = 1;
        break;
      case request.password:
      case request.question:
        this.#ask(argument, letter === request.password);
        return;
      case request.cachedPassword:
        this.#write([answer.none]);
        return;
      case request.quit:
        this.#write([answer.acknowledged]);
        this.#on.quit();
        return;
      case request.ping:
      case request.changeMode:
      case request.deactivate:
      case request.reactivate:
      case request.reload:
      case request.pauseProgress:
      case request.unpauseProgress:
      case request.showSplash:
      case request.hideSplash:
      case request.newRoot:
        break;
      default:
        this.#write([answer.refused]);
        return;
    }
    this.#write([answer.acknowledged]);
  }

  #ask(prompt: string, secret: boolean): void {
    const question: Question = {
      prompt: prompt.trim().replace(/:$/, ''),
      secret,
      answer: (bytes) => {
        if (!this.#asked.delete(question)) return;
        if (!bytes) {
          this.#write([answer.none]);
          return;
        }
        const header = Buffer.alloc(5);
        header[0] = answer.text;
        header.writeUInt32LE(bytes.length, 1);
        const whole = Buffer.concat([header, bytes]);
        bytes.fill(0);
        this.#socket.write(whole);
        whole.fill(0);
      },
    };
    this.#asked.add(question);
    this.#screen.ask(question);
  }

  #write(bytes: readonly number[]): void {
    this.#socket.write(Uint8Array.from(bytes));
  }
}
