import { parseArgs } from 'node:util';
import { createLog, onTerminate } from '@switchyard/runtime';
import { Listener, Socket } from '@switchyard/sys';
import { ControlConnection } from './ControlConnection.js';
import { World } from './World.js';

/**
 * The display as a conformance suite wants it: `main.js --listen PATH` makes a new world for each control connection;
 * without it, one world for the control socket at $WLCS_CONTROL_SOCKET. Buffers are taken before the first ack_configure,
 * since half of the suite's tests commit them so early; SWITCHYARD_LENIENT_CONFIGURE=0 is as strict as the product.
 */
const { values } = parseArgs({ options: { listen: { type: 'string' } } });
const log = createLog('conformance');
// What a suite's clients do wrong on purpose is not worth a word; an error of ours is.
log.level = 'error';
const lenient = process.env['SWITCHYARD_LENIENT_CONFIGURE'] !== '0';

function serve(socket: Socket, ended: () => void): void {
  const world = new World({ lenient, log });
  new ControlConnection(
    socket,
    (request, takeFd) => world.perform(request, takeFd),
    () => {
      world[Symbol.dispose]();
      ended();
    },
  );
}

const control = process.env['WLCS_CONTROL_SOCKET'];
if (values.listen !== undefined) {
  const listener = Listener.listen(values.listen, { onConnection: (socket) => serve(socket, () => {}) });
  process.stdout.write(`listening at ${values.listen}\n`);
  onTerminate(() => listener.close());
} else if (control !== undefined) {
  serve(Socket.connect(control), () => process.exit(0));
} else {
  process.stderr.write('give --listen PATH, or WLCS_CONTROL_SOCKET\n');
  process.exit(2);
}
