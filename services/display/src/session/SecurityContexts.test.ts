import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemfd, createPipe, type Fd, Listener } from '@switchyard/sys';
import {
  DisplayConnection,
  WpSecurityContextManagerV1Proxy,
  type WpSecurityContextV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Desk, type DeskClient } from '../testing/Desk.js';

let desk: Desk;
let sandbox: DeskClient;
let directory: string;
let path: string;
let listener: Listener;
let keepOpen: Fd;

beforeEach(async () => {
  desk = new Desk();
  sandbox = await desk.connect(desk.session('privileged', { privileges: ['capture', 'session-lock'] }));
  directory = mkdtempSync(join(tmpdir(), 'yard-sandbox-'));
  path = join(directory, 'wayland');
  // Only the display accepts here.
  listener = Listener.listen(path, { onConnection: (socket) => socket.close() });
});

afterEach(() => {
  desk[Symbol.dispose]();
  listener.close();
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

function context(): WpSecurityContextV1Proxy {
  const { reading, writing } = createPipe();
  keepOpen = writing;
  const given = listener.fd.dup();
  // It is the display's to accept from now on; the file stays.
  renameSync(path, `${path}.kept`);
  listener.close();
  renameSync(`${path}.kept`, path);
  return sandbox.globals.bind(WpSecurityContextManagerV1Proxy, 1)!.createListener(given, reading);
}

async function globalsAt(address: string): Promise<string[]> {
  const connection = DisplayConnection.connect(address);
  const names = [...(await connection.globals())].map((global) => global.interface);
  connection.disconnect();
  return names;
}

it('has clients that see no privileged global, nor the way to another context', async () => {
  const made = context();
  made.setSandboxEngine('org.flatpak');
  made.setAppId('org.example.App');
  made.commit();
  await sandbox.roundtrip();
  const names = await globalsAt(path);
  expect({
    privileged: names.includes('zwlr_screencopy_manager_v1') || names.includes('ext_session_lock_manager_v1'),
    contexts: names.includes('wp_security_context_manager_v1'),
    compositor: names.includes('wl_compositor'),
  }).toEqual({ privileged: false, contexts: false, compositor: true });
});

it('accepts nobody any more when the sandbox has gone', async () => {
  const made = context();
  made.commit();
  await sandbox.roundtrip();
  await globalsAt(path);
  keepOpen.close();
  await expect
    .poll(() =>
      globalsAt(path).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed');
});

it('has a client hold no more descriptors of the display than a sandbox needs', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const manager = sandbox.globals.bind(WpSecurityContextManagerV1Proxy, 1)!;
  await sandbox.roundtrip();
  const before = open();
  const attack = async () => {
    for (let i = 0; i < 100; i++) {
      const { reading, writing } = createPipe();
      writing.close();
      manager.createListener(listener.fd.dup(), reading);
      await sandbox.roundtrip();
    }
  };
  await expect(attack()).rejects.toThrow('no_memory');
  await expect.poll(open).toBeLessThanOrEqual(before);
});

it.each<[string, () => void]>([
  [
    'invalid_listen_fd',
    () => {
      const { reading, writing } = createPipe();
      sandbox.globals
        .bind(WpSecurityContextManagerV1Proxy, 1)!
        .createListener(createMemfd('x', { size: 1 }), reading);
      writing.close();
    },
  ],
  [
    'already_set',
    () => {
      const made = context();
      made.setAppId('one');
      made.setAppId('two');
    },
  ],
  [
    'already_used',
    () => {
      const made = context();
      made.commit();
      made.setAppId('late');
    },
  ],
  ['invalid_metadata', () => context().setInstanceId('x'.repeat(2000))],
])('%s is the error of who does not keep to it', async (name, wrong) => {
  wrong();
  await expect(sandbox.roundtrip()).rejects.toThrow(name);
});
