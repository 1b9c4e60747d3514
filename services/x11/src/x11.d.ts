/** What we use of the package `x11`, which has no types of its own. Windows and atoms are numbers; 0 is none. */
declare module 'x11' {
  import type { EventEmitter } from 'node:events';
  import type { Duplex } from 'node:stream';

  export interface XEvent {
    readonly name: string;
    readonly [field: string]: unknown;
  }

  export interface Screen {
    readonly root: number;
    readonly pixel_width: number;
    readonly pixel_height: number;
  }

  export interface Display {
    readonly client: Client;
    /** The vendor's release number. */
    readonly release: number;
    readonly screen: readonly Screen[];
  }

  export interface Client extends EventEmitter {
    AllocID(): number;
    require(extension: string, callback: (error: Error | undefined, extension: Fixes) => void): void;
    terminate(): void;
    readonly [request: string]: (...parameters: unknown[]) => unknown;
  }

  export interface Fixes {
    SelectSelectionInput(window: number, selection: number, mask: number): void;
  }

  export interface ClientOptions {
    readonly display: string;
    readonly stream: Duplex;
    /** `data`: the cookie's bytes as latin-1. */
    readonly auth: { readonly name: string; readonly data: string };
  }

  export const eventMask: Readonly<Record<string, number>>;

  interface X11 {
    createClient(options: ClientOptions, ready: (error: Error | undefined, display: Display) => void): Client;
    readonly eventMask: typeof eventMask;
  }

  const x11: X11;
  export default x11;
}
