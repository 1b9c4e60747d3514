/**
 * Runs in a VM, as root: a program under the supervisor that `yard up` has, which starts it again when it dies and keeps
 * the files that it asks to have kept. Says the pid of each run.
 */
import { mkdirSync } from 'node:fs';
import { createLog, RuntimeDir } from '@switchyard/runtime';
import { NotifySocket } from '@switchyard/yard/dist/supervisor/NotifySocket.js';
import { Service } from '@switchyard/yard/dist/supervisor/Service.js';

const directory = new RuntimeDir('/run/supervised');
mkdirSync(directory.logs, { recursive: true });
let said = 0;
const service = new Service({
  name: 'program',
  argv: process.argv.slice(2),
  environment: { ...process.env, NOTIFY_SOCKET: directory.notifySocket },
  directory,
  log: createLog('supervise'),
  changed: () => {
    const { state, process: running } = service;
    if (state !== 'ready' || !running || running.pid === said) return;
    said = running.pid;
    console.log(`ready ${said}`);
  },
});
new NotifySocket(directory.notifySocket, (pid, what) => {
  if (service.process?.pid === pid) service.notified(what);
});
await service.start();
