import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from './DBusError.js';
import { Frame } from './Frame.js';
import { Message, MessageEncoder } from './Message.js';
import { Reader } from './Reader.js';
import { parseSingleType } from './Signature.js';
import { Variant } from './Variant.js';
import { Writer } from './Writer.js';

type Sample = { signature: string; value: unknown };

const basics: fc.Arbitrary<Sample>[] = [
  fc.integer({ min: 0, max: 255 }).map((value) => ({ signature: 'y', value })),
  fc.boolean().map((value) => ({ signature: 'b', value })),
  fc.integer({ min: -32768, max: 32767 }).map((value) => ({ signature: 'n', value })),
  fc.integer({ min: 0, max: 65535 }).map((value) => ({ signature: 'q', value })),
  fc.integer().map((value) => ({ signature: 'i', value })),
  fc.integer({ min: 0, max: 0xffffffff }).map((value) => ({ signature: 'u', value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ signature: 'x', value })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => ({ signature: 't', value })),
  fc.double().map((value) => ({ signature: 'd', value })),
  fc
    .string({ unit: 'grapheme' })
    .filter((text) => !text.includes('\0'))
    .map((value) => ({ signature: 's', value })),
  fc.constantFrom('/', '/a/b', '/org/x_1').map((value) => ({ signature: 'o', value })),
  fc.constantFrom('', 'a{sv}', 'ii').map((value) => ({ signature: 'g', value })),
];

/** Values of any type, nested; arrays repeat one sample, so that their elements agree in type. */
const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    ...basics,
    fc
      .tuple(tie('sample'), fc.nat(3))
      .map(([{ signature, value }, count]) =>
        signature === 'y'
          ? { signature: 'ay', value: Uint8Array.from({ length: count }, () => value as number) }
          : { signature: `a${signature}`, value: Array.from({ length: count }, () => value) },
      ),
    fc.array(tie('sample'), { minLength: 1, maxLength: 3 }).map((fields) => ({
      signature: `(${fields.map((field) => field.signature).join('')})`,
      value: fields.map((field) => field.value),
    })),
    tie('sample').map(({ signature, value }) => ({ signature: 'v', value: new Variant(signature, value) })),
    fc.tuple(fc.oneof(...basics), tie('sample')).map(([key, item]) => ({
      signature: `a{${key.signature}${item.signature}}`,
      value: new Map([[key.value, item.value]]),
    })),
  ),
}));

function marshal({ signature, value }: Sample, little: boolean): Buffer {
  const writer = new Writer(little);
  writer.values(signature, [value]);
  return Buffer.from(writer.bytes);
}

const read = (bytes: Buffer, signature: string, little = true) =>
  new Reader(bytes, 0, bytes.length, little).values(signature);

