/**
 * A server process for the fuzz test: `node FuzzServer.js SOCKET`. It offers every global of every protocol, accepts every
 * request, and answers each IPC message with what it has handled so far.
 */
import { sealedMemfd } from '@switchyard/sys';
import * as protocols from '../generated/index.js';
import { Display } from '../server/Display.js';
import type { Resource, ResourceClass } from '../server/Resource.js';
import { permissiveHandler } from './permissiveHandler.js';

export type FuzzReport = { requests: number; errors: number; internalErrors: string[]; clients: number };

const report: FuzzReport = { requests: 0, errors: 0, internalErrors: [], clients: 0 };

const display = new Display({
  clientFailed: () => {
    report.errors++;
  },
  handlerFailed: (error) => report.internalErrors.push(String(error)),
});

const counting: never = new Proxy(
  {},
  {
    get:
      (_, name) =>
      (resource: Resource, ...args: unknown[]) => {
        report.requests++;
        (permissiveHandler as Record<string | symbol, (...all: unknown[]) => void>)[name]!(resource, ...args);
        for (const arg of args) if (isResource(arg)) arg.implement(counting);
        // Events with fds, as a seat sends them.
        const created = args[0];
        if (created instanceof protocols.WlKeyboardResource) {
          created.sendKeymap(1, sealedMemfd('keymap', new Uint8Array(16)), 16);
        }
      },
  },
) as never;

function isResource(value: unknown): value is Resource {
  return value instanceof Object && 'postError' in value && (value as Resource).handler === permissiveHandler;
}

for (const [name, value] of Object.entries(protocols)) {
  const isGlobal =
    /^(WlCompositor|WlSubcompositor|WlShm|WlSeat|WlOutput|XdgWmBase|WpViewporter|.*Manager(V\d+)?|.*Constraints(V\d+)?)Resource$/;
  if (!isGlobal.test(name)) continue;
  const type = value as unknown as ResourceClass;
  display.addGlobal(type, type.interface.version, (resource) => resource.implement(counting));
}

display.listen(process.argv[2]!);
process.on('message', () => process.send!({ ...report, clients: display.clients.size }));
process.on('disconnect', () => display.destroy());
process.send!('ready');
