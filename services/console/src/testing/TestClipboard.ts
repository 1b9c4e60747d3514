import { EventEmitter, once } from 'node:events';
import { type Fd, Socket, write } from '@switchyard/sys';
import {
  type Display,
  WlDataDeviceManagerResource,
  WlDataOfferResource,
  ZwpPrimarySelectionDeviceManagerV1Resource,
  ZwpPrimarySelectionOfferV1Resource,
} from '@switchyard/wayland';

type Board = 'clipboard' | 'primary';

interface Source {
  readonly types: string[];
  send(type: string, fd: Fd): void;
}

/** The display's clipboards, from the side of another client: what our client copies, and what it may paste. */
export class TestClipboard {
  readonly #events = new EventEmitter();
  readonly #sources: Partial<Record<Board, Source | undefined>> = {};
  readonly #offer: Partial<Record<Board, (text: string, types: readonly string[]) => void>> = {};
  /** Serials of the client's set_selection requests. */
  readonly serials: number[] = [];

  constructor(display: Display) {
    this.#addDataDevice(display);
    this.#addPrimary(display);
  }

  /** Gives the client something to paste. */
  offer(board: Board, text: string, types: readonly string[] = ['text/plain;charset=utf-8']): void {
    this.#offer[board]?.(text, types);
  }

  /** What the client offers, now or as soon as it does. */
  async copied(board: Board): Promise<string> {
    while (!this.#sources[board]) await once(this.#events, board);
    const [ours, theirs] = Socket.pair('stream');
    const chunks: Uint8Array[] = [];
    this.#sources[board]?.send('text/plain;charset=utf-8', theirs.fd.dup());
    theirs.close();
    return new Promise((resolve) => {
      const chunk = new Uint8Array(65_536);
      ours.watch({
        readable: () => {
          const count = ours.receive(chunk);
          if (count > 0) chunks.push(chunk.slice(0, count));
          if (count !== 0) return;
          ours.close();
          resolve(Buffer.concat(chunks).toString());
        },
      });
    });
  }

  forget(board: Board): void {
    this.#sources[board] = undefined;
  }

  #selected(board: Board, source: Source | undefined, serial: number): void {
    this.#sources[board] = source;
    this.serials.push(serial);
    this.#events.emit(board);
  }

  #addDataDevice(display: Display): void {
    const sources = new WeakMap<object, Source>();
    display.addGlobal(WlDataDeviceManagerResource, 3, (manager) =>
      manager.implement({
        createDataSource: (_, resource) => {
          const source: Source = { types: [], send: (type, fd) => resource.sendSend(type, fd) };
          sources.set(resource, source);
          resource.implement({
            offer: (_resource, type) => source.types.push(type),
            destroy() {},
            setActions() {},
          });
        },
        getDataDevice: (_, device) => {
          device.implement({
            startDrag() {},
            release() {},
            setSelection: (_device, resource, serial) =>
              this.#selected('clipboard', resource ? sources.get(resource) : undefined, serial),
          });
          this.#offer.clipboard = (text, types) => {
            const offer = device.client.create(WlDataOfferResource, device.version);
            offer.implement({
              accept() {},
              receive: (_offer, _type, fd) => give(fd, text),
              destroy() {},
              finish() {},
              setActions() {},
            });
            device.sendDataOffer(offer);
            for (const type of types) offer.sendOffer(type);
            device.sendSelection(offer);
          };
        },
      }),
    );
  }

  #addPrimary(display: Display): void {
    const sources = new WeakMap<object, Source>();
    display.addGlobal(ZwpPrimarySelectionDeviceManagerV1Resource, 1, (manager) =>
      manager.implement({
        destroy() {},
        createSource: (_, resource) => {
          const source: Source = { types: [], send: (type, fd) => resource.sendSend(type, fd) };
          sources.set(resource, source);
          resource.implement({ offer: (_resource, type) => source.types.push(type), destroy() {} });
        },
        getDevice: (_, device) => {
          device.implement({
            destroy() {},
            setSelection: (_device, resource, serial) =>
              this.#selected('primary', resource ? sources.get(resource) : undefined, serial),
          });
          this.#offer.primary = (text, types) => {
            const offer = device.client.create(ZwpPrimarySelectionOfferV1Resource, device.version);
            offer.implement({ receive: (_offer, _type, fd) => give(fd, text), destroy() {} });
            device.sendDataOffer(offer);
            for (const type of types) offer.sendOffer(type);
            device.sendSelection(offer);
          };
        },
      }),
    );
  }
}

/** Short texts only: they fit into the socket's buffer. */
function give(fd: Fd, text: string): void {
  using file = fd;
  write(file, Buffer.from(text));
}
