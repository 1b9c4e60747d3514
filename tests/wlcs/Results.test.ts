import { expect, it } from 'vitest';
import { parseExpected, Results } from './Results.js';

const output = `[----------] 3 tests from Suite
[ RUN      ] Suite.one
[       OK ] Suite.one (12 ms)
[ RUN      ] Suite.two/0
file.cpp:1: Failure
[  FAILED  ] Suite.two/0, where GetParam() = (a, b) (5 ms)
[ RUN      ] Suite.three
[          ] Missing extension: wl_shell>= 1
[     SKIP ] Suite.three (6ms)
[  FAILED  ] Suite.two/0, where GetParam() = (a, b)
`;

it('every test has one verdict, and its own output', () => {
  const results = new Results();
  results.add(output);
  expect([...results.verdicts]).toEqual([
    ['Suite.one', 'OK'],
    ['Suite.two/0', 'FAILED'],
    ['Suite.three', 'SKIP'],
  ]);
  expect(results.outputOf('Suite.two/0')).toContain('file.cpp:1: Failure');
  expect(results.outputOf('Suite.two/0')).not.toContain('Suite.three');
});

it('the later of two runs counts', () => {
  const results = new Results();
  results.add(output);
  results.add('[ RUN      ] Suite.two/0\n[       OK ] Suite.two/0 (5 ms)\n');
  expect(results.named('FAILED')).toEqual([]);
  expect(results.table).toContain('2 passed    0 failed    1 skipped');
});

it('the list names each test with each of its parameters', () => {
  expect(parseExpected('A.\n  plain\n  each 0 1\nB/C.\n  named x_1\n')).toEqual([
    'A.plain',
    'A.each/0',
    'A.each/1',
    'B/C.named/x_1',
  ]);
});
