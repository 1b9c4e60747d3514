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

test('a socket that nobody listens to any more is closed', () => {
  const before = readdirSync('/proc/self/fd').length;
  const uevents = Uevents.listen({ message: () => {}, lost: () => {} });
  uevents.close();
  uevents.close();
  expect(readdirSync('/proc/self/fd').length).toBe(before);
});
