import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from './DBusError.js';
import { Field, FixedHeader, Frame, MessageType, maximumMessageLength } from './Frame.js';
import { Message, MessageEncoder, type MessageFields } from './Message.js';

const call: MessageFields = {
  type: MessageType.methodCall,
  serial: 7,
  path: '/a/b',
  interface: 'org.x.Y',
  member: 'Do',
  destination: 'org.x',
  signature: 'su',
  body: ['text', 5],
};

function bytesOf(fields: MessageFields, little = true): Buffer {
  const { head, body } = new MessageEncoder(little).encode(fields);
  return Buffer.concat([head, body]);
}

function parse(bytes: Buffer): Frame {
  const length = Frame.measure(bytes, 0, bytes.length);
  if (length === 0 || length > bytes.length) throw new ProtocolError('cut off');
  const frame = new Frame();
  frame.parse(bytes, 0, length);
  return frame;
}

/** A header with fields written by hand: [code, signature, bytes of the value at offset 4 of the field]. */
function handmade(type: number, fields: [number, string, string][], body = '', serial = 1): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  for (const [code, signature, hex] of fields) {
    add(Buffer.alloc(-length & 7));
    add(Buffer.from([code, signature.length, ...Buffer.from(signature), 0]));
    add(Buffer.from(hex, 'hex'));
  }
  const fixed = Buffer.alloc(FixedHeader.size);
  fixed.write('l', 0);
  fixed[1] = type;
  fixed[3] = 1;
  fixed.writeUInt32LE(body.length / 2, FixedHeader.bodyLength);
  fixed.writeUInt32LE(serial, FixedHeader.serial);
  fixed.writeUInt32LE(length, FixedHeader.fieldsLength);
  return Buffer.concat([fixed, ...parts, Buffer.alloc(-length & 7), Buffer.from(body, 'hex')]);
}

const text = (value: string) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes, Buffer.of(0)]).toString('hex');
};

const path: [number, string, string] = [Field.path, 'o', text('/a')];
const member: [number, string, string] = [Field.member, 's', text('M')];

