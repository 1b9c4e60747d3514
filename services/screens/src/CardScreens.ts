import { Card, type Connector, type Crtc } from '@switchyard/drm';
import type { Log } from '@switchyard/runtime';
import type { SeatDevice } from '@switchyard/seat';
import { type Fd, type Poll, SystemError } from '@switchyard/sys';
import { CursorPlane } from './CursorPlane.js';
import { Scanout } from './Scanout.js';
import type { Screen } from './Screen.js';

/** What makes screens of connectors. */
export interface ScreenMaker {
  plugged(name: string, mode: { width: number; height: number; refresh: number }): Screen;
  unplugged(screen: Screen): void;
}

interface Lit {
  readonly screen: Screen;
  readonly scanout: Scanout;
  readonly plane: CursorPlane;
}

/**
 * A graphics card of the machine, and what is plugged into it.
 *
 *   ours ──paused──▶ another's ──resumed: all modes are set anew──▶ ours       any ──gone──▶ gone
 */
export class CardScreens {
  readonly #device: SeatDevice;
  readonly #maker: ScreenMaker;
  readonly #log: Log;
  #card: Card | undefined;
  /** The file that `#card` has a duplicate of: after a lease there may be another. */
  #file: Fd | undefined;
  #poll: Poll | undefined;
  /** By connectors' names. */
  readonly #lit = new Map<string, Lit>();

  constructor(device: SeatDevice, maker: ScreenMaker, log: Log) {
    this.#device = device;
    this.#maker = maker;
    this.#log = log;
  }

  /** The card is ours, for the first time or again. */
  resumed(): void {
    const { fd } = this.#device;
    if (!fd) return;
    if (this.#file !== fd) {
      this.#forget();
      this.#file = fd;
      this.#card = new Card(fd.dup());
    }
    this.#poll ??= this.#card!.watch({
      flipped: ({ crtc }) => {
        for (const { screen } of this.#lit.values()) if (screen.crtc === crtc) screen.flipped();
      },
    });
    this.#guardedPlug(true);
  }

  paused(): void {
    this.#poll?.close();
    this.#poll = undefined;
    for (const { screen } of this.#lit.values()) screen.darken();
  }

  /** Something was plugged in or out. */
  replug(): void {
    this.#guardedPlug(false);
  }

  #guardedPlug(anew: boolean): void {
    if (!this.#card || !this.#poll) return;
    try {
      this.#plug(this.#card, anew);
    } catch (error) {
      // EACCES: it was taken away meanwhile; EOPNOTSUPP: it shows nothing.
      if (!(error instanceof SystemError)) throw error;
      this.#log.warn({ card: this.#device.path, error: error.message }, 'nothing is shown on a card');
    }
  }

  gone(): void {
    this.paused();
    for (const { screen } of [...this.#lit.values()]) this.#maker.unplugged(screen);
    this.#forget();
  }

  /** Looks what is plugged in now, and shows something on all of it. `anew`: what is shown already has to be set again. */
  #plug(card: Card, anew: boolean): void {
    const resources = card.resources({ probe: true });
    const connected = resources.connectors.filter(
      ({ connection, preferredMode }) => connection === 'connected' && preferredMode,
    );
    for (const [name, lit] of this.#lit) {
      if (connected.some((connector) => connector.name === name)) continue;
      this.#unlight(name, lit);
      this.#maker.unplugged(lit.screen);
    }
    // With fewer CRTCs than connectors the last ones stay dark.
    let shown: readonly Connector[] = connected;
    let crtcs = resources.assignCrtcs(shown);
    while (!crtcs && shown.length > 0) {
      shown = shown.slice(0, -1);
      crtcs = resources.assignCrtcs(shown);
    }
    for (const [connector, crtc] of crtcs ?? []) this.#light(card, connector, crtc, anew);
  }

  #light(card: Card, connector: Connector, crtc: Crtc, anew: boolean): void {
    const mode = connector.preferredMode!;
    const known = this.#lit.get(connector.name);
    if (known?.scanout.mode.equals(mode) && known.scanout.crtc.id === crtc.id) {
      if (anew) known.screen.light(known.scanout, known.plane);
      return;
    }
    if (known) this.#unlight(connector.name, known);
    const screen = known?.screen ?? this.#maker.plugged(connector.name, mode);
    const lit = {
      screen,
      scanout: new Scanout(card, crtc, connector, mode),
      plane: new CursorPlane(card, crtc),
    };
    this.#lit.set(connector.name, lit);
    screen.light(lit.scanout, lit.plane);
    this.#log.info({ connector: connector.name, mode: `${mode}` }, 'a screen');
  }

  #unlight(name: string, { screen, scanout, plane }: Lit): void {
    this.#lit.delete(name);
    screen.darken();
    scanout[Symbol.dispose]();
    plane[Symbol.dispose]();
  }

  #forget(): void {
    for (const { scanout, plane } of this.#lit.values()) {
      scanout[Symbol.dispose]();
      plane[Symbol.dispose]();
    }
    this.#card?.close();
    this.#card = undefined;
  }
}
