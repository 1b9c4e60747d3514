import { readdirSync, readFileSync } from 'node:fs';
import { FixedHeader, MessageType, Variant } from '@switchyard/dbus';
import { driver, RawClient, ReferenceBus } from '@switchyard/dbus/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from './testing/Broker.js';

/*
 * Bytes that are no message end their sender's connection, on dbus-daemon and here: else who believes the bus that it
 * passes on nothing but messages would be ended by them in its turn.
 */

let reference: ReferenceBus;
let broker: Broker;
beforeAll(async () => {
  [reference, broker] = await Promise.all([ReferenceBus.start(), Broker.start()]);
});
afterAll(() => Promise.all([reference.stop(), broker.stop()]));

/** What becomes of a client that says this to a bus. */
async function fate(address: string, bytes: Uint8Array): Promise<'lives' | 'is ended'> {
  using client = await RawClient.connect(address);
  await client.hello();
  client.drain();
  client.write(Buffer.concat([bytes, client.encode({ ...call, member: 'GetId', serial: lastSerial })]));
  return (await client.replyTo(lastSerial)) ? 'lives' : 'is ended';
}

async function sameFate(bytes: Uint8Array): Promise<string> {
  const [theirs, ours] = await Promise.all([fate(reference.address, bytes), fate(broker.address, bytes)]);
  expect(ours, Buffer.from(bytes).toString('latin1')).toBe(theirs);
  return ours;
}

const lastSerial = 0x7fffffff;
const call = { type: MessageType.methodCall, ...driver };
const encoders = new Map<boolean, RawClient>();
async function encode(signature: string, body: unknown[], little = true): Promise<Buffer> {
  let client = encoders.get(little);
  if (!client) {
    client = await RawClient.connect(broker.address, { little });
    encoders.set(little, client);
  }
  return client.encode({ ...call, member: 'Nonsense', signature, body, serial: 7 });
}
afterAll(() => {
  for (const client of encoders.values()) client[Symbol.dispose]();
});

/** A variant in a variant in … of this depth: nobody's encoder makes that. */
async function nestedVariants(depth: number): Promise<Buffer> {
  const innermost = await encode('v', [new Variant('y', 1)]);
  const levels = Buffer.from('\x01v\0'.repeat(depth - 1), 'latin1');
  const bodyLength = innermost.readUInt32LE(FixedHeader.bodyLength);
  innermost.writeUInt32LE(bodyLength + levels.length, FixedHeader.bodyLength);
  const bodyStart = innermost.length - bodyLength;
  return Buffer.concat([innermost.subarray(0, bodyStart), levels, innermost.subarray(bodyStart)]);
}

