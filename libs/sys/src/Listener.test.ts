import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync, mkdtempSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Fd, Listener, Socket } from './index.js';

const directory = mkdtempSync(join(tmpdir(), 'sys-'));
afterAll(() => rmSync(directory, { recursive: true, maxRetries: 10 }));
const index = new URL('../dist/index.js', import.meta.url).href;
const buffer = new Uint8Array(4096);

/** A listener that says back what it hears. */
function echo(address: string, type: 'stream' | 'seqpacket' = 'stream'): Listener {
  return Listener.listen(address, {
    type,
    onConnection(socket) {
      socket.watch({
        readable() {
          const count = socket.receive(buffer);
          if (count === 0) socket.close();
          else if (type === 'stream') socket.write(buffer.subarray(0, count));
          else socket.send(buffer.subarray(0, count));
        },
      });
    },
  });
}

function ask(socket: Socket, text: string): Promise<string> {
  return new Promise((resolve) => {
    socket.watch({
      readable() {
        const count = socket.receive(buffer);
        socket.close();
        resolve(Buffer.from(buffer.subarray(0, count)).toString());
      },
    });
    if (socket.type === 'stream') socket.write(Buffer.from(text));
    else socket.send(Buffer.from(text));
  });
}

test('streams and packets are served at paths and abstract names', async () => {
  for (const address of [join(directory, 'server'), `@switchyard-test-${process.pid}`]) {
    for (const type of ['stream', 'seqpacket'] as const) {
      using listener = echo(address, type);
      expect(await ask(Socket.connect(address, type), `hello ${type}`)).toBe(`hello ${type}`);
      expect(existsSync(address)).toBe(!address.startsWith('@'));
      listener.close();
      expect(existsSync(address)).toBe(false);
    }
  }
});

test('who connects to a socket that another process will accept from waits for it', async () => {
  const path = join(directory, 'later');
  const fd = Listener.open(path, { mode: 0o600 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const answer = ask(Socket.connect(path), 'early');
  using listener = Listener.adopt(fd, {
    onConnection(socket) {
      socket.watch({ readable: () => void socket.write(buffer.subarray(0, socket.receive(buffer))) });
    },
  });
  expect(await answer).toBe('early');
  listener.close();
  unlinkSync(path);
});

test('the file has the mode that was asked for, whatever the umask', () => {
  const path = join(directory, 'mode');
  const umask = process.umask(0o077);
  try {
    using _open = Listener.listen(path, { mode: 0o666, onConnection: (socket) => socket.close() });
    expect(statSync(path).mode & 0o777).toBe(0o666);
  } finally {
    process.umask(umask);
  }
  using _closed = Listener.listen(path, { mode: 0o600, onConnection: (socket) => socket.close() });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a live socket is not taken over, a stale one is replaced, a file that is no socket stays', async () => {
  const path = join(directory, 'taken');
  const first = echo(path);
  expect(() => echo(path)).toThrow(`EADDRINUSE: bind ${path}: Address already in use`);
  expect(() => echo(path, 'seqpacket')).toThrow('EADDRINUSE');
  first.close();

  const script = `import { Listener } from '${index}'; Listener.listen('${path}', { onConnection() {} }); console.log('up');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path)).toBe(true);
  using _second = echo(path);
  expect(await ask(Socket.connect(path), 'again')).toBe('again');

  const file = join(directory, 'file');
  writeFileSync(file, 'precious');
  expect(() => echo(file)).toThrow('EADDRINUSE');
  expect(statSync(file).size).toBe(8);
});

test('closing leaves a file alone that is another’s by now', () => {
  const path = join(directory, 'handed over');
  const first = echo(path);
  unlinkSync(path);
  using _second = echo(path);
  first.close();
  expect(existsSync(path)).toBe(true);
});

test('an address that cannot be says why', () => {
  expect(() => echo(join(directory, 'no', 'such', 'directory'))).toThrow('ENOENT: bind');
  expect(() => echo(`${directory}/${'x'.repeat(108)}`)).toThrow('ENAMETOOLONG: bind');
});

test('a listening fd from elsewhere is adopted, and its file stays', async () => {
  const path = join(directory, 'activated');
  const original = echo(path);
  const fd = original.fd.dup();
  const adopted = Listener.adopt(fd, {
    onConnection(socket) {
      socket.write(Buffer.from('adopted'));
      socket.flush();
      socket.close();
    },
  });
  // Both wait for connections; only the adopted one is to take it.
  original.fd.close();
  expect(await ask(Socket.connect(path), '')).toBe('adopted');
  adopted.close();
  expect(existsSync(path)).toBe(true);
});

test('the callback may close the listener while others wait', async () => {
  const path = join(directory, 'one only');
  let connections = 0;
  await new Promise<void>((resolve) => {
    const listener = Listener.listen(path, {
      onConnection(socket) {
        connections++;
        socket.close();
        listener.close();
        setImmediate(resolve);
      },
    });
    const clients = [Socket.connect(path), Socket.connect(path), Socket.connect(path)];
    setImmediate(() => {
      for (const client of clients) client.close();
    });
  });
  expect(connections).toBe(1);
});

test('without descriptors it rests instead of spinning, and serves those who waited afterwards', async () => {
  const path = join(directory, 'exhausted');
  const script = `
    import { Fd, Listener, Socket } from '${index}';
    let accepted = 0;
    const sockets = [];
    Listener.listen('${path}', { onConnection(socket) { sockets.push(socket); if (++accepted === 3) { console.log('served'); process.exit(0); } } });
    const clients = [Socket.connect('${path}'), Socket.connect('${path}'), Socket.connect('${path}')];
    const hoard = [];
    try { for (;;) hoard.push(Fd.open('/dev/null', 0)); } catch (error) { console.log(error.code); }
    const used = process.cpuUsage();
    setTimeout(() => {
      const { user, system } = process.cpuUsage(used);
      console.log(accepted + ' accepted', user + system < 100_000 ? 'idle' : 'busy ' + (user + system));
      for (const fd of hoard) fd.close();
    }, 400);`;
  const child = spawn('sh', [
    '-c',
    'ulimit -n 64; exec "$0" --input-type=module -e "$1"',
    process.execPath,
    script,
  ]);
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    output += data;
  });
  await once(child, 'exit');
  expect(output).toBe('EMFILE\n0 accepted idle\nserved\n');
});

test('an fd that does not listen is an error', async () => {
  using fd = Fd.open('/dev/null', constants.O_RDONLY);
  expect(() => Listener.adopt(fd, { onConnection() {} })).toThrow('EPERM: uv_poll_init /dev/null');
});
