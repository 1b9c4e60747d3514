import { Field, Frame, Message, MessageEncoder, type MessageFields, MessageType } from '@switchyard/dbus';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SenderStamp } from './SenderStamp.js';

function frameOf(bytes: Buffer): Frame {
  const frame = new Frame();
  frame.parse(bytes, 0, Frame.measure(bytes, 0, bytes.length));
  return frame;
}

function stamped(bytes: Buffer, sender: string): Message {
  const stamp = new SenderStamp();
  stamp.stamp(frameOf(bytes), sender);
  const out = Buffer.concat([stamp.message.head, stamp.message.body]);
  stamp.join();
  expect(Buffer.concat([stamp.message.head, stamp.message.body])).toEqual(out);
  expect(Frame.measure(out, 0, out.length)).toBe(out.length);
  return new Message(frameOf(out));
}

function bytesOf(fields: MessageFields, little = true): Buffer {
  const { head, body } = new MessageEncoder(little).encode(fields);
  return Buffer.concat([head, body]);
}

const call: MessageFields = {
  type: MessageType.methodCall,
  serial: 3,
  path: '/a',
  interface: 'org.x.Y',
  member: 'Do',
  destination: ':1.7',
  signature: 's',
  body: ['text'],
};

describe('the stamp', () => {
  it('puts the sender in, and leaves the rest as it was, in both byte orders', () => {
    const element = fc.stringMatching(/^[a-zA-Z_]{1,12}$/);
    fc.assert(
      fc.property(
        element,
        element,
        fc.string({ maxLength: 9000 }),
        fc.boolean(),
        fc.boolean(),
        (path, member, text, little, forged) => {
          const fields = {
            ...call,
            path: `/${path}`,
            member,
            body: [text.replaceAll('\0', '')],
            sender: forged ? 'org.forged.Name' : undefined,
          };
          const message = stamped(bytesOf(fields, little), ':1.123');
          expect(message).toMatchObject({
            path: fields.path,
            member,
            destination: ':1.7',
            sender: ':1.123',
            serial: 3,
          });
          expect(message.body).toEqual(fields.body);
        },
      ),
    );
  });

  it('drops fields that no specification knows', () => {
    const bytes = bytesOf({ ...call, replySerial: 77 });
    const frame = frameOf(bytes);
    // The reply serial's field becomes one of a future specification.
    const at = frame.fieldBytes(Field.replySerial).byteOffset - bytes.byteOffset;
    bytes[at] = 99;
    expect(frameOf(bytes).unknownFields).toBe(true);
    const message = stamped(bytes, ':1.1');
    expect(message).toMatchObject({ member: 'Do', sender: ':1.1', replySerial: 0 });
    expect(message.body).toEqual(['text']);
  });
});
