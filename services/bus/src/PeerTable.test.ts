import { Frame, MessageEncoder, MessageType } from '@switchyard/dbus';
import { expect, it } from 'vitest';
import { PeerTable } from './PeerTable.js';

function frameTo(destination: string): Frame {
  const { head } = new MessageEncoder().encode({
    type: MessageType.methodCall,
    serial: 1,
    path: '/',
    member: 'M',
    destination,
  });
  const frame = new Frame();
  frame.parse(head, 0, head.length);
  return frame;
}

it('unique names count up from :1.0 and are never given twice', () => {
  const peers = new PeerTable<string>();
  expect([peers.add('a'), peers.add('b')]).toEqual([':1.0', ':1.1']);
  peers.remove(':1.1');
  expect(peers.add('c')).toBe(':1.2');
  expect([...peers]).toEqual(['a', 'c']);
});

it('a peer is found under the one spelling of its name', () => {
  const peers = new PeerTable<string>();
  for (let i = 0; i <= 120; i++) peers.add(`peer ${i}`);
  for (const name of [':1.0', ':1.7', ':1.120']) {
    expect(peers.get(name)).toBe(`peer ${name.slice(3)}`);
    expect(peers.destination(frameTo(name))).toBe(`peer ${name.slice(3)}`);
  }
  for (const name of [':1.121', ':1.07', ':1.7x', ':2.7', ':1.1.7', ':1.9999999999999999', 'org.x'])
    expect(peers.destination(frameTo(name))).toBeUndefined();
  expect(peers.get('')).toBeUndefined();
});
