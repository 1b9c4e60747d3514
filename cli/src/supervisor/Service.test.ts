import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, isRunning, RuntimeDir } from '@switchyard/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NotifySocket } from './NotifySocket.js';
import { Service } from './Service.js';

process.env['YARD_LOG_LEVEL'] = 'silent';

const patience = { timeout: 60_000 };

/** Says READY=1 to $NOTIFY_SOCKET as any service does, and lives until a signal. */
const readyProgram = `
import { notifyReady } from '@switchyard/runtime';
notifyReady('works');
setInterval(() => {}, 1000);
`;

describe('a supervised service', () => {
  let directory: RuntimeDir;
  let notify: NotifySocket;
  let service: Service;
  const all: Service[] = [];

  function make(source: string): Service {
    service = new Service({
      name: 'probe',
      argv: [process.execPath, '--input-type=module', '-e', source],
      environment: { ...process.env, NOTIFY_SOCKET: directory.notifySocket },
      directory,
      log: createLog('test'),
      changed: () => {},
    });
    all.push(service);
    return service;
  }

  beforeEach(() => {
    directory = new RuntimeDir(mkdtempSync(join(tmpdir(), 'yard-service-')));
    mkdirSync(directory.logs);
    notify = new NotifySocket(directory.notifySocket, (pid, what) => {
      if (service.process?.pid === pid) service.notified(what);
    });
  });
  afterEach(async () => {
    for (const one of all.splice(0)) await one.stop();
    notify[Symbol.dispose]();
    rmSync(directory.path, { recursive: true, force: true, maxRetries: 10 });
  });

  it('is started when it says so, by the kernel’s word for who said it', async () => {
    await make(readyProgram).start();
    expect(service.state).toBe('ready');
    expect(service.status).toBe('works');
  });

  it('comes again when it is killed', async () => {
    await make(readyProgram).start();
    const first = service.process!;
    process.kill(first.pid, 'SIGKILL');
    await vi.waitFor(() => expect(service.restarts).toBe(1), patience);
    await vi.waitFor(() => expect(service.state).toBe('ready'), patience);
    expect(service.process!.pid).not.toBe(first.pid);
  });

  it('gives its last words when it cannot start', async () => {
    await expect(
      make('process.stderr.write("port 1 is in use\\n"); process.exit(1)').start(),
    ).rejects.toThrow('port 1 is in use');
    expect(service.state).toBe('stopped');
  });

  it('ends by TERM, and by KILL when it does not listen', async () => {
    await make(`process.on('SIGTERM', () => console.log('not yet'));${readyProgram}`).start();
    const { pid } = service.process!;
    await service.stop();
    expect(service.state).toBe('stopped');
    expect(() => process.kill(pid, 0)).toThrow();
    expect(readFileSync(directory.log('probe'), 'utf8')).toContain('not yet');
  });

  it('is taken over by the next supervisor, which sees it die', async () => {
    await make(readyProgram).start();
    const left = service.process!;
    const first = service;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const second = make(readyProgram);
    expect(second.adopt(left)).toBe(true);
    expect(second.state).toBe('ready');
    // It is as old as it is.
    expect(Math.abs(Number(second.startedAt - first.startedAt) / 1000)).toBeLessThan(2900);
    process.kill(left.pid, 'SIGKILL');
    await vi.waitFor(() => expect(second.restarts).toBe(1), patience);
    await vi.waitFor(() => expect(second.state).toBe('ready'), patience);
    await first.stop();
    expect(isRunning(left)).toBe(false);
  });

  it('finds after its death what it had put into the store, and nothing that it removed', async () => {
    const result = join(directory.path, 'result');
    const program = `
import { writeFileSync, readFileSync } from 'node:fs';
import { FdStore, notifyReady } from '@switchyard/runtime';
import { createMemfd, pwrite, pread } from '@switchyard/sys';

const patience = { timeout: 60_000 };
const store = FdStore.open();
const file = store.take('first');
if (file) {
  const bytes = new Uint8Array(5);
  pread(file, bytes, 0);
  const other = store.take('third')?.what;
  writeFileSync(${JSON.stringify(result)}, [Buffer.from(bytes), other, store.take('second')?.what, process.env.LISTEN_FDS].join());
} else {
  for (const name of ['first', 'second', 'third']) {
    const memfd = createMemfd(name, { size: 5 });
    pwrite(memfd, Buffer.from(name.slice(0, 5)), 0);
    store.put(name, memfd);
    memfd.close();
  }
  // More than a socket queues at once.
  for (let n = 0; n < 200; n++) {
    const memfd = createMemfd('many', { size: 1 });
    store.put('many', memfd);
    memfd.close();
  }
  store.remove('second');
}
notifyReady();
setInterval(() => {}, 1000);
`;
    await make(program).start();
    const first = service.process!.pid;
    // What it says goes on behind READY=1.
    await vi.waitFor(() => expect(memfds(process.pid)).toEqual(['first', 'many', 'third']), patience);
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(readFileSync(result, 'utf8')).toBe('first,third,,'), patience);
    await service.stop();
    expect(memfds(process.pid)).toEqual([]);
  });
});

function memfds(pid: number): string[] {
  const names = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).match(/^\/memfd:(first|second|third|many) /)?.[1];
    } catch {
      // The directory that was just read.
      return undefined;
    }
  });
  return names.filter((name) => name !== undefined).sort();
}
