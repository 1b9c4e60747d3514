import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Pidfd, Poll, reapChild, Socket, setChildSubreaper } from './index.js';

test('the exit of a process calls back, once', async () => {
  const child = spawn('sleep', ['1000']);
  using pidfd = Pidfd.open(child.pid!);
  expect(pidfd.pid).toBe(child.pid);
  let calls = 0;
  const exit = new Promise<void>((resolve) => {
    pidfd.onExit(() => {
      calls++;
      resolve();
    });
  });
  pidfd.signal('SIGTERM');
  await Promise.all([exit, once(child, 'exit')]);
  expect(child.signalCode).toBe('SIGTERM');
  await new Promise(setImmediate);
  expect(calls).toBe(1);
});

test('a process that has ended and been reaped cannot be signalled, and has no pid', async () => {
  const child = spawn('true');
  using pidfd = Pidfd.open(child.pid!);
  await once(child, 'exit');
  expect(() => pidfd.signal(0)).toThrow(`ESRCH: pidfd_send_signal(0) pidfd of ${child.pid}: No such process`);
  expect(pidfd.pid).toBeUndefined();
  await new Promise<void>((resolve) => pidfd.onExit(resolve));
});

test('a closed Pidfd does not call back', async () => {
  const child = spawn('sleep', ['1000']);
  const pidfd = Pidfd.open(child.pid!);
  let called = false;
  pidfd.onExit(() => {
    called = true;
  });
  pidfd.close();
  child.kill();
  await once(child, 'exit');
  await new Promise(setImmediate);
  expect(called).toBe(false);
});

test('the pidfd of a socket’s peer is the peer’s', () => {
  const [a, b] = Socket.pair('stream');
  using fd = a.peerPidfd();
  expect(fd && Pidfd.adopt(fd).pid).toBe(process.pid);
  a.close();
  b.close();
});

test('an orphan below a subreaper is adopted and reaped with its status', async () => {
  setChildSubreaper();
  const shell = spawn('sh', ['-c', '(read line; exit 7) <&3 & echo $!'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const orphan = Number(String((await once(shell.stdout!, 'data'))[0]));
  await once(shell, 'exit');
  expect(reapChild(orphan)).toBeUndefined();
  using pidfd = Pidfd.open(orphan);
  const ended = new Promise<void>((resolve) => {
    const poll = Poll.watch(pidfd.fd, 'readable', () => {
      poll.close();
      resolve();
    });
  });
  shell.stdio[3]!.destroy();
  await ended;
  expect(reapChild(orphan)).toEqual({ status: 7 << 8 });
  expect(reapChild(orphan)).toBeUndefined();
});
