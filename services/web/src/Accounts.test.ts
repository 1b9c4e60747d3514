import { once } from 'node:events';
import { connect } from 'node:net';
import { TestUser } from '@switchyard/pam/testing';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Accounts } from './Accounts.js';
import { ServiceTree } from './testing/ServiceTree.js';
import { web } from './WebInterface.js';

let user: TestUser;
let stranger: TestUser;
let tree: ServiceTree;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  user = new TestUser();
  stranger = new TestUser();
  [tree, browser] = await Promise.all([
    ServiceTree.start(['--size', '320x240', '--accounts', user.name]),
    chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
  ]);
  origin = new URL(await tree.url()).origin;
});
afterAll(async () => {
  await browser?.close();
  await tree?.stop();
  for (const one of [user, stranger]) one?.[Symbol.dispose]();
});

const post = (fields: Record<string, string>, headers: Record<string, string> = { origin }) =>
  fetch(`${origin}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  });

async function signIn(name: string, password: string): Promise<Response> {
  const asked = await post({ user: name });
  const [, dialogue = ''] = /name="dialogue" value="([\w-]+)"/.exec(await asked.text()) ?? [];
  return post({ dialogue, answer: password });
}

test('a user signs in by a form with the password of this machine, and acts on the seat under that name', async () => {
  const page = await browser.newPage();
  await page.goto(origin);
  const give = async (password: string) => {
    await page.getByLabel('User').fill(user.name);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
  };
  await give('wrong');
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('did not work');
  await give(user.password);
  await page.waitForSelector('canvas#screen[data-state="paused"]');
  expect(page.url()).toBe(`${origin}/`);
  const bus = tree.connection.proxy(web.name, web.path);
  const audience = (await bus.get(web.interface, 'Audience')) as unknown[][];
  expect(audience.map((row) => row.slice(2, 4))).toEqual([[`@${user.name}`, true]]);
  await page.close();
});

test('another site’s form, a user who is not listed, and too long an answer let nobody in', async () => {
  const { password } = user;
  expect((await post({ user: user.name }, {})).status).toBe(403);
  expect((await post({ user: user.name }, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await signIn(stranger.name, stranger.password)).status).toBe(403);
  expect((await signIn(user.name, password.padEnd(600, 'x'))).status).toBe(403);
  expect((await signIn(user.name, password.padEnd(5000, 'x'))).status).toBe(403);
  expect((await post({ dialogue: 'x'.repeat(22), answer: password })).status).toBe(403);
  const right = await signIn(user.name, password);
  expect([right.status, right.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/#proof=/)]);
});

test('a sign-in that breaks off, or does not end, harms nobody', async () => {
  const { port } = new URL(origin);
  const head = `POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\n`;
  for (const rest of [
    `Content-Length: 100\r\n\r\nuser=`,
    `Content-Length: 200000\r\n\r\n${'x'.repeat(150_000)}`,
  ]) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(head + rest);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
  }
  expect((await signIn('nobody', 'x')).status).toBe(403);
});

test('an entry ends with the token that it was made from, and with the name on the list', () => {
  const [one, other] = [new Accounts(['ann'], Buffer.from('a')), new Accounts(['ann'], Buffer.from('b'))];
  expect(one.access('ann')!.digest.equals(other.access('ann')!.digest)).toBe(false);
  expect(one.access('bob')).toBeUndefined();
  expect(() => new Accounts(['a b'], Buffer.from('a'))).toThrow('no user');
});