describe('marshaling', () => {
  it('gives every value back, in both byte orders', () => {
    fc.assert(
      fc.property(sample, fc.boolean(), (one, little) => {
        expect(read(marshal(one, little), one.signature, little)).toEqual([one.value]);
      }),
      { numRuns: 2000 },
    );
  });

  it('steps over exactly what it would read', () => {
    fc.assert(
      fc.property(sample, (one) => {
        const writer = new Writer();
        writer.values(`${one.signature}s`, [one.value, 'end']);
        const both = Buffer.from(writer.bytes);
        const other = new Reader(both, 0, both.length, true);
        other.skip(parseSingleType(one.signature), 0);
        expect(other.string()).toBe('end');
        expect(other.atEnd).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('lays bytes out as the specification shows', () => {
    // Specification, "Summary of D-Bus marshaling": alignment, array padding before the first element.
    expect(marshal({ signature: '(yu)', value: [1, 2] }, true).toString('hex')).toBe('0100000002000000');
    expect(marshal({ signature: '(yu)', value: [1, 2] }, false).toString('hex')).toBe('0100000000000002');
    expect(marshal({ signature: 'ax', value: [5n] }, false).toString('hex')).toBe(
      '00000008000000000000000000000005',
    );
    expect(marshal({ signature: 's', value: 'foo' }, true).toString('hex')).toBe('03000000666f6f00');
    expect(marshal({ signature: 'v', value: new Variant('g', 'ii') }, true).toString('hex')).toBe(
      '01670002696900',
    );
  });

  const edits = fc.array(
    fc.record({ at: fc.nat(), removed: fc.nat(8), inserted: fc.uint8Array({ maxLength: 8 }) }),
    { minLength: 1, maxLength: 4 },
  );
  const edited = (bytes: Buffer, changes: { at: number; removed: number; inserted: Uint8Array }[]) =>
    changes.reduce((before, { at, removed, inserted }) => {
      const start = at % (before.length + 1);
      return Buffer.concat([before.subarray(0, start), inserted, before.subarray(start + removed)]);
    }, bytes);

  it('survives any change of its bytes: values or a ProtocolError, nothing else', () => {
    fc.assert(
      fc.property(sample, fc.boolean(), edits, (one, little, changes) => {
        const bytes = edited(marshal(one, little), changes);
        const attempt = (what: () => unknown) => {
          try {
            what();
            return true;
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
            return false;
          }
        };
        const readable = attempt(() => read(bytes, one.signature, little));
        const skipped = attempt(() => {
          const reader = new Reader(bytes, 0, bytes.length, little);
          reader.skip(parseSingleType(one.signature), 0);
          if (!reader.atEnd) throw new ProtocolError('more');
        });
        // What is stepped over is checked as what is read, but for fds, of which there are none.
        if (!one.signature.includes('h')) expect(skipped).toBe(readable);
      }),
      { numRuns: 5000 },
    );
  });

  it('agrees with GLib: what it reads of ours and writes in the other byte order are the same values', async () => {
    const seed = (Math.random() * 2 ** 31) | 0;
    const samples = fc.sample(sample, { numRuns: 400, seed });
    const script = fileURLToPath(new URL('./testing/gdbus-message-echo.py', import.meta.url));
    const glib = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const encoders = [new MessageEncoder(true), new MessageEncoder(false)];
    const lines = samples.map(({ signature, value }, i) => {
      const fields = { type: 4, serial: i + 1, path: '/x', interface: 'a.B', member: 'C' };
      const { head, body } = encoders[i % 2]!.encode({ ...fields, signature, body: [value] });
      return Buffer.concat([head, body]).toString('hex');
    });
    glib.stdin.end(`${lines.join('\n')}\n`);
    let output = '';
    for await (const text of glib.stdout) output += text;
    const answers = output.trim().split('\n');
    expect(answers).toHaveLength(samples.length);
    for (const [i, { signature, value }] of samples.entries()) {
      const bytes = Buffer.from(answers[i]!, 'hex');
      const frame = new Frame();
      frame.parse(bytes, 0, bytes.length);
      const message = new Message(frame);
      expect([message.endian, message.signature, message.body], `sample ${i} of seed ${seed}`).toEqual([
        i % 2 === 0 ? 'B' : 'l',
        signature,
        [value],
      ]);
    }
  });

  it.each([
    ['a boolean of 2', 'b', '02000000'],
    ['a string without NUL', 's', '0300000061626364'],
    ['a string with a NUL in it', 's', '0300000061006300'],
    ['a string that is not UTF-8', 's', '02000000c0af00'],
    ['a surrogate in UTF-8', 's', '03000000eda08000'],
    ['a bad object path', 'o', '020000002f2f00'],
    ['a bad signature', 'g', '017a00'],
    ['padding that is not zero', 'yu', '0100010002000000'],
    ['an array that ends within an element', 'au', '0500000000000000000000'],
    ['an array of strings that ends within one', 'as', '0600000001000000610000000000'],
    ['an array longer than 64 MiB', 'ay', '01000004'],
    ['bytes after the last value', 'y', '0102'],
    ['an fd that did not come', 'h', '00000000'],
    ['a variant of two types', 'v', '02696900'],
  ])('refuses %s', (_, signature, hex) => {
    expect(() => read(Buffer.from(hex, 'hex'), signature)).toThrow(ProtocolError);
  });

  it('nests 64 containers and no more', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? 1 : new Variant(depth === 1 ? 'y' : 'v', nested(depth - 1));
    const deep = marshal({ signature: 'v', value: nested(64) }, true);
    expect(() => read(deep, 'v')).not.toThrow();
    expect(() => marshal({ signature: 'v', value: nested(65) }, true)).toThrow(TypeError);
    // One more level, by hand: a variant that holds what was deep enough already.
    const deeper = Buffer.concat([Buffer.from('017600', 'hex'), deep]);
    expect(() => read(deeper, 'v')).toThrow(ProtocolError);
  });

  it.each([
    ['y', 256],
    ['n', 40000],
    ['u', -1],
    ['i', 1.5],
    ['x', 2n ** 63n],
    ['t', -1n],
    ['b', 1],
    ['s', 5],
    ['s', 'a\0b'],
    ['o', 'nope'],
    ['as', 'abc'],
    ['a{sv}', {}],
    ['(ii)', [1]],
    ['v', 'bare'],
    ['h', 3],
  ])('does not write %j for %o', (signature, value) => {
    expect(() => marshal({ signature, value }, true)).toThrow(TypeError);
  });
});
