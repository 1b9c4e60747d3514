import { ReferenceBus, socketPath } from '@switchyard/dbus/testing';
import { Socket } from '@switchyard/sys';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicy, YardBusd } from './testing/YardBusd.js';

let reference: ReferenceBus;
let ours: YardBusd;
beforeAll(async () => {
  reference = await ReferenceBus.start();
  ours = await YardBusd.start({ config: `<type>session</type><auth>EXTERNAL</auth>${openPolicy}` });
});
afterAll(() => Promise.all([reference.stop(), ours.stop()]));

/** What a bus answers to lines, each sent when the one before was answered: the commands; `end` when it hangs up. */
async function answers(address: string, first: string, lines: readonly string[]): Promise<string[]> {
  const socket = Socket.connect(socketPath(address));
  const heard: string[] = [];
  const into = Buffer.alloc(64 * 1024);
  const listen = () =>
    new Promise<string>((resolve) => {
      socket.watch({
        readable: () => {
          try {
            const count = socket.receive(into);
            if (count < 0) return;
            socket.watch({});
            resolve(count === 0 ? 'end' : into.toString('latin1', 0, count));
          } catch {
            socket.watch({});
            resolve('end');
          }
        },
      });
    });
  try {
    socket.write(Buffer.from(first, 'latin1'));
    for (const line of lines) {
      socket.write(Buffer.from(`${line}\r\n`, 'latin1'));
      socket.flush();
      if (line === 'BEGIN') {
        // Nothing answers this; what is no message ends the connection, so that there is something to hear.
        socket.write(Buffer.from('no message at all'));
        socket.flush();
      }
      const answer = await listen();
      heard.push(
        ...answer
          .split('\r\n')
          .filter(Boolean)
          .map((text) => text.replace(/^ERROR .*/, 'ERROR').replace(/^OK [0-9a-f]{32}$/, 'OK guid')),
      );
      if (answer === 'end') break;
    }
    return heard;
  } finally {
    socket.close();
  }
}

async function sameAnswers(first: string, lines: readonly string[]): Promise<string[]> {
  const [theirs, here] = await Promise.all([
    answers(reference.address, first, lines),
    answers(ours.address, first, lines),
  ]);
  expect(here, JSON.stringify([first, ...lines])).toEqual(theirs);
  return here;
}

const uid = Buffer.from(String(process.getuid!())).toString('hex');

describe('the handshake answers as dbus-daemon does', () => {
  it.each([
    [[`AUTH EXTERNAL ${uid}`, 'NEGOTIATE_UNIX_FD', 'BEGIN']],
    [['AUTH']],
    [['AUTH EXTERNAL', 'DATA', 'BEGIN']],
    [['AUTH EXTERNAL', `DATA ${uid}`, 'NEGOTIATE_UNIX_FD']],
    [['AUTH EXTERNAL 39393939']],
    [['AUTH EXTERNAL zz']],
    [['AUTH EXTERNAL 0']],
    [['AUTH ANONYMOUS']],
    [['AUTH KERBEROS_V4 1234', `AUTH EXTERNAL ${uid}`]],
    [['BEGIN']],
    [['DATA']],
    [['NEGOTIATE_UNIX_FD']],
    [['CANCEL']],
    [['ERROR', 'ERROR because']],
    [['NONSENSE', 'AUTH']],
    [['']],
    [[`AUTH EXTERNAL ${uid}`, 'AUTH EXTERNAL']],
    [[`AUTH EXTERNAL ${uid}`, 'CANCEL', `AUTH EXTERNAL ${uid}`]],
    [[`AUTH EXTERNAL ${uid}`, 'ERROR', 'AUTH']],
    [[`AUTH EXTERNAL ${uid}`, 'DATA']],
    [[`AUTH EXTERNAL ${uid}`, 'NEGOTIATE_UNIX_FD', 'NEGOTIATE_UNIX_FD']],
    [[`AUTH EXTERNAL ${uid}`, 'NONSENSE']],
    [['AUTH EXTERNAL', 'CANCEL']],
    [['AUTH EXTERNAL', 'ERROR']],
    [['AUTH EXTERNAL', 'AUTH']],
    [['AUTH EXTERNAL', 'BEGIN']],
    [['AUTH EXTERNAL', 'NEGOTIATE_UNIX_FD']],
    [Array.from({ length: 10 }, () => 'ERROR')],
    [Array.from({ length: 10 }, () => 'AUTH')],
    [['auth external']],
    [['AUTH  EXTERNAL']],
    [['AUTH EXTERNAL ']],
    [[' AUTH']],
    [['\u00e9']],
  ])('%j', async (lines) => {
    await sameAnswers('\0', lines);
  });

  it('to who does not begin with a zero byte', async () => {
    await sameAnswers('A', ['AUTH']);
  });

  it('to a line of more than 16 KiB', async () => {
    await sameAnswers('\0', ['x'.repeat(17_000)]);
  });

  it('whatever a client says', async () => {
    const line = fc.constantFrom(
      ...['AUTH', 'AUTH EXTERNAL', `AUTH EXTERNAL ${uid}`, 'AUTH EXTERNAL 31', 'AUTH DBUS_COOKIE_SHA1 30'],
      ...['DATA', `DATA ${uid}`, 'DATA 31', 'DATA zz', 'CANCEL', 'ERROR', 'NEGOTIATE_UNIX_FD', 'NONSENSE'],
      'BEGIN',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), async (lines) => {
        await sameAnswers('\0', lines);
      }),
      { numRuns: 400, seed: 5 },
    );
  });
});
