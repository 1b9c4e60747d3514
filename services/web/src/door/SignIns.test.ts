import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestUser } from '@switchyard/pam/testing';
import { createLog } from '@switchyard/runtime';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccessToken } from '../AccessToken.js';
import { Accounts } from '../Accounts.js';
import { HttpServer } from '../HttpServer.js';
import { PageFiles } from '../PageFiles.js';
import { Shares } from '../Shares.js';
import { axeViolations } from '../testing/Axe.js';
import { STRANGER } from '../testing/Flood.js';
import { SignIns } from './SignIns.js';
import { ViewerPlaces } from './ViewerPlaces.js';

const directory = mkdtempSync(join(tmpdir(), 'yard-web-sign-in-'));
const service = `yard-web-${process.pid}`;
const secret = randomBytes(20);
const token = AccessToken.given('a-token-for-these-tests');
const log = createLog('test');
log.level = 'silent';
let user: TestUser;
let browser: Browser;
let server: HttpServer;
let signIns: SignIns;

/** A machine that greets, notes each try, and wants a password and then a number from the person's telephone. */
beforeAll(async () => {
  user = new TestUser();
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, 'greeting'), 'Welcome to <b>this</b> machine');
  writeFileSync(join(directory, 'note'), `#!/bin/sh\necho "$PAM_USER $PAM_RHOST" >>${directory}/tries\n`, {
    mode: 0o755,
  });
  writeFileSync(join(directory, 'tries'), '');
  writeFileSync(join(directory, 'oath'), `HOTP ${user.name} - ${secret.toString('hex')}\n`, { mode: 0o600 });
  writeFileSync(
    `/etc/pam.d/${service}`,
    `auth optional pam_echo.so file=${directory}/greeting
auth optional pam_exec.so quiet ${directory}/note
auth requisite pam_unix.so
auth required pam_oath.so usersfile=${directory}/oath window=3 digits=6
account required pam_unix.so
`,
  );
  const accounts = new Accounts([user.name], token.digest, service);
  signIns = new SignIns(accounts, log);
  server = await HttpServer.listen({
    listen: '127.0.0.1',
    port: 0,
    token,
    shares: new Shares(directory),
    accounts: { names: accounts, signIns },
    places: new ViewerPlaces(),
    files: new PageFiles(),
    log,
    onViewer: () => {},
  });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  user?.[Symbol.dispose]();
  rmSync(`/etc/pam.d/${service}`, { force: true });
  rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
});

/** RFC 4226. */
function oneTimePassword(counter: number): string {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', secret).update(moving).digest();
  const offset = mac[mac.length - 1]! & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const tries = () => readFileSync(join(directory, 'tries'), 'latin1').split('\n').filter(Boolean);

const post = (fields: Record<string, string>) =>
  fetch(`${server.origin}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: server.origin },
    redirect: 'manual',
  });

const dialogueIn = (page: string) => /name="dialogue" value="([\w-]+)"/.exec(page)?.[1] ?? '';

test('what PAM asks and says is shown question by question, by the keyboard alone, as text', async () => {
  const page = await browser.newPage();
  await page.goto(server.origin);
  expect(await axeViolations(page)).toEqual([]);
  const typed = async (label: string, text: string) => {
    await page.getByLabel(label).waitFor();
    await expect.poll(() => page.getByLabel(label).evaluate((field) => field.matches(':focus'))).toBe(true);
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  await typed('User', user.name);
  await page.getByText('Welcome to <b>this</b> machine').waitFor();
  expect(await page.getByLabel('Password').getAttribute('type')).toBe('password');
  expect(await axeViolations(page)).toEqual([]);
  await typed('Password', user.password);
  await page.getByLabel('One-time password').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await typed('One-time password', oneTimePassword(0));
  await page.waitForSelector('canvas#screen');
  // The proof leaves the address when the page runs.
  await expect.poll(() => page.url()).toMatch(/\/$/);
  await page.close();
});

test('the right password and a wrong number let nobody in, and a dialogue is for who began it', async () => {
  const first = await (await post({ user: user.name })).text();
  const second = await post({ dialogue: dialogueIn(first), answer: user.password });
  expect(second.status).toBe(200);
  const asked = await second.text();
  const fromAnother = await postAs(STRANGER, {
    dialogue: dialogueIn(asked),
    answer: oneTimePassword(1),
  });
  expect(fromAnother).toContain('Begin again');
  expect(fromAnother).toMatch(/^HTTP\/1.1 403/);
  const last = await post({ dialogue: dialogueIn(asked), answer: '000000' });
  expect(last.status).toBe(403);
  // It is over.
  expect((await post({ dialogue: dialogueIn(asked), answer: oneTimePassword(1) })).status).toBe(403);
});

test('after too many failures PAM is not asked at all, whatever the password, and others are not held up', async () => {
  for (let i = 0; i < 6; i++) await post({ user: user.name });
  const made = tries().length;
  expect(made).toBeGreaterThan(1);
  const held = await post({ user: user.name });
  expect(held.status).toBe(429);
  expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(1);
  expect(await held.text()).toContain('Too many tries');
  expect(tries().length).toBe(made);
  expect(await postAs(STRANGER, { user: user.name })).toMatch(/^HTTP\/1.1 200/);
  expect(tries().length).toBe(made + 1);
});

test('dialogues that nobody goes on with are given up for others', () => {
  const helpers = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'args=']).toString();
  const count = helpers.split('\n').filter((line) => line.includes('pam/dist/helper')).length;
  expect(count).toBeLessThanOrEqual(3);
  signIns.close();
});

/** The form as another user of this machine sends it; resolves to the whole answer. */
function postAs(uid: number, fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(fields).toString();
  const { port } = new URL(server.origin);
  const request = [
    'POST /sign-in HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Origin: ${server.origin}`,
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port}; cat >&3; cat <&3`;
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], { uid, gid: uid, stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', reject).on('close', () => resolve(said));
    child.stdin.end(request);
  });
}
