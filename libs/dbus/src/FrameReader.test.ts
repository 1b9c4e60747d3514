import { createMemfd, type Fd, Socket } from '@switchyard/sys';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ProtocolError } from './DBusError.js';
import { MessageType } from './Frame.js';
import { FrameReader } from './FrameReader.js';
import { Message, MessageEncoder } from './Message.js';

let sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets) socket.close();
  sockets = [];
});

function reading(mayHold?: (before: number, now: number) => boolean, most?: number) {
  const [ours, theirs] = Socket.pair('stream');
  sockets.push(ours, theirs);
  const messages: Message[] = [];
  const reader = new FrameReader(
    ours,
    undefined,
    (frame, fds) => messages.push(new Message(frame, fds)),
    mayHold,
  );
  /** Sends, and reads until nothing more is there. */
  const pass = (bytes: Uint8Array, fds?: Fd[]) => {
    theirs.write(bytes, fds);
    while (theirs.pending > 0) {
      theirs.flush();
      drain();
    }
    drain();
  };
  const drain = () => {
    for (let before = -1; before !== messages.length; ) {
      before = messages.length;
      for (let i = 0; i < 200; i++) reader.read(most);
    }
  };
  return { reader, messages, pass };
}

const encoder = new MessageEncoder();
function signal(serial: number, body: unknown, signature = 'ay'): Buffer {
  const { head, body: bytes } = encoder.encode({
    type: MessageType.signal,
    serial,
    path: '/x',
    interface: 'a.B',
    member: 'C',
    signature,
    body: [body],
  });
  return Buffer.concat([head, bytes]);
}

describe('a stream of messages', () => {
  it('is cut into the same messages however it is cut into reads', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.nat(3000),
            fc.nat(20_000),
            fc.nat(200_000),
            fc.integer({ min: 133_000, max: 1_500_000 }),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        fc.array(fc.oneof(fc.nat(20_000), fc.nat(300_000)), { maxLength: 12 }),
        fc.constantFrom(undefined, 1000, 8192, 50_000, 1_048_576),
        (sizes, cuts, most) => {
          const { reader, messages, pass } = reading(undefined, most);
          const bytes = Buffer.concat(sizes.map((size, i) => signal(i + 1, Buffer.alloc(size, i))));
          let at = 0;
          for (const end of [...cuts.filter((cut) => cut < bytes.length), bytes.length].sort(
            (a, b) => a - b,
          )) {
            if (end > at) pass(bytes.subarray(at, end));
            at = end;
          }
          expect(messages.map((message) => message.serial)).toEqual(sizes.map((_, i) => i + 1));
          const bodies = messages.map((message) => message.body[0] as Uint8Array);
          expect(bodies.map((body) => body.length)).toEqual(sizes);
          expect(bodies.every((body, i) => Buffer.from(body).equals(Buffer.alloc(body.length, i)))).toBe(
            true,
          );
          reader.stop();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('takes a long message in one turn when it may read so much, and goes on when the next begins with it', () => {
    const [ours, theirs] = Socket.pair('stream');
    sockets.push(ours, theirs);
    ours.sendBufferSize = theirs.sendBufferSize = 208 * 1024;
    const lengths: number[] = [];
    const reader = new FrameReader(ours, undefined, (frame) => lengths.push(frame.length));
    const message = signal(1, Buffer.alloc(300_000));
    let turns = 0;
    for (let i = 0; i < 5; i++) {
      theirs.write(message);
      theirs.flush();
      expect(theirs.pending).toBe(0);
      expect(reader.read(1_048_576)).toBe(message.length);
      turns++;
    }
    expect(reader.read(1_048_576)).toBe(-1);
    expect(lengths).toEqual(Array(turns).fill(message.length));
  });

  it('gives each message the fds that came with it', () => {
    const { messages, pass } = reading();
    const encode = (serial: number) => {
      const fd = createMemfd(`fd ${serial}`);
      const { head, body, fds } = encoder.encode({
        type: MessageType.signal,
        serial,
        path: '/x',
        interface: 'a.B',
        member: 'C',
        signature: 'h',
        body: [fd],
      });
      return { bytes: Buffer.concat([head, body]), fds };
    };
    const [one, two] = [encode(1), encode(2)];
    pass(one.bytes.subarray(0, 20), one.fds);
    pass(Buffer.concat([one.bytes.subarray(20), signal(9, Buffer.alloc(3))]));
    pass(two.bytes, two.fds);
    expect(messages.map((message) => message.serial)).toEqual([1, 9, 2]);
    for (const message of [messages[0]!, messages[2]!]) {
      const [fd] = message.body as [Fd];
      expect(fd.closed).toBe(false);
      fd.close();
    }
  });

  it('holds no more of an unfinished message than it may', () => {
    let held = 0;
    const { reader, pass } = reading((before, now) => {
      if (now > 2_000_000) return false;
      held += now - before;
      return true;
    });
    const big = signal(1, Buffer.alloc(3_000_000));
    pass(big.subarray(0, 200_000));
    expect(held).toBeGreaterThanOrEqual(200_000);
    expect(held).toBeLessThan(1_200_000);
    expect(() => pass(big.subarray(200_000))).toThrow(ProtocolError);
    reader.stop();
    expect(held).toBe(0);
  });
});
