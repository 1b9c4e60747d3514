import type { InterfaceDescription, Message } from '@switchyard/dbus';
import type { Bus } from './Bus.js';
import type { Peer } from './Peer.js';

export type DriverCall = { bus: Bus; peer: Peer; message: Message };

export type DriverMethod = {
  in?: string;
  out?: string;
  inNames?: string[];
  outNames?: string[];
  /** Only at the driver's own path; the methods of the first specifications answer at any. */
  onlyHere?: boolean;
  /** undefined: it is answered later. */
  call(call: DriverCall, ...args: never[]): unknown[] | undefined;
  /** What happens once the reply is on its way. */
  afterReply?(call: DriverCall, ...args: never[]): void;
};

export type DriverInterface = InterfaceDescription & {
  methods: Record<string, DriverMethod>;
  onlyHere?: boolean;
  /** For whom it is not there. */
  isHidden?: (peer: Peer) => boolean;
};
