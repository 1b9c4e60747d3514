import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Flood, STRANGER } from '../testing/Flood.js';
import { exactOriginOf, originOfAddress } from './Origin.js';

const server = createServer({ pauseOnConnect: true });
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '::', resolve)));
afterAll(() => server.close());
const port = () => (server.address() as { port: number }).port;

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['127.0.0.1', 'loopback'],
  ['127.9.8.7', 'loopback'],
  ['::1', 'loopback'],
])('who comes from %s counts as %s', (address, origin) => {
  expect(originOfAddress(address)).toBe(origin);
});

test.each(['127.0.0.1', '::1', '127.0.0.9'])(
  'on loopback a user of this machine counts as one: %s',
  async (host) => {
    const client = connect({ port: port(), host, localAddress: host });
    const [accepted] = (await once(server, 'connection')) as [Socket];
    expect(exactOriginOf(accepted)).toBe(`uid ${process.getuid!()}`);
    client.destroy();
    await once(client, 'close');
    expect(exactOriginOf(accepted)).toBe('leaving');
    accepted.destroy();
  },
);

test('another user’s connection is that user’s', async () => {
  const flood = new Flood(port(), { held: 1 });
  const [accepted] = (await once(server, 'connection')) as [Socket];
  server.on('connection', (socket) => socket.destroy());
  expect(['leaving', `uid ${STRANGER}`]).toContain(exactOriginOf(accepted));
  await flood.stop();
  accepted.destroy();
});