describe('a message is one to this bus if it is one to dbus-daemon', () => {
  it.each([true, false])('in either byte order (little: %s)', async (little) => {
    const body = ['ä', [1, 2], new Map([['k', new Variant('(tb)', [5n, true])]]), '/a', 'a{sv}', 1.5];
    expect(await sameFate(await encode('saua{sv}ogd', body, little))).toBe('lives');
  });

  it.each([63, 64, 65, 66])('nested %i deep', async (depth) => {
    expect(await sameFate(await nestedVariants(depth))).toBe(depth <= 64 ? 'lives' : 'is ended');
  });

  it.each([31, 32, 33])('with %i arrays, or structs, in each other', async (depth) => {
    // The signature says so; the value is one empty array, or one byte in them all.
    const bytes = await encode('g', ['y']);
    for (const text of [`${'a'.repeat(depth)}y`, `${'('.repeat(depth)}y${')'.repeat(depth)}`]) {
      const value = Buffer.concat([Buffer.from([text.length]), Buffer.from(text), Buffer.from([0])]);
      const start = bytes.length - bytes.readUInt32LE(FixedHeader.bodyLength);
      const copy = Buffer.concat([bytes.subarray(0, start), value]);
      copy.writeUInt32LE(value.length, FixedHeader.bodyLength);
      expect(await sameFate(copy)).toBe(depth <= 32 ? 'lives' : 'is ended');
    }
  });

  it('with a handle of an fd that it has not', async () => {
    const bytes = await encode('u', [3]);
    bytes[bytes.indexOf('\x01g\0\x01u', 0, 'latin1') + 4] = 0x68;
    expect(await sameFate(bytes)).toBe('lives');
  });

  it.each([
    ['a string without its NUL', 's', ['text'], -1, 1],
    ['a string with a NUL inside', 's', ['text'], -3, 0],
    ['a string that is not UTF-8', 's', ['text'], -3, 0xff],
    ['a string that is longer than its message', 's', ['text'], -9, 200],
    ['a string that is shorter than its message', 's', ['text'], -9, 3],
    ['a boolean that is 2', 'b', [true], -4, 2],
    ['an array of booleans of which one is 2', 'ab', [[true, false]], -8, 2],
    ['an object path that is none', 'o', ['/a'], -2, 0x2d],
    ['a signature of no type', 'g', ['u'], -2, 0x7a],
    ['a variant of no type', 'v', [new Variant('y', 1)], -3, 0x7a],
    ['a variant of two types', 'v', [new Variant('s', 'yyy')], -10, 2],
    ['padding that is not zero', 'yu', [1, 2], -5, 1],
    ['an array whose last element leaves it', 'as', [['a', 'b']], -16, 13],
    ['an array of numbers that is no multiple of one', 'au', [[1, 2]], -12, 7],
    ['an array that is longer than its message', 'au', [[1, 2]], -12, 12],
    ['an array of more than 64 MiB', 'ay', [[1]], -2, 4],
    ['fewer bytes than its types need', 'uu', [1, 2], -100, 0],
    ['bytes behind the last value', 'u', [1], -100, 0],
  ])('%s', async (what, signature, body, at, value) => {
    const bytes = await encode(signature, body);
    if (what.startsWith('bytes behind')) {
      bytes.writeUInt32LE(12, FixedHeader.bodyLength);
      expect(await sameFate(Buffer.concat([bytes, Buffer.alloc(8)]))).toBe('is ended');
      return;
    }
    if (what.startsWith('fewer')) {
      bytes.writeUInt32LE(4, FixedHeader.bodyLength);
      expect(await sameFate(bytes.subarray(0, -4))).toBe('is ended');
      return;
    }
    bytes[bytes.length + at] = value;
    expect(await sameFate(bytes)).toBe('is ended');
  });

  const corpus = '/usr/lib/dbus-1.0/installed-tests/dbus/data';
  const files = ['valid-messages', 'invalid-messages'].flatMap((folder) =>
    readdirSync(`${corpus}/${folder}`)
      .filter((name) => name.endsWith('-raw'))
      .map((name) => `${folder}/${name}`),
  );
  it.each(files)('%s of dbus-tests', async (file) => {
    await sameFate(readFileSync(`${corpus}/${file}`));
  });

  it('whatever is wrong with it', async () => {
    const samples = [
      await encode('saua{sv}ogd', [
        'ä',
        [1, 2],
        new Map([['k', new Variant('(tb)', [5n, true])]]),
        '/a',
        'as',
        1,
      ]),
      await encode('a(sb)av', [[['x', true]], [new Variant('o', '/'), new Variant('aay', [[1]])]]),
      await encode('nqixt', [1, 2, 3, 4n, 5n], false),
      await encode('', []),
    ];
    const change = fc.tuple(
      fc.nat(),
      fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 0x61, 0x73, 0x76, 0x2e)),
    );
    const mutated = fc
      .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 2 }))
      .map(([sample, changes]) => {
        const bytes = Buffer.from(sample);
        for (const [place, value] of changes) {
          // The lengths of the message itself stay: who waits for more bytes is not ended.
          const at = place % bytes.length;
          if (at < FixedHeader.bodyLength || at >= FixedHeader.size) bytes[at] = value;
        }
        return bytes;
      });
    const fates = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(mutated, async (bytes) => {
        const what = await sameFate(bytes);
        fates.set(what, (fates.get(what) ?? 0) + 1);
      }),
      { numRuns: 1500, seed: 7 },
    );
    expect(Math.min(fates.get('lives')!, fates.get('is ended')!)).toBeGreaterThan(100);
  });
});
