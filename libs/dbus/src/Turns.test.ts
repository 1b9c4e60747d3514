import { describe, expect, it } from 'vitest';
import { Frame, MessageType } from './Frame.js';
import { Message, MessageEncoder } from './Message.js';
import { Turns } from './Turns.js';

const encoder = new MessageEncoder();

function message(type: number, serial: number): Message {
  const { head } = encoder.encode({
    type,
    serial,
    path: '/x',
    interface: 'a.B',
    member: 'C',
    replySerial: type === MessageType.methodReturn ? serial : undefined,
  });
  const frame = new Frame();
  frame.parse(Buffer.from(head), 0, head.length);
  return new Message(frame);
}
const reply = (serial: number) => message(MessageType.methodReturn, serial);
const signal = (serial: number) => message(MessageType.signal, serial);

/** Writes down dispatches, and for replies when the code that awaits them runs, three awaits deep. */
function watched() {
  const log: string[] = [];
  const turns = new Turns({
    dispatch(one) {
      log.push(`${one.serial}`);
      if (!one.isReply) return false;
      void (async () => {
        await Promise.resolve();
        await Promise.resolve();
        await Promise.resolve();
        log.push(`after ${one.serial}`);
      })();
      return true;
    },
    reading: (on) => log.push(on ? 'reads' : 'pauses'),
  });
  const done = async () => {
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
    return log;
  };
  return { turns, done };
}

describe('messages of one read', () => {
  it('are handled at once while nobody awaits any', async () => {
    const { turns, done } = watched();
    for (const one of [signal(1), signal(2)]) turns.take(one);
    expect(await done()).toEqual(['1', '2']);
  });

  it('that follow a reply wait for the code that awaited it', async () => {
    const { turns, done } = watched();
    for (const one of [reply(1), signal(2), signal(3), reply(4), reply(5), signal(6)]) turns.take(one);
    expect(await done()).toEqual([
      '1',
      'pauses',
      'after 1',
      '2',
      '3',
      '4',
      '5',
      'after 4',
      'after 5',
      '6',
      'reads',
    ]);
  });

  it('do not overtake those that wait', async () => {
    const { turns, done } = watched();
    for (const one of [reply(1), signal(2)]) turns.take(one);
    turns.begin();
    turns.take(signal(3));
    expect(await done()).toEqual(['1', 'pauses', 'after 1', '2', '3', 'reads']);
  });
});
