import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticate } from './authenticate.js';
import { Dialogue } from './Dialogue.js';
import { Throttle } from './Throttle.js';
import { TestUser } from './testing/TestUser.js';

const answer = (text: string) => new TextEncoder().encode(text);
/** The tests have other things to do than to wait for the guesser's delay. */
const quick = () => ({ throttle: new Throttle(1) });

describe('a real user of this machine', () => {
  let user: TestUser;
  beforeAll(() => {
    user = new TestUser();
  });
  afterAll(() => user[Symbol.dispose]());

  it('is let in by the password', async () => {
    expect(await authenticate(user.name, answer(user.password), quick())).toEqual({
      allowed: true,
      user: user.name,
    });
  });

  it('is refused with another in the same words as somebody who does not exist', async () => {
    const wrong = await authenticate(user.name, answer(`${user.password}x`), quick());
    const nobody = await authenticate('nobody-has-this-name', answer('x'), quick());
    expect(wrong).toEqual({ allowed: false, why: 'denied' });
    expect(nobody).toEqual(wrong);
  });

  it('is refused without a password, with one that is too long or has a NUL, and by an empty name', async () => {
    for (const [name, text] of [
      [user.name, ''],
      [user.name, 'x'.repeat(512)],
      [user.name, `${user.password}\0`],
      ['', user.password],
      [`../${user.name}`, user.password],
    ] as const) {
      expect(await authenticate(name, answer(text), quick())).toEqual({ allowed: false, why: 'denied' });
    }
  });

  it('leaves nothing of the answer behind', async () => {
    const typed = answer(user.password);
    await authenticate(user.name, typed, quick());
    expect(typed.every((byte) => byte === 0)).toBe(true);
  });

  it('has no password in the arguments and the environment of any process', async () => {
    const seen: string[] = [];
    const dialogue = Dialogue.begin(
      { user: user.name },
      {
        ask: async () => {
          for (const file of ['cmdline', 'environ']) {
            seen.push(readFileSync(`/proc/${dialogue.pid}/${file}`, 'latin1'));
          }
          return answer(user.password);
        },
      },
    );
    expect(await dialogue.verdict).toEqual({ allowed: true, user: user.name });
    for (const file of ['cmdline', 'environ']) {
      seen.push(readFileSync(`/proc/${dialogue.pid}/${file}`, 'latin1'));
    }
    dialogue.close();
    expect(seen).toHaveLength(4);
    expect(seen.join('')).not.toContain(user.password);
  });

  it('asks for the name when none is given', async () => {
    const questions: string[] = [];
    const dialogue = Dialogue.begin(
      { user: '' },
      {
        ask: async (question, shown) => {
          questions.push(question.trim());
          return answer(shown ? user.name : user.password);
        },
      },
    );
    expect(await dialogue.verdict).toEqual({ allowed: true, user: user.name });
    dialogue.close();
    expect(questions).toHaveLength(2);
  });

  it('can give up at a question', async () => {
    const dialogue = Dialogue.begin({ user: user.name }, { ask: async () => undefined });
    expect(await dialogue.verdict).toEqual({ allowed: false, why: 'denied' });
  });

  it('has a session around a program, which ends with its status', async () => {
    const dialogue = Dialogue.begin({ user: user.name }, { ask: async () => answer(user.password) });
    const folder = mkdtempSync(join(tmpdir(), 'yard-pam-'));
    const script = `env > ${folder}/environment; exit 7`;
    const { pid, ended } = await dialogue.run({
      argv: ['/bin/sh', '-c', script],
      environment: { XDG_SEAT: 'seat0', HOME: folder },
      directory: folder,
    });
    expect(pid).toBeGreaterThan(0);
    expect(await ended).toBe(7);
    const environment = readFileSync(join(folder, 'environment'), 'utf8');
    rmSync(folder, { recursive: true, maxRetries: 10 });
    // pam_env of the service login sets PATH or LANG; what we give goes over it.
    expect(environment).toContain('XDG_SEAT=seat0');
    expect(environment).toContain(`HOME=${folder}`);
    expect(environment).not.toContain(user.password);
  });

  it('is told when no session can be opened', async () => {
    const dialogue = Dialogue.begin({ user: user.name }, { ask: async () => answer(user.password) });
    await expect(
      dialogue.run({ argv: ['/no/such/program'], environment: {}, directory: '/' }),
    ).rejects.toThrow('ENOENT');
  });

  it('may ask about itself without being root, and about nobody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yard-pam-'));
    try {
      copyForEverybody(folder);
      const script = `import { authenticate } from '@switchyard/pam';
        import { readFileSync } from 'node:fs';
        const [name, password] = readFileSync(0, 'utf8').split('\\n');
        const verdict = await authenticate(name, new TextEncoder().encode(password));
        console.log(JSON.stringify(verdict));`;
      const asUser = (name: string, password: string) =>
        JSON.parse(
          execFileSync(
            'setpriv',
            [
              ...[`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'],
              ...[join(folder, 'node'), '--input-type=module', '-e', script],
            ],
            { input: `${name}\n${password}\n`, cwd: folder },
          ).toString(),
        );
      expect(asUser(user.name, user.password)).toEqual({ allowed: true, user: user.name });
      expect(asUser(user.name, 'wrong')).toEqual({ allowed: false, why: 'denied' });
      using other = new TestUser();
      expect(asUser(other.name, other.password)).toMatchObject({ allowed: false });
    } finally {
      rmSync(folder, { recursive: true, maxRetries: 10 });
    }
  });
});

describe('an account', () => {
  it('that is closed lets nobody in, and says so only to who knows the password', async () => {
    using user = new TestUser();
    user.change('--expiredate', '2001-01-01');
    expect(await authenticate(user.name, answer(user.password), quick())).toEqual({
      allowed: false,
      why: 'closed',
    });
    expect(await authenticate(user.name, answer('wrong'), quick())).toEqual({
      allowed: false,
      why: 'denied',
    });
  });

  it('whose password must be changed is let in after that, where there is room for the questions', async () => {
    using user = new TestUser();
    user.change('--lastday', '0');
    expect(await authenticate(user.name, answer(user.password), quick())).toEqual({
      allowed: false,
      why: 'expired',
    });
    const fresh = 'Quite-another-1-than-before';
    const questions: string[] = [];
    const dialogue = Dialogue.begin(
      { user: user.name, mayChange: true },
      {
        ask: async (question) => {
          questions.push(question);
          return answer(/new/i.test(question) ? fresh : user.password);
        },
      },
    );
    expect(await dialogue.verdict).toEqual({ allowed: true, user: user.name });
    dialogue.close();
    expect(questions.some((question) => /new/i.test(question))).toBe(true);
    expect(await authenticate(user.name, answer(fresh), quick())).toMatchObject({ allowed: true });
  });
});

it('a machine whose rules cannot be followed says so, and lets nobody in', async () => {
  // libpam looks for it in lower case.
  const name = `yard-test-${process.pid}`;
  writeFileSync(`/etc/pam.d/${name}`, 'auth required pam_of_nobody.so\n');
  try {
    const verdict = await authenticate('root', answer('x'), { service: name, ...quick() });
    expect(verdict).toMatchObject({ allowed: false, why: 'unavailable' });
  } finally {
    rmSync(`/etc/pam.d/${name}`);
  }
});

/** A clone may lie where other users cannot go, and so may Node. */
function copyForEverybody(folder: string): void {
  const dist = fileURLToPath(new URL('../dist', import.meta.url));
  const native = dirname(createRequire(import.meta.url).resolve('@switchyard/native/package.json'));
  cpSync(dist, join(folder, 'node_modules/@switchyard/pam/dist'), { recursive: true });
  cpSync(join(dist, '../package.json'), join(folder, 'node_modules/@switchyard/pam/package.json'));
  cpSync(process.execPath, join(folder, 'node'));
  const modules = join(folder, 'node_modules');
  for (const file of ['package.json', 'index.cjs', 'build/Release/switchyard.node']) {
    cpSync(join(native, file), join(modules, '@switchyard/native', file));
  }
  const build = dirname(createRequire(join(native, 'index.cjs')).resolve('node-gyp-build/package.json'));
  cpSync(build, join(modules, 'node-gyp-build'), { recursive: true, dereference: true });
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  execFileSync('chmod', ['-R', 'a+rX', folder]);
}
