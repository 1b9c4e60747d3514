import { type Fd, getSeals, Mapping } from '@switchyard/sys';
import { type Display, type WlBufferResource, WlShmFormat, WlShmResource } from '@switchyard/wayland';

export interface Shown {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array;
}

type Pool = Parameters<Parameters<WlShmResource['implement']>[0]['createPool']>[1];

/** The display's view of its client's memory. */
export class TestShm {
  /** Seals of every buffer's memory, in order. */
  readonly seals: Set<string>[] = [];

  constructor(display: Display) {
    display.addGlobal(WlShmResource, 1, (resource) => {
      resource.implement({
        release() {},
        createPool: (_, pool, fd, size) => this.#createPool(pool, fd, size),
      });
      resource.sendFormat(WlShmFormat.xrgb8888);
    });
  }

  /** What the client has drawn into a buffer, as it is now. */
  shown(buffer: WlBufferResource): Shown {
    return (buffer.handler as unknown as { shown: Shown }).shown;
  }

  #createPool(pool: Pool, fd: Fd, size: number): void {
    using file = fd;
    this.seals.push(new Set(getSeals(file)));
    const mapping = Mapping.map(file, size);
    pool.implement({
      createBuffer: (_, buffer, offset, width, height) => {
        const words = new Uint32Array(mapping.buffer, offset, width * height);
        buffer.implement(Object.assign({ destroy() {} }, { shown: { width, height, words } }));
      },
      destroy() {},
      resize() {},
    });
  }
}
