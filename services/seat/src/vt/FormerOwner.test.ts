import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Connection } from '@switchyard/dbus';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SeatTree } from '../testing/SeatTree.js';
import { FormerOwner } from './FormerOwner.js';

const { SIGUSR2 } = constants.signals;
const uid = process.getuid!();
const dbus = new URL('../../../../libs/dbus/dist/index.js', import.meta.url).href;

let tree: SeatTree;
let connection: Connection;
const children: ChildProcess[] = [];

beforeAll(async () => {
  tree = await SeatTree.start();
  connection = await tree.connect();
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
afterAll(async () => {
  await tree.stop();
});

/** A program on the bus: it says its name there, and each SIGUSR2, if it catches that. */
async function program(catches = true): Promise<{ child: ChildProcess; name: string; said: string[] }> {
  const handler = catches ? "process.on('SIGUSR2', () => console.log('signalled'));" : '';
  const text = `import { Connection } from '${dbus}';
    const connection = await Connection.connect('${tree.address}');
    ${handler}
    console.log(connection.uniqueName);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const said: string[] = [];
  child.stdout!.on('data', (data) => said.push(...`${data}`.trim().split('\n')));
  while (said.length === 0) await once(child.stdout!, 'data');
  return { child, name: said.shift()!, said };
}

test('hears the signal when it has heard what was said to it before, however long it was stopped', async () => {
  const { child, name, said } = await program();
  child.kill('SIGSTOP');
  let over = false;
  const recalled = new FormerOwner(connection, name, uid)
    .recall(SIGUSR2, () => true)
    .then(() => {
      over = true;
    });
  for (let i = 0; i < 20; i++) await connection.call(ping());
  expect(over).toBe(false);
  child.kill('SIGCONT');
  await recalled;
  while (said.length === 0) await once(child.stdout!, 'data');
  expect(said).toEqual(['signalled']);
});

test('is left alone when it is away by then, when it would die of the signal, and when it is another user’s', async () => {
  const away = await program();
  await new FormerOwner(connection, away.name, uid).recall(SIGUSR2, () => false);
  await new FormerOwner(connection, away.name, uid + 1).recall(SIGUSR2, () => true);
  const deaf = await program(false);
  await new FormerOwner(connection, deaf.name, uid).recall(SIGUSR2, () => true);
  for (const { name } of [away, deaf]) await connection.call(ping(name));
  expect([away.said, deaf.child.signalCode]).toEqual([[], null]);
});

test('is told at once to leave what it has, and whether it was is known', async () => {
  const { child, name, said } = await program();
  expect(await new FormerOwner(connection, name, uid).tell(SIGUSR2)).toBe(true);
  while (said.length === 0) await once(child.stdout!, 'data');
  expect(said).toEqual(['signalled']);
  expect(await new FormerOwner(connection, name, uid + 1).tell(SIGUSR2)).toBe(false);
  expect(await new FormerOwner(connection, ':1.999', uid).tell(SIGUSR2)).toBe(false);
});

test('may be gone, at any time', async () => {
  const { child, name } = await program();
  child.kill('SIGSTOP');
  const recalled = new FormerOwner(connection, name, uid).recall(SIGUSR2, () => true);
  child.kill('SIGKILL');
  await recalled;
  await new FormerOwner(connection, name, uid).recall(SIGUSR2, () => true);
});

function ping(destination = 'org.freedesktop.DBus') {
  return { destination, path: '/', interface: 'org.freedesktop.DBus.Peer', member: 'Ping' };
}
