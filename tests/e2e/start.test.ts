import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually, type SessionListing, yard } from '../support/YardTree.js';

const yardScript = fileURLToPath(new URL('../../cli/bin/yard.js', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'yard-start-'));
});
// Programs that were killed may write here still.
afterEach(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));

const environment = () => ({
  XDG_RUNTIME_DIR: directory,
  YARD_RUNTIME_DIR: join(directory, 'run'),
  PS1: '$ ',
  SHELL: '/bin/sh',
  ENV: '',
  HOME: directory,
});

/** `yard up` in the foreground, as a person starts it; resolves with its first line. */
async function up(...args: string[]): Promise<{ line: string; end: () => Promise<void> }> {
  const child = spawn(process.execPath, [yardScript, 'up', '--port', '0', ...args], {
    env: { ...process.env, ...environment() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    line: String(line),
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

test('the address is told before the seat is up, and whoever asks for the seat then waits for it', async () => {
  const tree = await up();
  try {
    expect(tree.line).toMatch(/^seat0 {2}http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n$/);
    // To the page, with a cookie.
    const answer = await fetch(tree.line.trim().split(/\s+/)[1]!, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/#/)]);
    const { status, stdout } = await yard(['sessions', '--json'], { environment: environment() });
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as SessionListing[]).map(({ name }) => name)).toHaveLength(1);
  } finally {
    await tree.end();
  }
});

test('programs of --session begin before the seat is up, and are sessions like others', async () => {
  const told = join(directory, 'told');
  const tell = `sh -c "echo $XDG_SESSION_ID >${told}; exec foot sleep 60"`;
  const tree = await up('--no-console', '--session', tell, '--session', 'true');
  try {
    const shown = await eventually('the session', async () => {
      const { stdout } = await yard(['sessions', '--json'], { environment: environment() });
      // In front it may be before its program has run.
      const id = readFileSync(told, 'utf8').trim();
      return (JSON.parse(stdout) as SessionListing[]).find((one) => one.state === 'active' && one.id === id);
    });
    const variables = readFileSync(`/proc/${shown.leader}/environ`, 'utf8').split('\0');
    const value = (name: string) =>
      variables.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
    expect(value('XDG_SESSION_ID')).toBe(shown.id);
    // Who is told that name comes to the seat's common display.
    const common = { ...environment(), WAYLAND_DISPLAY: value('YARD_WAYLAND_DISPLAY')! };
    const other = spawn('foot', ['sleep', '60'], { env: { ...process.env, ...common }, stdio: 'ignore' });
    await eventually('another session', async () => {
      const { stdout } = await yard(['sessions', '--json'], { environment: environment() });
      return (JSON.parse(stdout) as SessionListing[]).some(({ leader }) => leader === other.pid);
    });
    other.kill();
  } finally {
    await tree.end();
  }
});

test('a person’s own certificates are the shell’s, though the programs of the seat start without them', async () => {
  const told = join(directory, 'told');
  const certificates = '/etc/ssl/office.pem';
  const { status } = await yard(
    ['up', '--detach', '--port', '0', '--session', `sh -c "echo $NODE_EXTRA_CA_CERTS >${told}"`],
    {
      environment: { ...environment(), NODE_EXTRA_CA_CERTS: certificates },
    },
  );
  expect(status).toBe(0);
  try {
    await eventually('the program', async () => readFileSync(told, 'utf8').trim() === certificates);
    await eventually('the shell', async () => {
      await yard(['type', 'echo cert=$NODE_EXTRA_CA_CERTS\n'], { environment: environment() });
      const { stdout } = await yard(['console', 'text'], { environment: environment() });
      return stdout.includes(`cert=${certificates}`);
    });
    const { stdout } = await yard(['status', '--json'], { environment: environment() });
    for (const { name, pid } of (JSON.parse(stdout) as { services: { name: string; pid: number }[] })
      .services)
      if (name !== 'supervisor')
        expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('\0NODE_EXTRA_CA_CERTS=');
  } finally {
    await yard(['down'], { environment: environment() });
  }
});
