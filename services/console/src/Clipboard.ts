import type { Fd } from '@switchyard/sys';
import {
  type Globals,
  receiveFrom,
  sendThrough,
  WlDataDeviceManagerProxy,
  type WlDataOfferProxy,
  type WlSeatProxy,
  ZwpPrimarySelectionDeviceManagerV1Proxy,
  type ZwpPrimarySelectionOfferV1Proxy,
} from '@switchyard/wayland';

/** What text is called, the best name first. */
const TEXT_TYPES = ['text/plain;charset=utf-8', 'UTF8_STRING', 'text/plain', 'STRING', 'TEXT'] as const;
/** Types of one offer that we remember; those of text are among the first ten. */
const TYPE_LIMIT = 64;

/** Pasted text: more than a person pastes into a terminal, little enough to hold. */
const PASTE_LIMIT = 8 << 20;

export type Board = 'clipboard' | 'primary';

/** An offer of either protocol. */
interface Offer {
  readonly types: string[];
  receive(type: string, fd: Fd): void;
  destroy(): void;
}

/** A source of either protocol. */
interface Source {
  readonly alive: boolean;
  offer(type: string): void;
  destroy(): void;
}

interface Device {
  /** What may be pasted. */
  current: Offer | undefined;
  /** Offers text to others. */
  offer(text: Uint8Array, serial: number): void;
}

/** The display's clipboard and primary selection, as text. A display that lacks one of them lacks it here too. */
export class Clipboard {
  readonly #devices: Record<Board, Device | undefined>;

  constructor(globals: Globals, seat: WlSeatProxy) {
    this.#devices = { clipboard: dataDevice(globals, seat), primary: primaryDevice(globals, seat) };
  }

  /** Offers text to others. `serial` is of the input event that asked for it. */
  copy(board: Board, text: string, serial: number): void {
    if (text !== '') this.#devices[board]?.offer(Buffer.from(text), serial);
  }

  /** What others (or we) offer; '' when there is no text. */
  async paste(board: Board): Promise<string> {
    const offer = this.#devices[board]?.current;
    const type = TEXT_TYPES.find((name) => offer?.types.includes(name));
    if (!offer || !type) return '';
    const bytes = await receiveFrom((fd) => offer.receive(type, fd), PASTE_LIMIT);
    return bytes ? Buffer.from(bytes).toString('utf8') : '';
  }
}

/** Offers are announced first and put to use by a later event; one is kept, the rest destroyed. */
class Offers {
  readonly #known = new Map<object, Offer>();

  announce(proxy: WlDataOfferProxy | ZwpPrimarySelectionOfferV1Proxy): Offer {
    const offer: Offer = {
      types: [],
      receive: (type, fd) => {
        if (proxy.alive) proxy.receive(type, fd);
        else fd.close();
      },
      destroy: () => {
        this.#known.delete(proxy);
        if (proxy.alive) proxy.destroy();
      },
    };
    this.#known.set(proxy, offer);
    return offer;
  }

  get(proxy: object | null): Offer | undefined {
    return proxy ? this.#known.get(proxy) : undefined;
  }
}

function addType(offer: Offer, type: string): void {
  if (offer.types.length < TYPE_LIMIT) offer.types.push(type);
}

/** Our source that others may take from: one at a time. */
class Sources {
  #current: Source | undefined;

  /** `use` makes it the selection; only then the one before it goes. */
  replace(source: Source, use: () => void): void {
    for (const type of TEXT_TYPES) source.offer(type);
    use();
    const before = this.#current;
    this.#current = source;
    if (before?.alive) before.destroy();
  }

  cancelled(source: Source): void {
    source.destroy();
    if (this.#current === source) this.#current = undefined;
  }
}

function dataDevice(globals: Globals, seat: WlSeatProxy): Device | undefined {
  const manager = globals.bind(WlDataDeviceManagerProxy, 3);
  if (!manager) return undefined;
  const offers = new Offers();
  const sources = new Sources();
  const device: Device = {
    current: undefined,
    offer: (text, serial) => {
      const source = manager.createDataSource({
        target() {},
        send: (_, _type, fd) => sendThrough(fd, text),
        cancelled: (cancelled) => sources.cancelled(cancelled),
        dndDropPerformed() {},
        dndFinished() {},
        action() {},
      });
      sources.replace(source, () => proxy.setSelection(source, serial));
    },
  };
  const proxy = manager.getDataDevice(seat, {
    dataOffer: (_, id) => {
      const offer = offers.announce(id);
      id.implement({ offer: (_offer, type) => addType(offer, type), sourceActions() {}, action() {} });
    },
    selection: (_, id) => {
      device.current?.destroy();
      device.current = offers.get(id);
    },
    // Dragged things are not taken.
    enter: (_, _serial, _surface, _x, _y, id) => offers.get(id)?.destroy(),
    leave() {},
    motion() {},
    drop() {},
  });
  return device;
}

function primaryDevice(globals: Globals, seat: WlSeatProxy): Device | undefined {
  const manager = globals.bind(ZwpPrimarySelectionDeviceManagerV1Proxy, 1);
  if (!manager) return undefined;
  const offers = new Offers();
  const sources = new Sources();
  const device: Device = {
    current: undefined,
    offer: (text, serial) => {
      const source = manager.createSource({
        send: (_, _type, fd) => sendThrough(fd, text),
        cancelled: (cancelled) => sources.cancelled(cancelled),
      });
      sources.replace(source, () => proxy.setSelection(source, serial));
    },
  };
  const proxy = manager.getDevice(seat, {
    dataOffer: (_, id) => {
      const offer = offers.announce(id);
      id.implement({ offer: (_offer, type) => addType(offer, type) });
    },
    selection: (_, id) => {
      device.current?.destroy();
      device.current = offers.get(id);
    },
  });
  return device;
}
