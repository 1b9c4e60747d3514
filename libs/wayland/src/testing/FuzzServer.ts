/**
 * A server process for the fuzz test: `node FuzzServer.js SOCKET`. It offers every global of every protocol and accepts
 * every request, so that nothing but the library stands between the bytes and the handlers. Each IPC message is answered
 * with the errors of our own so far.
 */
import { sealedMemfd } from '@switchyard/sys';
import * as protocols from '../generated/index.js';
import { Display } from '../server/Display.js';
import { Resource, type ResourceClass } from '../server/Resource.js';
import { permissiveHandler } from './permissiveHandler.js';

export type FuzzReport = { internalErrors: string[]; clients: number };

const globals =
  /^(WlCompositor|WlSubcompositor|WlShm|WlSeat|WlOutput|XdgWmBase|WpViewporter|.*Manager(V\d+)?|.*Constraints(V\d+)?)Resource$/;

const internalErrors: string[] = [];
const display = new Display({ handlerFailed: (error) => internalErrors.push(String(error)) });

/** As the permissive one, but a keyboard gets its keymap: fds go out too. */
const seatHandler: never = new Proxy(
  {},
  {
    get:
      (_, name) =>
      (resource: Resource, ...args: unknown[]) => {
        (permissiveHandler as Record<string | symbol, (...all: unknown[]) => void>)[name]!(resource, ...args);
        const created = args.find((arg) => arg instanceof protocols.WlKeyboardResource);
        if (created instanceof Resource) created.sendKeymap(1, sealedMemfd('keymap', new Uint8Array(16)), 16);
      },
  },
) as never;

for (const [name, value] of Object.entries(protocols)) {
  if (!globals.test(name)) continue;
  const type = value as unknown as ResourceClass;
  display.addGlobal(type, type.interface.version, (resource) => {
    resource.implement(resource instanceof protocols.WlSeatResource ? seatHandler : permissiveHandler);
  });
}

display.listen(process.argv[2]!);
process.on('message', () => process.send!({ internalErrors, clients: display.clients.size }));
process.on('disconnect', () => display.destroy());
process.send!('ready');
