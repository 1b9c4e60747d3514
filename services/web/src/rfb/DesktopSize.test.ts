import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RfbClient, rfbClient } from '../testing/RfbClient.js';
import { ServiceTree } from '../testing/ServiceTree.js';
import { TestViewer } from '../testing/TestViewer.js';
import { web } from '../WebInterface.js';
import type { ByteStream } from './ByteStream.js';
import {
  Encoding,
  rectangle,
  SizeReason,
  screen,
  setDesktopSize,
  setEncodings,
  updateRequest,
} from './Messages.js';

const WIDTH = 640;
const HEIGHT = 480;

let tree: ServiceTree;
let port: number;
let password: string;
let viewPassword: string;
const clients: RfbClient[] = [];

beforeAll(async () => {
  tree = await ServiceTree.start(['--size', `${WIDTH}x${HEIGHT}`, '--vnc', '127.0.0.1:0']);
  const bus = tree.connection.proxy(web.name, web.path);
  port = Number(String(await bus.get(web.interface, 'Vnc')).split(':')[1]);
  [password] = (await bus.call(web.interface, 'VncPassword', '')) as [string];
  [viewPassword] = (await bus.call(web.interface, 'VncViewPassword', '')) as [string];
});
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy();
});
afterAll(async () => tree?.stop());

interface Told {
  reason: number;
  status: number;
  screens: [id: number, x: number, y: number, width: number, height: number][];
}

/** Reads updates until one has an ExtendedDesktopSize that answers it. */
async function told(socket: Socket, stream: ByteStream): Promise<Told> {
  for (;;) {
    socket.write(Buffer.concat([Buffer.of(3), updateRequest.write({ incremental: 1, width: 1, height: 1 })]));
    let answer: Told | undefined;
    const count = (await stream.take(4)).readUInt16BE(2);
    for (let i = 0; i < count; i++) {
      const { x, y, width, height, encoding } = rectangle.read(await stream.take(rectangle.size));
      if (encoding !== Encoding.extendedDesktopSize) {
        await stream.take(4 * width * height);
        continue;
      }
      const [screens] = await stream.take(4);
      answer = { reason: x, status: y, screens: [] };
      for (let at = 0; at < screens!; at++) {
        const one = screen.read(await stream.take(screen.size));
        answer.screens.push([one.id, one.x, one.y, one.width, one.height]);
      }
    }
    if (answer?.reason === SizeReason.thisClient) return answer;
  }
}

function ask(socket: Socket, ...screens: [x: number, y: number, width: number, height: number][]): void {
  const width = Math.max(...screens.map(([x, , width]) => x + width));
  const height = Math.max(...screens.map(([, y, , height]) => y + height));
  socket.write(
    Buffer.concat([
      Buffer.of(251),
      setDesktopSize.write({ width, height, screens: screens.length }),
      ...screens.map(([x, y, width, height], id) => screen.write({ id, x, y, width, height })),
    ]),
  );
}

async function sizingClient(by = password): Promise<RfbClient> {
  const client = await rfbClient(port, by);
  clients.push(client);
  const list = Buffer.alloc(8);
  list.writeInt32BE(Encoding.raw, 0);
  list.writeInt32BE(Encoding.extendedDesktopSize, 4);
  client.socket.write(Buffer.concat([Buffer.of(2), setEncodings.write({ count: 2 }), list]));
  return client;
}

async function monitors(): Promise<number[][]> {
  const rows = await tree.connection.proxy(web.name, web.path).get(web.interface, 'Monitors');
  return (rows as number[][]).map((row) => row.slice(0, 3));
}
const one = [1, 0, 0, WIDTH, HEIGHT];

test('a client that sets several screens has as many monitors, until it wants fewer', async () => {
  const { socket, stream } = await sizingClient();
  ask(socket, [0, 0, WIDTH, HEIGHT], [WIDTH, 0, 320, 200], [WIDTH + 320, 0, 100, 500]);
  const screens = [one, [2, WIDTH, 0, 320, 200], [3, WIDTH + 320, 0, 100, 500]];
  expect(await told(socket, stream)).toEqual({ reason: 1, status: 0, screens });
  expect(await monitors()).toEqual([
    [1, WIDTH, HEIGHT],
    [2, 320, 200],
    [3, 100, 500],
  ]);
  ask(socket, [0, 0, WIDTH, HEIGHT], [WIDTH, 0, 400, 300]);
  expect(await told(socket, stream)).toEqual({
    ...{ reason: 1, status: 0 },
    screens: [one, [2, WIDTH, 0, 400, 300]],
  });
  ask(socket, [0, 0, WIDTH, HEIGHT]);
  expect(await told(socket, stream)).toEqual({ reason: 1, status: 0, screens: [one] });
  expect(await monitors()).toEqual([[1, WIDTH, HEIGHT]]);
});

test('it is refused what monitors cannot be, and what is another’s', async () => {
  const { socket, stream } = await sizingClient();
  for (const wrong of [
    [
      [0, 0, WIDTH, HEIGHT],
      [WIDTH - 1, 0, 320, 200],
    ],
    [
      [0, 0, WIDTH, HEIGHT],
      [0, HEIGHT, 320, 200],
    ],
    [
      [0, 0, WIDTH, HEIGHT],
      [WIDTH, 0, 9000, 200],
    ],
    [[5, 0, WIDTH, HEIGHT]],
  ] as [number, number, number, number][][]) {
    ask(socket, ...wrong);
    expect(await told(socket, stream)).toEqual({ reason: 1, status: 3, screens: [one] });
  }
  // A seat has four.
  ask(
    socket,
    ...[0, 1, 2, 3, 4].map((at): [number, number, number, number] => [at * WIDTH, 0, WIDTH, HEIGHT]),
  );
  expect(await told(socket, stream)).toEqual({ reason: 1, status: 2, screens: [one] });

  const page = await TestViewer.greet(await tree.url(), {
    monitor: { number: 2, width: 300, height: 200 },
  });
  await page.until(() => page.messages.some(({ type }) => type === 'mode'));
  ask(socket, [0, 0, WIDTH, HEIGHT]);
  expect(await told(socket, stream)).toEqual({
    ...{ reason: 1, status: 1 },
    screens: [one, [2, WIDTH, 0, 300, 200]],
  });
  await page.close();
  await expect.poll(monitors, { timeout: 20_000 }).toHaveLength(1);
  const guest = await sizingClient(viewPassword);
  ask(guest.socket, [0, 0, WIDTH, HEIGHT], [WIDTH, 0, 320, 200]);
  expect(await told(guest.socket, guest.stream)).toEqual({ reason: 1, status: 1, screens: [one] });
});
