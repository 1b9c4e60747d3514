import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseAddresses, socketOfAddress } from '@switchyard/dbus';
import { createLog, FdStore, notifyReady, onTerminate, RuntimeDir } from '@switchyard/runtime';
import { type Fd, Listener, randomBytes, type Socket } from '@switchyard/sys';
import { Bus } from './Bus.js';
import { builtInSetup } from './daemon/builtInSetup.js';

/**
 * The broker as a process: `main.js --runtime-dir DIR [--address unix:path=…]`.
 * Its own user and root may connect. A supervisor may hand on the socket, which then listens already (sd_listen_fds(3), "bus").
 */
const { values } = parseArgs({
  options: { 'runtime-dir': { type: 'string' }, address: { type: 'string' } },
});
const runtimeDir = RuntimeDir.resolve(values['runtime-dir']);
const log = createLog('bus');
const address = values.address ?? runtimeDir.busAddress;
const place = parseAddresses(address).map(socketOfAddress)[0];
if (place === undefined) {
  log.fatal({ address }, 'cannot listen there: only unix:path= and unix:abstract= are supported');
  process.exit(2);
}
if (values.address === undefined) mkdirSync(runtimeDir.path, { recursive: true, mode: 0o700 });

const bus = new Bus({
  guid: randomBytes(16).toString('hex'),
  setup: builtInSetup(),
  endpointDirectory: runtimeDir.path,
  log: (what, about) => log.debug(about, what),
});
const onConnection = (socket: Socket) => bus.accept(socket);
// A supervisor listens before there is a bus, so that those who start with it wait in its queue instead of asking again.
const handed = values.address === undefined ? handedOn() : undefined;
const listener = handed
  ? Listener.adopt(handed, { onConnection })
  : Listener.listen(place, { mode: 0o600, onConnection });
onTerminate(() => {
  listener.close();
  bus.close();
});
log.info({ address, guid: bus.guid }, 'listening');
notifyReady(`Listening at ${address}`);

function handedOn(): Fd | undefined {
  const store = FdStore.open();
  try {
    return store.take('bus');
  } finally {
    store.close();
  }
}
