import { type Fd, sealedMemfd } from '@switchyard/sys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedMessage, MessageReader } from './MessageReader.js';
import { MAX_FDS_PER_SEND, MAX_MESSAGE_BYTES, MessageWriter } from './MessageWriter.js';

type Written = { bytes: Uint8Array; fds: Fd[] };

function recordingWriter(): { writer: MessageWriter; written: Written[] } {
  const written: Written[] = [];
  const writer = new MessageWriter({
    write: (bytes, fds) => written.push({ bytes: bytes.slice(), fds }),
    scheduleFlush: () => {},
  });
  return { writer, written };
}

function readerOf(bytes: Uint8Array, fds: Fd[] = []): MessageReader {
  const buffer = new ArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  const reader = new MessageReader(buffer, fds);
  reader.begin(8, bytes.length);
  return reader;
}

const argument = fc.oneof(
  fc.record({ type: fc.constant('int' as const), value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
  fc.record({ type: fc.constant('uint' as const), value: fc.nat({ max: 2 ** 32 - 1 }) }),
  fc.record({
    type: fc.constant('fixed' as const),
    value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((raw) => raw / 256),
  }),
  fc.record({
    type: fc.constant('string' as const),
    value: fc.option(
      fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replaceAll('\0', '')),
    ),
  }),
  fc.record({ type: fc.constant('array' as const), value: fc.uint8Array({ maxLength: 200 }) }),
);

describe('a message', () => {
  it('is read as it was written, whatever its arguments', () => {
    const { writer, written } = recordingWriter();
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 4 }), (list) => {
        writer.begin(7, 3);
        for (const { type, value } of list) {
          if (type === 'string') writer.string(value);
          else if (type === 'array') writer.array(value);
          else writer[type](value);
        }
        writer.end();
        writer.flush();
        const { bytes } = written.pop()!;
        const words = new Uint32Array(bytes.buffer, 0, 2);
        expect([words[0], words[1]! & 0xffff, words[1]! >>> 16]).toEqual([7, 3, bytes.length]);
        const reader = readerOf(bytes);
        for (const { type, value } of list) {
          expect(type === 'string' ? reader.stringOrNull() : reader[type]()).toEqual(value);
        }
        reader.end();
      }),
      { numRuns: 500 },
    );
  });

  it('pads strings and arrays with zeros, even where longer ones stood before', () => {
    const { writer, written } = recordingWriter();
    for (const text of ['xxxxxxxxxxxx', 'a']) {
      writer.begin(1, 0);
      writer.string(text);
      writer.end();
      writer.flush();
    }
    expect([...written[1]!.bytes.subarray(8)]).toEqual([2, 0, 0, 0, 0x61, 0, 0, 0]);
  });

  it('that would be longer than 4096 bytes throws and was never there', () => {
    const { writer, written } = recordingWriter();
    const fd = sealedMemfd('x', new Uint8Array(1));
    writer.begin(1, 0);
    writer.fd(fd);
    expect(() => writer.string('x'.repeat(MAX_MESSAGE_BYTES))).toThrow('a Wayland message of');
    expect(fd.closed).toBe(true);
    writer.begin(2, 0);
    writer.string('y'.repeat(MAX_MESSAGE_BYTES - 16));
    writer.end();
    writer.flush();
    expect(written.map(({ bytes, fds }) => [bytes.length, bytes[0], fds.length])).toEqual([[4096, 2, 0]]);
  });

  it('that is not ended was never there', () => {
    const { writer, written } = recordingWriter();
    writer.begin(1, 0);
    writer.uint(1);
    writer.begin(2, 0);
    writer.end();
    writer.flush();
    expect(written.map(({ bytes }) => [bytes.length, bytes[0]])).toEqual([[8, 2]]);
  });

  it('never gives a peer more fds at once than libwayland receives', () => {
    const { writer, written } = recordingWriter();
    for (let i = 0; i < 60; i++) {
      writer.begin(1, 0);
      writer.fd(sealedMemfd('x', new Uint8Array(1)));
      writer.end();
    }
    writer.flush();
    expect(written.map(({ fds }) => fds.length)).toEqual([MAX_FDS_PER_SEND, MAX_FDS_PER_SEND, 4]);
    expect(written.map(({ bytes }) => bytes.length)).toEqual([224, 224, 32]);
    for (const { fds } of written) for (const fd of fds) fd.close();
  });

  it('of any bytes is read or is malformed, and nothing else happens', () => {
    const types = ['int', 'uint', 'fixed', 'string', 'stringOrNull', 'array', 'fd'] as const;
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 64 }).map((bytes) => bytes.subarray(0, bytes.length & ~3)),
        fc.array(fc.constantFrom(...types), { maxLength: 5 }),
        (bytes, reads) => {
          const reader = readerOf(bytes);
          try {
            for (const type of reads) reader[type]();
            reader.end();
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
