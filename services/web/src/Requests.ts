import type { Log } from '@switchyard/runtime';
import type { Audience } from './Audience.js';
import type { Clipboard } from './Clipboard.js';
import type { Layouts } from './Layouts.js';
import type { SeatViewer } from './SeatViewer.js';
import type { SessionList } from './SessionList.js';
import type { Sound } from './sound/Sound.js';
import type { TerminalText } from './TerminalText.js';
import type { Typist } from './Typist.js';
import type { WebMonitor } from './WebMonitor.js';
import { type PageMessage, wishedSize } from './wire/Control.js';

/** Requests of one viewer under way: each waits for the display or the session manager, a paste with a memfd. */
const REQUESTS_MAX = 8;

/** What may be asked for. */
export interface RequestedSeat {
  readonly audience: Audience;
  readonly sessions: SessionList;
  readonly clipboard: Clipboard;
  readonly typist: Typist;
  readonly sound: Sound;
  readonly terminal: TerminalText;
  readonly layouts: Layouts;
  readonly log: Log;
  /** A monitor has another size. */
  resized(): void;
}

/** What viewers ask for, and who may: each is answered, or refused with words. */
export class Requests {
  readonly #seat: RequestedSeat;
  readonly #underWay = new WeakMap<SeatViewer, number>();
  #pasted: string | undefined;

  constructor(seat: RequestedSeat) {
    this.#seat = seat;
  }

  /** What a page has put on the clipboard itself: it need not be told of it. */
  get pasted(): string | undefined {
    return this.#pasted;
  }

  take(viewer: SeatViewer, monitor: WebMonitor, message: PageMessage): void {
    const failed = (error: Error) => viewer.tell({ type: 'failed', message: error.message });
    const asked = this.#underWay.get(viewer) ?? 0;
    if (asked >= REQUESTS_MAX) {
      failed(new Error('too much was asked for at once; try again'));
      return;
    }
    this.#underWay.set(viewer, asked + 1);
    this.#do(viewer, monitor, message)
      .catch(failed)
      .finally(() => this.#underWay.set(viewer, this.#underWay.get(viewer)! - 1));
  }

  async #do(viewer: SeatViewer, monitor: WebMonitor, message: PageMessage): Promise<void> {
    const { audience, sessions, clipboard, typist, layouts, log } = this.#seat;
    if (message.type === 'ping') return viewer.tell({ type: 'pong', serial: message.serial });
    if (message.type === 'sound') return this.#seat.sound.listen(viewer, message.on);
    if (message.type === 'read') return this.#seat.terminal.read(viewer, message.on);
    if (!viewer.drives) throw new Error('this link is for watching only');
    if (message.type !== 'floor' && message.type !== 'copy' && !audience.floor.isFor(viewer))
      throw new Error('another has control; take it first');
    switch (message.type) {
      case 'floor':
        return audience.moveFloor(viewer, message.take ? viewer : undefined);
      case 'give': {
        const other = audience.driver(message.viewer);
        if (other === undefined) throw new Error('that viewer is gone, or may only watch');
        return audience.moveFloor(viewer, other);
      }
      case 'activate':
        log.info({ viewer: viewer.address, session: message.session }, 'a viewer switched');
        return sessions.activate(message.session);
      case 'end':
        log.info({ viewer: viewer.address, session: message.session }, 'a viewer ends a session');
        return sessions.end(message.session);
      case 'setMode':
        monitor.output.setMode(wishedSize(message));
        return this.#seat.resized();
      case 'copy':
        if (sessions.barred) throw new Error('the seat is locked');
        if (clipboard.holdsImage) return clipboard.image();
        return viewer.tell({ type: 'selection', text: await clipboard.text() });
      case 'text':
        audience.touched(viewer);
        return typist.write(message.text, monitor.input);
      case 'layouts':
        return viewer.tell({ type: 'layout', layout: layouts.current, layouts: layouts.all });
      case 'layout':
        return layouts.choose(message.layout);
      case 'preedit':
        return typist.preedit(message.text);
      case 'paste':
        return this.#paste(viewer, message);
    }
  }

  async #paste(
    viewer: SeatViewer,
    { serial, text, primary }: Extract<PageMessage, { type: 'paste' }>,
  ): Promise<void> {
    this.#pasted = text;
    try {
      await this.#seat.clipboard.setText(text, primary);
      viewer.tell({ type: 'pasted', serial });
    } catch (error) {
      viewer.tell({ type: 'pasted', serial, error: (error as Error).message });
    }
  }
}
