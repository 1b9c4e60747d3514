import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SaslClient } from './SaslClient.js';
import { SaslServer } from './SaslServer.js';

const guid = '0123456789abcdef0123456789abcdef';
const hex = (uid: number) => Buffer.from(String(uid)).toString('hex');

function talk(lines: string, uid: number | undefined = 1000) {
  const server = new SaslServer({ guid, uid, unixFds: true });
  const bytes = Buffer.from(lines, 'latin1');
  const { reply, used } = server.feed(bytes);
  return { server, replies: reply.split('\r\n').slice(0, -1), rest: bytes.subarray(used).toString('latin1') };
}

describe('the server side of the handshake', () => {
  it('accepts a whole pipelined handshake and leaves the first message alone', () => {
    const { server, replies, rest } = talk(
      `\0AUTH EXTERNAL ${hex(1000)}\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\nl\x01rest`,
    );
    expect(replies).toEqual([`OK ${guid}`, 'AGREE_UNIX_FD']);
    expect(server).toMatchObject({ done: true, unixFds: true });
    expect(rest).toBe('l\x01rest');
  });

  it('asks for the identity when none came, and takes silence for "whoever I am"', () => {
    expect(talk('\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n').replies).toEqual(['DATA', `OK ${guid}`]);
    expect(talk(`\0AUTH EXTERNAL\r\nDATA ${hex(1000)}\r\n`).replies).toEqual(['DATA', `OK ${guid}`]);
  });

  it.each([
    ['another uid', `AUTH EXTERNAL ${hex(0)}`],
    ['half a byte', 'AUTH EXTERNAL 3'],
    ['another mechanism', 'AUTH DBUS_COOKIE_SHA1 726f6f74'],
    ['no mechanism', 'AUTH'],
    ['ANONYMOUS', 'AUTH ANONYMOUS'],
  ])('rejects %s, and goes on', (_, line) => {
    const { server, replies } = talk(`\0${line}\r\nAUTH EXTERNAL ${hex(1000)}\r\n`);
    expect(replies).toEqual(['REJECTED EXTERNAL', `OK ${guid}`]);
    expect(server.failed).toBe(false);
  });

  it('rejects a uid that may not be here, whatever it says', () => {
    const server = new SaslServer({ guid, uid: undefined, unixFds: true });
    expect(server.feed(Buffer.from(`\0AUTH EXTERNAL\r\nDATA\r\n`)).reply).toBe(
      'DATA\r\nREJECTED EXTERNAL\r\n',
    );
  });

  it('answers CANCEL and ERROR with REJECTED, and what it does not know with ERROR', () => {
    const lines = [
      'AUTH EXTERNAL',
      'CANCEL',
      'CANCEL',
      'ERROR',
      'WHAT',
      'DATA',
      'AUTH EXTERNAL zz',
      'AUTH \xff',
    ];
    expect(talk(`\0${lines.join('\r\n')}\r\n`).replies).toEqual([
      'DATA',
      'REJECTED EXTERNAL',
      'ERROR "Nothing to cancel"',
      'REJECTED EXTERNAL',
      'ERROR "No such command"',
      'ERROR "No data was asked for"',
      'ERROR "Not hexadecimal"',
      'ERROR "Not ASCII"',
    ]);
  });

  it.each([
    ['a first byte that is not NUL', 'AUTH EXTERNAL\r\n'],
    ['BEGIN before it is authenticated', '\0BEGIN\r\n'],
    ['a line of more than 16 KiB', `\0${'A'.repeat(16 * 1024 + 1)}`],
    ['the sixth rejection', `\0${'ERROR\r\n'.repeat(6)}`],
  ])('ends at %s', (_, lines) => {
    expect(talk(lines).server.failed).toBe(true);
  });

  it('says the same however the bytes are cut', () => {
    const lines = `\0AUTH EXTERNAL\r\nDATA\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n`;
    fc.assert(
      fc.property(fc.array(fc.nat(lines.length), { maxLength: 6 }), (cuts) => {
        const server = new SaslServer({ guid, uid: 1000, unixFds: true });
        const ends = [...cuts, lines.length].sort((a, b) => a - b);
        let at = 0;
        let replies = '';
        for (const end of ends) {
          replies += server.feed(Buffer.from(lines.slice(at, end), 'latin1')).reply;
          at = end;
        }
        expect(replies).toBe(`DATA\r\nOK ${guid}\r\nAGREE_UNIX_FD\r\n`);
        expect(server.done).toBe(true);
      }),
    );
  });

  it('offers ANONYMOUS only where it is told to', () => {
    const anonymous = 'AUTH ANONYMOUS 6869\r\nBEGIN\r\n';
    const open = new SaslServer({ guid, uid: undefined, unixFds: true, anonymous: true });
    expect(open.feed(Buffer.from('\0AUTH\r\n')).reply).toBe('REJECTED EXTERNAL ANONYMOUS\r\n');
    expect(open.feed(Buffer.from(anonymous)).reply).toBe(`OK ${guid}\r\n`);
    expect(open).toMatchObject({ done: true, isAnonymous: true });
    const closed = new SaslServer({ guid, uid: 1000, unixFds: true });
    expect(closed.feed(Buffer.from(`\0${anonymous}`)).reply).toBe('REJECTED EXTERNAL\r\n');
    expect(closed.failed).toBe(true);
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        new SaslServer({ guid, uid: 1000, unixFds: true }).feed(Buffer.concat([Buffer.of(0), bytes]));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('both sides', () => {
  it('agree', () => {
    const server = new SaslServer({ guid, uid: 1000, unixFds: true });
    const client = new SaslClient(1000);
    const { reply } = server.feed(Buffer.from(client.opening, 'latin1'));
    expect(client.feed(Buffer.from(`${reply}l`, 'latin1'))).toBe(reply.length);
    expect(client).toMatchObject({ done: true, unixFds: true, guid });
  });

  it('agree to go without fds', () => {
    const server = new SaslServer({ guid, uid: 1000, unixFds: false });
    const client = new SaslClient(1000);
    client.feed(Buffer.from(server.feed(Buffer.from(client.opening, 'latin1')).reply));
    expect(client).toMatchObject({ done: true, unixFds: false });
  });

  it('part when the server rejects', () => {
    expect(() => new SaslClient(1000).feed(Buffer.from('REJECTED EXTERNAL\r\n'))).toThrow(
      'does not accept us',
    );
    expect(() => new SaslClient(1000).feed(Buffer.alloc(20_000, 'x'))).toThrow('does not end its line');
  });
});
