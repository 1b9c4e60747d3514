import { readdirSync } from 'node:fs';
import { type Fd, sealedMemfd } from '@switchyard/sys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  WlCompositorResource,
  WlDisplayError,
  type WlDisplayResource,
  WlShmError,
  WlShmResource,
  XdgWmBaseResource,
} from '../generated/index.js';
import { permissiveHandler } from '../testing/permissiveHandler.js';
import { RawClient } from '../testing/RawClient.js';
import { Display } from './Display.js';

const { invalid_object, invalid_method, no_memory, implementation } = WlDisplayError;

/** After `bound()`: 2 is the registry, 3 wl_compositor version 1, 4 wl_shm, 5 is the next free id. */
const REGISTRY = 2;
const COMPOSITOR = 3;
const SHM = 4;
const FREE = 5;

let display: Display;
let bystander: RawClient;
let failures: unknown[];

beforeEach(() => {
  failures = [];
  display = new Display({ handlerFailed: (error) => failures.push(error) });
  display.addGlobal(WlCompositorResource, 4, (compositor) => compositor.implement(permissiveHandler));
  display.addGlobal(WlShmResource, 1, (shm) => {
    shm.implement({
      release() {},
      createPool: (resource, pool, fd, size) => {
        fd.close();
        pool.implement(permissiveHandler);
        if (size <= 0) resource.postError(WlShmError.invalid_stride, 'no size');
      },
    });
  });
  display.addGlobal(XdgWmBaseResource, 3, (base) => base.implement(permissiveHandler));
  bystander = bound();
});

afterEach(() => {
  display.destroy();
});

function bound(): RawClient {
  return new RawClient(display)
    .message(1, 1, [REGISTRY])
    .message(REGISTRY, 0, [1, 'wl_compositor', 1, COMPOSITOR])
    .message(REGISTRY, 0, [2, 'wl_shm', 1, SHM]);
}

