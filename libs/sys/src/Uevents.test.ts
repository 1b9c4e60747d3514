import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Uevents } from './Uevents.js';

/** Each class device says "change" when it is told to: the kernel makes the event, on whatever machine this is. */
const speaker = '/sys/class/mem/null/uevent';
const isRoot = process.getuid?.() === 0;

function speak(): void {
  writeFileSync(speaker, 'change');
}

test.skipIf(!isRoot)('the kernel’s events come as it sent them', async () => {
  const heard = await new Promise<string>((resolve) => {
    const uevents = Uevents.listen({
      message(bytes) {
        const text = Buffer.from(bytes).toString();
        if (!text.includes('/null')) return;
        uevents.close();
        resolve(text);
      },
      lost: () => {},
    });
    speak();
  });
  const [header, ...pairs] = heard.split('\0');
  expect(header).toMatch(/^change@\/devices\/.*mem\/null$/);
  expect(pairs).toContain('SUBSYSTEM=mem');
  expect(pairs).toContain('ACTION=change');
});

test.skipIf(!isRoot)('what did not fit is told, and what comes behind it is heard', async () => {
  let lost = 0;
  let messages = 0;
  await new Promise<void>((resolve) => {
    const uevents = Uevents.listen(
      {
        message: () => {
          messages++;
          if (lost === 0) return;
          uevents.close();
          resolve();
        },
        lost: () => {
          lost++;
          setTimeout(speak, 1);
        },
      },
      8192,
    );
    for (let i = 0; i < 200; i++) speak();
  });
  expect(lost).toBeGreaterThan(0);
  expect(messages).toBeLessThan(200);
});

/** Sends a message to everyone in the kernel's group, as root may; in Perl, which every Debian has. */
const stranger = `
  use Socket;
  socket(my $socket, 16, SOCK_RAW, 15) or die;
  my $message = "add\\@/devices/evil/null\\0ACTION=add\\0DEVPATH=/devices/evil/null\\0";
  send($socket, $message, 0, pack("SSLL", 16, 0, 0, 1)) or exit 3;
`;

test.skipIf(!isRoot)('what somebody else sends is not heard', async ({ skip }) => {
  const sent = { status: 0 };
  const heard = await new Promise<string[]>((resolve) => {
    const all: string[] = [];
    const uevents = Uevents.listen({
      message(bytes) {
        const text = Buffer.from(bytes).toString();
        if (text.includes('/null')) all.push(text.split('\0')[0]!);
        if (!text.includes('mem/null')) return;
        uevents.close();
        resolve(all);
      },
      lost: () => {},
    });
    sent.status = spawnSync('perl', ['-e', stranger]).status ?? 1;
    speak();
  });
  if (sent.status !== 0) return skip('the message could not be sent');
  expect(heard).toEqual(['change@/devices/virtual/mem/null']);
});

test('a socket that nobody listens to any more is closed', () => {
  const before = readdirSync('/proc/self/fd').length;
  const uevents = Uevents.listen({ message: () => {}, lost: () => {} });
  uevents.close();
  uevents.close();
  expect(readdirSync('/proc/self/fd').length).toBe(before);
});
