import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** What a program logs, record by record. */
function records(program: string, environment: NodeJS.ProcessEnv = {}): Record<string, unknown>[] {
  const index = new URL('../dist/index.js', import.meta.url).href;
  const source = `import { createLog } from '${index}'; const log = createLog('probe'); ${program}`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return stderr
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a record is a line with who, when, how grave, about what and what', () => {
  const [first, second, ...more] = records(`
    log.info({ seat: 'seat0', big: 5n }, 'listening');
    log.warn('alone');
    log.debug('too little to be written');`);
  expect(first).toEqual({
    ...{ level: 30, name: 'probe', seat: 'seat0', big: 5, msg: 'listening' },
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    pid: expect.any(Number),
  });
  expect(second).toMatchObject({ level: 40, msg: 'alone' });
  expect(more).toEqual([]);
});

test('an error is told with its stack', () => {
  const [record] = records(`log.error({ error: new RangeError('no') }, 'failed');`);
  expect(record).toMatchObject({ level: 50, error: { type: 'RangeError', message: 'no' } });
});

test('the level is $YARD_LOG_LEVEL’s, and can be set', () => {
  const program = `log.debug('a'); log.info('b'); log.error('c'); log.level = 'silent'; log.fatal('d');`;
  const told = (level: string) => records(program, { YARD_LOG_LEVEL: level }).map(({ msg }) => msg);
  expect(told('debug')).toEqual(['a', 'b', 'c']);
  expect(told('error')).toEqual(['c']);
  expect(told('silent')).toEqual([]);
  expect(told('such as is not')).toEqual(['b', 'c']);
});

test('a log that cannot be written costs its records alone', () => {
  records(`import('node:fs').then(({ closeSync }) => { closeSync(2); log.info('lost'); });`);
});

test('what refers to itself is told as far as it can be', () => {
  expect(
    records(`const self = {}; self.self = self; log.info({ self }, 'round'); log.info('after');`),
  ).toMatchObject([{ msg: 'round', self: { self: '[Circular]' } }, { msg: 'after' }]);
});