describe('a message header', () => {
  it.each([true, false])('comes out as it went in (little endian: %s)', (little) => {
    const bytes = bytesOf({ ...call, replySerial: 9, errorName: 'a.b', sender: ':1.1' }, little);
    const message = new Message(parse(bytes));
    expect(message).toMatchObject({
      type: 1,
      serial: 7,
      path: '/a/b',
      interface: 'org.x.Y',
      member: 'Do',
      destination: 'org.x',
      errorName: 'a.b',
      replySerial: 9,
      sender: ':1.1',
      signature: 'su',
    });
    expect(message.body).toEqual(['text', 5]);
    expect(message.argument(0)).toEqual({ value: 'text', isPath: false });
    expect(message.argument(1)).toBeUndefined();
  });

  it('is measured from its first 16 bytes', () => {
    const bytes = bytesOf(call);
    expect(Frame.measure(bytes, 0, 15)).toBe(0);
    expect(Frame.measure(bytes, 0, 16)).toBe(bytes.length);
  });

  it('is refused when the message would be longer than 128 MiB', () => {
    const bytes = bytesOf(call);
    const overhead = bytes.length - bytes.readUInt32LE(FixedHeader.bodyLength);
    bytes.writeUInt32LE(maximumMessageLength - overhead, FixedHeader.bodyLength);
    expect(Frame.measure(bytes, 0, 16)).toBe(maximumMessageLength);
    bytes.writeUInt32LE(maximumMessageLength - overhead + 1, FixedHeader.bodyLength);
    expect(() => Frame.measure(bytes, 0, 16)).toThrow(ProtocolError);
    bytes.writeUInt32LE(0xfffffff8, FixedHeader.fieldsLength);
    expect(() => Frame.measure(bytes, 0, 16)).toThrow(ProtocolError);
  });

  it('may hold fields of later specifications, which are noticed', () => {
    const frame = parse(handmade(1, [path, member, [77, 's', text('new')]]));
    expect(frame.unknownFields).toBe(true);
    expect(frame.string(Field.member)).toBe('M');
  });

  it.each<[string, Buffer]>([
    ['type 0', handmade(0, [path, member])],
    ['serial 0', handmade(1, [path, member], '', 0)],
    ['no path', handmade(1, [member])],
    ['no member', handmade(1, [path])],
    ['a signal without interface', handmade(4, [path, member])],
    ['a return without reply serial', handmade(2, [])],
    ['an error without name', handmade(3, [[Field.replySerial, 'u', '01000000']])],
    ['reply serial 0', handmade(2, [[Field.replySerial, 'u', '00000000']])],
    ['field code 0', handmade(1, [path, member, [0, 's', text('x')]])],
    ['a field twice', handmade(1, [path, member, path])],
    ['a field of the wrong type', handmade(1, [[Field.path, 's', text('/a')], member])],
    ['a bad path', handmade(1, [[Field.path, 'o', text('/a/')], member])],
    ['the local path', handmade(1, [[Field.path, 'o', text('/org/freedesktop/DBus/Local')], member])],
    [
      'the local interface',
      handmade(1, [path, member, [Field.interface, 's', text('org.freedesktop.DBus.Local')]]),
    ],
    ['a bad interface', handmade(1, [path, member, [Field.interface, 's', text('x')]])],
    ['a bad member', handmade(1, [path, [Field.member, 's', text('a.b')]])],
    ['a bad destination', handmade(1, [path, member, [Field.destination, 's', text('x')]])],
    ['a bad sender', handmade(1, [path, member, [Field.sender, 's', text('')]])],
    ['a bad signature', handmade(1, [path, member, [Field.signature, 'g', '017a00']])],
    ['a body without signature', handmade(1, [path, member], '00')],
    ['a body with an empty signature', handmade(1, [path, member, [Field.signature, 'g', '0000']], '00')],
    ['a string without NUL', handmade(1, [path, [Field.member, 's', '010000004d01']])],
    ['a string that leaves the header', handmade(1, [path, [Field.member, 's', 'ff0000004d00']])],
    ['254 fds', handmade(1, [path, member, [Field.unixFds, 'u', 'fe000000']])],
    [
      'a field that is cut off',
      handmade(1, [path, member]).fill(0x20, FixedHeader.fieldsLength, FixedHeader.fieldsLength + 1),
    ],
  ])('is refused with %s', (_, bytes) => {
    expect(() => parse(bytes)).toThrow(ProtocolError);
  });

  it('is refused when padding is not zero', () => {
    const bytes = handmade(1, [path, member]);
    const padding = FixedHeader.size + 8 + 3;
    expect(bytes[padding]).toBe(0);
    bytes[padding] = 1;
    expect(() => parse(bytes)).toThrow(ProtocolError);
  });

  it('survives any change of its bytes: a message or a ProtocolError, nothing else', () => {
    const original = bytesOf({ ...call, sender: ':1.5' });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        (changes) => {
          const bytes = Buffer.from(original);
          for (const [at, byte] of changes) bytes[at] = byte;
          try {
            void new Message(parse(bytes)).body;
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is judged without regard to those that came before', () => {
    const originals = [
      bytesOf({ ...call, sender: ':1.5' }),
      bytesOf({ type: MessageType.methodReturn, serial: 2, replySerial: 77, destination: ':1.123' }),
    ];
    const verdict = (frame: Frame, bytes: Buffer) => {
      try {
        if (Frame.measure(bytes, 0, bytes.length) !== bytes.length) return 'another length';
        frame.parse(bytes, 0, bytes.length);
        frame.checkBody();
        return frame.string(Field.destination) ?? '';
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        return error.message;
      }
    };
    const experienced = new Frame();
    for (const original of originals) {
      verdict(experienced, original);
      // Every change of a byte of the header that leaves the message as long as it is.
      for (let at = FixedHeader.type; at < original.length; at++)
        for (const change of [1, 2, 4, 8, 0x80]) {
          const bytes = Buffer.from(original);
          bytes[at]! ^= change;
          expect(verdict(experienced, bytes), `byte ${at}`).toBe(verdict(new Frame(), bytes));
          verdict(experienced, original);
        }
    }
  });

  it('is not made from names that are not valid', () => {
    expect(() => bytesOf({ ...call, member: 'no-good' })).toThrow(TypeError);
    expect(() => bytesOf({ ...call, path: 'x' })).toThrow(TypeError);
    expect(() => bytesOf({ ...call, destination: '' })).toThrow(TypeError);
    expect(() => bytesOf({ ...call, body: ['only one'] })).toThrow(TypeError);
  });
});
