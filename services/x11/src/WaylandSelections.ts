import type { Fd } from '@switchyard/sys';
import {
  type DisplayConnection,
  type Globals,
  receiveFrom,
  sendThrough,
  WlSeatProxy,
  type ZwlrDataControlDeviceV1Proxy,
  ZwlrDataControlManagerV1Proxy,
  type ZwlrDataControlOfferV1Proxy,
  type ZwlrDataControlSourceV1Proxy,
} from '@switchyard/wayland';
import { type Content, contentLimit, transferLimit } from './XSelection.js';

export const kinds = ['clipboard', 'primary'] as const;
export type Kind = (typeof kinds)[number];

export interface WaylandSelectionsEvents {
  /** Somebody else's selection of that kind; undefined: there is none. */
  copied(kind: Kind, content: Content | undefined): void;
}

/** Types of one offer that are passed on. */
const typeLimit = 64;

/**
 * The user's clipboard and primary selection in the display, by wlr-data-control: told of changes, and set, without a
 * window that has the keyboard.
 */
export class WaylandSelections {
  readonly #connection: DisplayConnection;
  readonly #manager: ZwlrDataControlManagerV1Proxy;
  readonly #device: ZwlrDataControlDeviceV1Proxy;
  readonly #on: WaylandSelectionsEvents;
  /** Values that clients of the display wait for. */
  #sending = 0;
  /** Types by offers that were announced. */
  readonly #types = new Map<ZwlrDataControlOfferV1Proxy, string[]>();
  readonly #offers = new Map<Kind, ZwlrDataControlOfferV1Proxy>();
  /** Ours that are the selection now: what the display tells of them is no news. */
  readonly #own = new Map<Kind, ZwlrDataControlSourceV1Proxy>();

  private constructor(
    connection: DisplayConnection,
    manager: ZwlrDataControlManagerV1Proxy,
    seat: WlSeatProxy,
    on: WaylandSelectionsEvents,
  ) {
    this.#connection = connection;
    this.#manager = manager;
    this.#on = on;
    this.#device = manager.getDataDevice(seat, {
      dataOffer: (_, offer) => this.#announced(offer),
      selection: (_, offer) => this.#changed('clipboard', offer),
      primarySelection: (_, offer) => this.#changed('primary', offer),
      finished: () => {},
    });
  }

  /** Undefined when the display does not let us. */
  static open(
    connection: DisplayConnection,
    globals: Globals,
    on: WaylandSelectionsEvents,
  ): WaylandSelections | undefined {
    const manager = globals.bind(ZwlrDataControlManagerV1Proxy, 2);
    const seat = globals.bind(WlSeatProxy, 1, { capabilities: () => {}, name: () => {} });
    if (!manager || !seat) return undefined;
    return new WaylandSelections(connection, manager, seat, on);
  }

  /** Makes it the selection; undefined: ends ours, if it still is the selection. */
  set(kind: Kind, content: Content | undefined): void {
    const before = this.#own.get(kind);
    if (!content) {
      if (before) this.#use(kind, null);
      this.#forget(kind, before);
      return;
    }
    const source = this.#manager.createDataSource({
      send: (_, type, fd) => this.#send(content, type, fd),
      cancelled: () => this.#forget(kind, source),
    });
    for (const type of content.types) source.offer(type);
    this.#own.set(kind, source);
    this.#use(kind, source);
    if (before?.alive) before.destroy();
    this.#connection.flush();
  }

  /** Takes the fd. */
  #send(content: Content, type: string, fd: Fd): void {
    if (this.#sending >= transferLimit) {
      fd.close();
      return;
    }
    this.#sending++;
    void content
      .read(type)
      .catch(() => undefined)
      .then((bytes) => {
        this.#sending--;
        sendThrough(fd, bytes ?? new Uint8Array());
      });
  }

  #use(kind: Kind, source: ZwlrDataControlSourceV1Proxy | null): void {
    if (kind === 'clipboard') this.#device.setSelection(source);
    else if (this.#device.version >= 2) this.#device.setPrimarySelection(source);
  }

  #forget(kind: Kind, source: ZwlrDataControlSourceV1Proxy | undefined): void {
    if (source?.alive) source.destroy();
    if (this.#own.get(kind) === source) this.#own.delete(kind);
  }

  #announced(offer: ZwlrDataControlOfferV1Proxy): void {
    const types: string[] = [];
    this.#types.set(offer, types);
    offer.implement({
      offer: (_, type) => {
        if (types.length < typeLimit) types.push(type);
      },
    });
  }

  #changed(kind: Kind, offer: ZwlrDataControlOfferV1Proxy | null): void {
    const before = this.#offers.get(kind);
    if (before) {
      this.#types.delete(before);
      if (before.alive) before.destroy();
    }
    if (offer) this.#offers.set(kind, offer);
    else this.#offers.delete(kind);
    if (this.#own.has(kind)) return;
    this.#on.copied(kind, offer ? this.#content(offer) : undefined);
  }

  #content(offer: ZwlrDataControlOfferV1Proxy): Content {
    return {
      types: this.#types.get(offer) ?? [],
      read: (type) => {
        if (!offer.alive) return Promise.resolve(undefined);
        return receiveFrom((fd) => offer.receive(type, fd), contentLimit);
      },
    };
  }
}
