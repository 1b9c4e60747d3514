import { type Fd, ioctl, SystemError } from '@switchyard/sys';
import { LFLAG, TCGETS2, TIOCSWINSZ, termios2, winsize } from '@switchyard/uapi/tty';

/** The pseudo-terminal between our master and the program: its size, and how its lines are read (termios(3)). */
export class LineDiscipline {
  readonly #master: Fd;
  readonly #settings = new Uint8Array(termios2.size);
  readonly #view = new DataView(this.#settings.buffer);

  /** `master` stays the caller's, who may close it. */
  constructor(master: Fd) {
    this.#master = master;
  }

  /**
   * The program reads lines that are not shown, as passwords are read (getpass(3), sudo, read -s). Editors, which show by themselves
   * what is typed, read keys and no lines.
   */
  get hidesLines(): boolean {
    if (!this.#call(TCGETS2.number, this.#settings)) return false;
    const flags = termios2.get.c_lflag(this.#view, 0);
    return (flags & (LFLAG.ECHO | LFLAG.ICANON)) === LFLAG.ICANON;
  }

  /** The kernel tells the foreground process group by SIGWINCH. Sizes in pixels are for programs that draw pictures. */
  resize(columns: number, rows: number, width: number, height: number): void {
    const size = new Uint8Array(winsize.size);
    const values = { ws_row: rows, ws_col: columns, ws_xpixel: width, ws_ypixel: height };
    winsize.write(new DataView(size.buffer), 0, values);
    this.#call(TIOCSWINSZ.number, size);
  }

  /** False when there is no terminal any more. */
  #call(request: number, argument: Uint8Array): boolean {
    if (this.#master.closed) return false;
    try {
      ioctl(this.#master, request, argument);
      return true;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      return false;
    }
  }
}
