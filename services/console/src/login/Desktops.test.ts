import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accountNamed, people } from './Accounts.js';
import { desktops, parseDesktop } from './Desktops.js';

it('a desktop’s command is split as its specification says', () => {
  const text =
    '[Desktop Entry]\nName=A Desktop\nExec="/opt/a desk/start" --quote "say \\"hi\\"" %U 100%%\n[Other]\nName=No\n';
  expect(parseDesktop('a.desktop', text)).toEqual({
    id: 'a',
    name: 'A Desktop',
    command: ['/opt/a desk/start', '--quote', 'say "hi"', '100%'],
  });
  expect(parseDesktop('a.desktop', `${text.replace('[Other]', 'Hidden=true\n[Other]')}`)).toBeUndefined();
  expect(parseDesktop('a.desktop', '[Desktop Entry]\nName=Nothing to run\n')).toBeUndefined();
  expect(parseDesktop('a.desktop', '')).toBeUndefined();
});

it('the terminal is always there, also where no desktop is', () => {
  expect(desktops('/no/such/folder').map(({ name }) => name)).toEqual(['Terminal']);
});

it('people are those who can log in, by their names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yard-passwd-'));
  const path = join(folder, 'passwd');
  writeFileSync(
    path,
    [
      'root:x:0:0:root:/root:/bin/bash',
      'zoe:x:1001:1001:Zoe Z,,,:/home/zoe:/bin/zsh',
      'adam:x:1000:1000::/home/adam:',
      'svc:x:1002:1002::/:/usr/sbin/nologin',
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
      '# no entry',
      '',
    ].join('\n'),
  );
  expect(people(path).map(({ name, fullName, shell }) => [name, fullName, shell])).toEqual([
    ['adam', '', '/bin/sh'],
    ['zoe', 'Zoe Z', '/bin/zsh'],
  ]);
  expect(accountNamed('root', path)).toMatchObject({ uid: 0, home: '/root' });
  expect(accountNamed('nobody-else', path)).toBeUndefined();
  rmSync(folder, { recursive: true });
});
