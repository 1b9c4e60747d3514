import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { login1 } from '@switchyard/seat';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LingerStore } from './LingerStore.js';
import { RuntimeDirectories } from './RuntimeDirectories.js';
import { SeatEventsHub } from './SeatEventsHub.js';
import { SeatTree } from './testing/SeatTree.js';
import { UserRegistry } from './UserRegistry.js';

/** Debian's user of nobody's. */
const NOBODY = 65534;

describe.skipIf(process.getuid?.() !== 0)('a user’s runtime directory', () => {
  let place: string;
  let prefix: string;
  let failures: string[];
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'yard-run-user-'));
    chmodSync(place, 0o755);
    prefix = join(place, 'user');
    failures = [];
  });
  afterEach(() => rmSync(place, { recursive: true }));

  function directories(): RuntimeDirectories {
    return new RuntimeDirectories(join(place, 'records'), ({ message }) => failures.push(message));
  }
  function users(): { registry: UserRegistry } {
    const events = new SeatEventsHub();
    const one = directories();
    events.add(one);
    const registry = new UserRegistry(events, new LingerStore(join(place, 'linger')), prefix);
    registry.restore();
    one.reconcile(registry, prefix);
    return { registry };
  }
  const path = () => join(prefix, `${NOBODY}`);

  test('is theirs alone, and there from the first session to the last', async () => {
    const tree = await SeatTree.start(100, '--run-user-prefix', prefix);
    const connection = await tree.connect();
    const call = (member: string, signature: string, ...body: unknown[]) =>
      connection.call({
        destination: login1.name,
        path: login1.path,
        interface: login1.manager,
        member,
        signature,
        body,
      });
    const open = (leader: number) =>
      // biome-ignore format: in the order of the signature
      call('CreateSession', 'uusssssussbssa(sv)', NOBODY, leader, 'test', 'tty', 'user', '', '', 0, '', '', false, '', '', []);
    const first = await open(tree.leader().pid);
    expect(first[2]).toBe(path());
    const { uid, gid, mode } = statSync(path());
    expect([uid, gid, mode & 0o7777]).toEqual([NOBODY, NOBODY, 0o700]);
    const second = await open(tree.leader().pid);
    await call('ReleaseSession', 's', first[0]);
    writeFileSync(join(path(), 'left'), 'behind');
    expect(existsSync(path())).toBe(true);
    await call('ReleaseSession', 's', second[0]);
    expect(existsSync(path())).toBe(false);
    for (const reply of [first, second]) (reply[3] as { close(): void }).close();
    await tree.stop();
  });

  test('stays as long as the user lingers, over a restart too', () => {
    const { registry } = users();
    registry.setLinger(NOBODY, true);
    expect(existsSync(path())).toBe(true);
    writeFileSync(join(path(), 'file'), '');
    const again = users();
    expect(readdirSync(path())).toEqual(['file']);
    again.registry.setLinger(NOBODY, false);
    expect(existsSync(path())).toBe(false);
    expect(failures).toEqual([]);
  });

  test('is removed when the user left while no manager ran', () => {
    const { registry } = users();
    registry.setLinger(NOBODY, true);
    rmSync(join(place, 'linger'), { recursive: true });
    users();
    expect(existsSync(path())).toBe(false);
    expect(readdirSync(join(place, 'records'))).toEqual([]);
  });

  test('that somebody else made is left as it is', () => {
    mkdirSync(path(), { recursive: true });
    writeFileSync(join(path(), 'bus'), '');
    const { registry } = users();
    registry.setLinger(NOBODY, true);
    registry.setLinger(NOBODY, false);
    expect(readdirSync(path())).toEqual(['bus']);
  });

  test('is none where a symbolic link lies in its place', () => {
    mkdirSync(prefix);
    symlinkSync(place, path());
    const { registry } = users();
    registry.setLinger(NOBODY, true);
    expect(failures).toEqual([`${path()} is no directory`]);
    registry.setLinger(NOBODY, false);
    expect(existsSync(join(place, 'records'))).toBe(true);
  });

  test('without a file system of its own is emptied by the user, whose links lead nowhere', async () => {
    const { registry } = users();
    // As where nothing can be mounted: a plain directory, recorded as ours.
    mkdirSync(prefix);
    mkdirSync(path(), { mode: 0o700 });
    chownSync(path(), NOBODY, NOBODY);
    writeFileSync(join(place, 'records', `${NOBODY}`), '');
    mkdirSync(join(place, 'precious'), { mode: 0o777 });
    chmodSync(join(place, 'precious'), 0o777);
    writeFileSync(join(place, 'precious/file'), '');
    symlinkSync(join(place, 'precious'), join(path(), 'link'));
    registry.setLinger(NOBODY, true);
    registry.setLinger(NOBODY, false);
    expect(existsSync(path())).toBe(false);
    const deadline = Date.now() + 60_000;
    while (readdirSync(prefix).length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(readdirSync(prefix)).toEqual([]);
    expect(existsSync(join(place, 'precious/file'))).toBe(true);
  });
});
