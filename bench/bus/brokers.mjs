/** The brokers that are compared, each as a process of its own with the same openness. */
import { spawn } from 'node:child_process';
import { accessSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Field, FrameReader, MessageEncoder, MessageType, Variant } from '@switchyard/dbus';
import { handshake, ReferenceBus } from '@switchyard/dbus/testing';
import { Listener, Socket } from '@switchyard/sys';

const dbusBroker = '/usr/bin/dbus-broker';

/** `flags`: Node's; what these make it print, `output()` gives. */
export async function startOurs(flags = process.env.BROKER_FLAGS?.split(' ') ?? []) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-bus-'));
  const main = fileURLToPath(new URL('../../services/bus/dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [...flags, main, '--runtime-dir', directory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  await new Promise((resolve, reject) => {
    child.stderr.once('data', resolve);
    child.once('exit', () => reject(new Error('the broker did not start: build it first')));
  });
  return {
    name: 'ours',
    path: join(directory, 'bus'),
    pid: child.pid,
    output: () => output,
    stop: () => end(child, directory),
  };
}

export async function startDaemon() {
  const bus = await ReferenceBus.start();
  const path = bus.address.slice('unix:path='.length);
  return { name: 'dbus-daemon', path, pid: bus.pid, stop: () => bus.stop() };
}

/**
 * dbus-broker listens and is configured through its controller: a socket on which it is called with D-Bus
 * (org.bus1.DBus.Broker). Its launcher wants systemd; this does the one call that is needed.
 */
export async function startBroker() {
  try {
    accessSync(dbusBroker);
  } catch {
    throw new Error(`${dbusBroker} is not there (apt install dbus-broker)`);
  }
  const directory = mkdtempSync(join(tmpdir(), 'bench-broker-'));
  const path = join(directory, 'bus');
  const listener = Listener.listen(join(directory, 'new'), { onConnection: (socket) => socket.close() });
  const listening = listener.fd.dup();
  // Under its new name the listener does not remove it.
  renameSync(join(directory, 'new'), path);
  listener.close();
  const [controller, theirs] = Socket.pair('stream');
  const limits = ['bytes', 'objects', 'matches', 'fds'].flatMap((what) => [`--max-${what}`, '1000000000']);
  const child = spawn(
    dbusBroker,
    ['--controller', '3', '--machine-id', '0123456789abcdef0123456789abcdef', ...limits],
    { stdio: ['ignore', 'ignore', 'pipe', theirs.fd.number] },
  );
  let log = '';
  child.stderr.on('data', (text) => {
    log += text;
  });
  theirs.close();
  try {
    await addListener(controller, listening, child);
  } catch (error) {
    await end(child, directory);
    throw new Error(`dbus-broker does not take our controller: ${error.message} ${log}`.trim());
  }
  const stop = async () => {
    const gone = end(child, directory);
    controller.close();
    await gone;
  };
  return { name: 'dbus-broker', path, pid: child.pid, stop };
}

/** Everything is allowed to everybody. */
const batch = [
  true,
  1n,
  [[true, 1n, true, '']],
  ...Array(2).fill([[true, 1n, '', '', '', '', 0, 0, 0n, 2n ** 64n - 1n]]),
];
const batchType = 'bta(btbs)a(btssssuutt)a(btssssuutt)';
const policyType = `(a(u(${batchType}))a(buu(${batchType}))a(ss)bs)`;

async function addListener(controller, fd, child) {
  let lines = 2;
  const prelude = {
    get done() {
      return lines === 0;
    },
    feed(bytes) {
      let used = 0;
      while (lines > 0 && used < bytes.length) if (bytes[used++] === 0x0a) lines--;
      return used;
    },
  };
  await new Promise((resolve, reject) => {
    const reader = new FrameReader(controller, prelude, (frame) => {
      if (frame.replySerial !== 1) return;
      if (frame.type === MessageType.methodReturn) resolve();
      else reject(new Error(frame.string(Field.errorName)));
    });
    child.once('exit', () => reject(new Error('it ended')));
    controller.watch({
      readable: () => {
        if (reader.read() === 0) {
          controller.watch({});
          reject(new Error('it closed the connection'));
        }
      },
    });
    controller.write(handshake());
    const { head, body, fds } = new MessageEncoder().encode({
      type: MessageType.methodCall,
      serial: 1,
      path: '/org/bus1/DBus/Broker',
      interface: 'org.bus1.DBus.Broker',
      member: 'AddListener',
      signature: 'ohv',
      body: [
        '/org/bus1/DBus/Listener/0',
        fd,
        new Variant(policyType, [[[0xffffffff, batch]], [], [], false, 'session']),
      ],
    });
    controller.write(head, fds);
    controller.write(body);
  });
}

function end(child, directory) {
  return new Promise((resolve) => {
    const finish = () => {
      rmSync(directory, { recursive: true, force: true });
      resolve();
    };
    if (child.exitCode !== null || child.signalCode !== null) return finish();
    child.once('exit', finish);
    child.kill();
  });
}