describe('a malformed stream ends its client with an error, and no other:', () => {
  const longString = 'x'.repeat(40);
  const cases: [
    string,
    (client: RawClient) => unknown,
    { object?: number; code: number; message: RegExp },
  ][] = [
    ['an unknown object', (c) => c.message(99, 0), { code: invalid_object, message: /^invalid object 99$/ }],
    ['object 0', (c) => c.message(0, 0), { code: invalid_object, message: /^invalid object 0$/ }],
    [
      'an object of the server’s range',
      (c) => c.message(0xff000001, 0),
      { code: invalid_object, message: /invalid object 4278190081/ },
    ],
    [
      'an unknown opcode',
      (c) => c.message(COMPOSITOR, 7),
      { code: invalid_method, message: /^invalid method 7, object wl_compositor@3$/ },
    ],
    [
      'a request newer than the bound version',
      (c) => c.message(COMPOSITOR, 0, [FREE]).message(FREE, 9, [0, 0, 1, 1]),
      { code: invalid_method, message: /^invalid method 9 \(since 4 > 1\), object wl_surface@5$/ },
    ],
    [
      'too few arguments',
      (c) => c.message(COMPOSITOR, 0),
      { code: invalid_method, message: /invalid arguments for wl_compositor@3.create_surface: shorter/ },
    ],
    [
      'too many arguments',
      (c) => c.message(COMPOSITOR, 0, [FREE, 1]),
      { code: invalid_method, message: /longer than its arguments/ },
    ],
    [
      'a new id out of order',
      (c) => c.message(COMPOSITOR, 0, [FREE + 1]),
      { code: invalid_method, message: /new id 6 is out of order/ },
    ],
    [
      'a new id in use',
      (c) => c.message(COMPOSITOR, 0, [SHM]),
      { code: invalid_method, message: /new id 4 is in use/ },
    ],
    [
      'a new id of the display',
      (c) => c.message(COMPOSITOR, 0, [1]),
      { code: invalid_method, message: /new id 1 is in use/ },
    ],
    [
      'a new id in the server’s range',
      (c) => c.message(COMPOSITOR, 0, [0xff000000]),
      { code: invalid_method, message: /server's range/ },
    ],
    ['a null new id', (c) => c.message(COMPOSITOR, 0, [0]), { code: invalid_method, message: /null new id/ }],
    [
      'an object of another type',
      (c) => c.message(COMPOSITOR, 0, [FREE]).message(FREE, 1, [SHM, 0, 0]),
      { code: invalid_method, message: /wl_surface@5.attach: wl_shm@4 is not a wl_buffer/ },
    ],
    [
      'an argument that is an unknown object',
      (c) => c.message(COMPOSITOR, 0, [FREE]).message(FREE, 1, [77, 0, 0]),
      { code: invalid_method, message: /unknown object 77/ },
    ],
    [
      'a null object where none may be',
      (c) => c.message(REGISTRY, 0, [3, 'xdg_wm_base', 1, FREE]).message(FREE, 2, [6, 0]),
      { code: invalid_method, message: /xdg_wm_base@5.get_xdg_surface: a null object/ },
    ],
    [
      'a string longer than its message',
      (c) => c.message(REGISTRY, 0, [1, 4000, 0, 1, FREE]),
      { code: invalid_method, message: /length beyond the message/ },
    ],
    [
      'a string of 4 GiB',
      (c) => c.message(REGISTRY, 0, [1, 0xffffffff, 0, 1, FREE]),
      { code: invalid_method, message: /length beyond the message/ },
    ],
    [
      'a null string where none may be',
      (c) => c.message(REGISTRY, 0, [1, 0, 1, FREE]),
      { code: invalid_method, message: /a null string/ },
    ],
    [
      'a string without its NUL',
      (c) => c.message(REGISTRY, 0, [1, 4, 0x61616161, 1, FREE]),
      { code: invalid_method, message: /NUL/ },
    ],
    [
      'a string with a NUL inside',
      (c) => c.message(REGISTRY, 0, [1, `wl\0${longString}`, 1, FREE]),
      { code: invalid_method, message: /NUL/ },
    ],
    [
      'an fd that did not come',
      (c) => c.message(SHM, 0, [FREE, 4096]),
      { code: invalid_method, message: /fewer file descriptors/ },
    ],
    [
      'a message shorter than its header',
      (c) => c.message(COMPOSITOR, 0, [], 4),
      { code: invalid_method, message: /message length 4, object wl_compositor@3/ },
    ],
    [
      'a message of no length',
      (c) => c.message(COMPOSITOR, 0, [], 0),
      { code: invalid_method, message: /message length 0/ },
    ],
    [
      'a message above 4096 bytes',
      (c) => c.message(COMPOSITOR, 0, [], 4100),
      { code: invalid_method, message: /message length 4100/ },
    ],
    [
      'a length that is no multiple of 4',
      (c) => c.message(COMPOSITOR, 0, [], 13),
      { code: invalid_method, message: /message length 13/ },
    ],
    [
      'a bind of an unknown name',
      (c) => c.message(REGISTRY, 0, [44, 'wl_shm', 1, FREE]),
      { object: REGISTRY, code: invalid_object, message: /^invalid global wl_shm \(44\)$/ },
    ],
    [
      'a bind of another interface',
      (c) => c.message(REGISTRY, 0, [1, 'wl_shm', 1, FREE]),
      {
        object: REGISTRY,
        code: invalid_object,
        message: /^invalid interface for global 1: have wl_compositor, wanted wl_shm$/,
      },
    ],
    [
      'a bind of version 0',
      (c) => c.message(REGISTRY, 0, [1, 'wl_compositor', 0, FREE]),
      { object: REGISTRY, code: invalid_object, message: /0 is not a valid version/ },
    ],
    [
      'a bind above the offered version',
      (c) => c.message(REGISTRY, 0, [1, 'wl_compositor', 5, FREE]),
      {
        object: REGISTRY,
        code: invalid_object,
        message: /^invalid version for global wl_compositor \(1\): have 4, wanted 5$/,
      },
    ],
  ]; // prettier-ignore

  it.each(cases)('%s', async (_, speak, expected) => {
    const client = bound();
    speak(client);
    const error = await client.ended;
    expect(error).toMatchObject({ object: expected.object ?? 1, code: expected.code });
    expect(error!.message).toMatch(expected.message);
    expect([...display.clients]).toEqual([bystander.client]);
    await answersStill(bystander);
  });
});

/** The display answers a wl_display.sync, so the client was neither ended nor forgotten. */
async function answersStill(client: RawClient): Promise<void> {
  const before = client.client.display.serial;
  client.message(1, 0, [FREE]);
  await expect.poll(() => client.client.display.serial).toBeGreaterThan(before);
}

describe('a client', () => {
  it('gets the error of a handler on the object that it is about', async () => {
    const client = bound();
    const fd = sealedMemfd('pool', new Uint8Array(8));
    const request = Buffer.alloc(16);
    for (const [index, word] of [SHM, 16 << 16, FREE, 0].entries()) request.writeUInt32LE(word, index * 4);
    client.bytes(request, [fd]);
    expect(await client.ended).toEqual({ object: SHM, code: WlShmError.invalid_stride, message: 'no size' });
  });

  it('is told of an internal error when a handler throws, and the server goes on', async () => {
    display.addGlobal(WlCompositorResource, 1, (compositor) =>
      compositor.implement({
        createSurface: () => {
          throw new Error('a bug');
        },
        createRegion: () => {},
      }),
    );
    const client = bound().message(REGISTRY, 0, [4, 'wl_compositor', 1, FREE]).message(FREE, 0, [6]);
    const error = await client.ended;
    expect(error).toMatchObject({ object: 1, code: implementation });
    expect(failures).toEqual([new Error('a bug')]);
    await answersStill(bystander);
  });

  it('is told of an internal error when a handler leaves a new resource without handler', async () => {
    display.addGlobal(WlCompositorResource, 1, (compositor) =>
      compositor.implement({ createSurface: () => {}, createRegion: () => {} }),
    );
    const client = bound().message(REGISTRY, 0, [4, 'wl_compositor', 1, FREE]).message(FREE, 0, [6]);
    expect(await client.ended).toMatchObject({ code: implementation });
    expect(String(failures[0])).toContain('wl_surface@6 was not implemented');
  });

  it('may reuse an id once the object is destroyed', async () => {
    const client = bound();
    for (let i = 0; i < 100; i++) client.message(COMPOSITOR, 1, [FREE]).message(FREE, 0);
    await answersStill(client);
    expect(client.client.objectCount).toBe(4);
  });

  it('that makes too many objects is out of memory', async () => {
    const client = bound();
    const requests = Buffer.alloc(12 * 70_000);
    for (let i = 0; i < 70_000; i++) {
      requests.writeUInt32LE(COMPOSITOR, i * 12);
      requests.writeUInt32LE((12 << 16) | 1, i * 12 + 4);
      requests.writeUInt32LE(FREE + i, i * 12 + 8);
    }
    client.bytes(requests);
    expect(await client.ended).toMatchObject({ object: 1, code: no_memory });
  });

  it('that queues more fds than messages take is ended, and the fds are closed', async () => {
    const open = openFds();
    const client = bound();
    const request = Buffer.alloc(4096 * 3);
    request.writeUInt32LE(REGISTRY, 0);
    request.writeUInt32LE(4096 << 16, 4);
    for (let i = 0; i < 5; i++) client.bytes(request.subarray(i * 4, i * 4 + 4), manyFds(120));
    expect(await client.ended).toMatchObject({ code: invalid_method, message: 'too many file descriptors' });
    await expect.poll(openFds).toBeLessThanOrEqual(open);
  });

  it('that does not read its events is ended when too much waits for it', async () => {
    const client = new RawClient(display);
    const ended = new Promise<void>((resolve) => client.client.onDestroy(resolve));
    client.stopReading();
    const resource = client.client.resource(1) as WlDisplayResource;
    // 1 MiB and what the kernel takes (some 200 KiB), in events of 12 bytes; the end comes with the turn's.
    for (let i = 0; i < 200_000; i++) resource.sendDeleteId(i);
    await ended;
    expect(display.clients.has(client.client)).toBe(false);
    await answersStill(bystander);
  });

  it('that is paused is not dispatched until it is resumed', async () => {
    const client = bound();
    client.client.pauseReading();
    client.message(COMPOSITOR, 0, [FREE]).message(1, 0, [FREE + 1]);
    await answersStill(bystander);
    expect(client.client.resource(FREE)).toBeUndefined();
    client.client.resumeReading();
    await expect.poll(() => client.client.resource(FREE)).toBeDefined();
  });

  it('takes its resources with it, the youngest first, and tells their owners', async () => {
    const gone: string[] = [];
    const client = bound()
      .message(COMPOSITOR, 1, [FREE])
      .message(COMPOSITOR, 1, [FREE + 1]);
    await expect.poll(() => client.client.resource(FREE + 1)).toBeDefined();
    for (const id of [FREE, FREE + 1]) {
      const resource = client.client.resource(id)!;
      resource.onDestroy(() => gone.push(`${resource} ${resource.alive}`));
    }
    client.client.onDestroy(() => gone.push('client'));
    client.close();
    await expect.poll(() => gone).toEqual(['client', `wl_region@${FREE + 1} true`, `wl_region@${FREE} true`]);
  });
});

function manyFds(count: number): Fd[] {
  return Array.from({ length: count }, () => sealedMemfd('fd', new Uint8Array(1)));
}

function openFds(): number {
  return readdirSync('/proc/self/fd').length;
}
