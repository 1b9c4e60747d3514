import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Flood } from '../testing/Flood.js';
import { Lobby } from './Lobby.js';

let server: Server;
let lobby: Lobby;
const clients: Socket[] = [];
const accepted: Socket[] = [];
let pushedOut: [origin: string, rank: string][] = [];

beforeEach(() => listen(6));

async function listen(strangers: number, deadline = 300): Promise<void> {
  const limits = { strangers, strangersOfOne: 3, asked: 4, askedOfOne: 2, known: 4, knownOfOne: 2, deadline };
  lobby = new Lobby(limits, (origin, rank) => pushedOut.push([origin, rank]));
  pushedOut = [];
  server = createServer((socket) => {
    accepted.push(socket);
    socket.on('error', () => {}).resume();
    lobby.enter(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}
afterEach(() => {
  for (const socket of [...clients.splice(0), ...accepted.splice(0)]) socket.destroy();
  server.close();
});

const port = () => (server.address() as { port: number }).port;

async function come(): Promise<Socket> {
  const client = connect(port(), '127.0.0.1').on('error', () => {});
  clients.push(client);
  await Promise.all([once(client, 'connect'), once(server, 'connection')]);
  return accepted.at(-1)!;
}

const there = (sockets: Socket[]) => sockets.map(({ destroyed }) => !destroyed);

test('one stranger too many of an origin pushes the oldest of it out', async () => {
  const sockets: Socket[] = [];
  for (let i = 0; i < 4; i++) sockets.push(await come());
  expect(there(sockets)).toEqual([false, true, true, true]);
  expect(pushedOut).toEqual([['uid 0', 'stranger']]);
  // Between two looks at whose they are there is the bound of all.
  for (let i = 0; i < 12; i++) sockets.push(await come());
  const left = there(sockets);
  expect(left.filter(Boolean).length).toBeLessThanOrEqual(6);
  expect([left[0], left.at(-1)]).toEqual([false, true]);
});

test('who has shown something is pushed out by nobody who has not, and who is inside by nobody', async () => {
  const [known, inside] = [await come(), await come()];
  lobby.rank(known, 'known');
  lobby.rank(inside, 'inside');
  for (let i = 0; i < 8; i++) await come();
  expect(there([known, inside])).toEqual([true, true]);
  const others: Socket[] = [];
  for (let i = 0; i < 8; i++) {
    others.push(await come());
    lobby.rank(others.at(-1)!, 'known');
  }
  expect(there([...others, known]).filter(Boolean).length).toBeLessThanOrEqual(4);
  expect(there([inside, others.at(-1)!])).toEqual([true, true]);
});

test('who is asked for a password is pushed out by nobody until his deadline; when there are too many of those, no more are asked', async () => {
  server.close();
  await listen(6, 60_000);
  const [first, second] = [await come(), await come()];
  expect([lobby.ask(first), lobby.ask(second)]).toEqual([true, true]);
  // Again, as for a second question.
  expect(lobby.ask(first)).toBe(true);
  const others: Socket[] = [];
  for (let i = 0; i < 12; i++) others.push(await come());
  expect(lobby.ask(others.at(-1)!)).toBe(false);
  expect(there([first, second, others.at(-1)!])).toEqual([true, true, true]);
  lobby.extend(first, 1);
  await once(first, 'close');
  const next = await come();
  expect(lobby.ask(next)).toBe(true);
  expect(there([second, next])).toEqual([true, true]);
});

test('a stranger has to become more in time, unless it is we who take longer', async () => {
  const [idle, extended, known] = [await come(), await come(), await come()];
  lobby.rank(known, 'known');
  lobby.extend(extended, 60_000);
  await once(idle, 'close');
  expect(there([idle, extended, known])).toEqual([false, true, true]);
});

test('another user of this machine who connects without end pushes out only his own', async () => {
  server.close();
  await listen(200);
  const mine = await come();
  lobby.extend(mine, 60_000);
  const flood = new Flood(port(), { held: 20 });
  await expect.poll(() => flood.made).toBeGreaterThanOrEqual(300);
  expect(mine.destroyed).toBe(false);
  expect(accepted.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(200);
  expect(new Set(pushedOut.map(([origin]) => origin))).not.toContain('uid 0');
  await flood.stop();
});
