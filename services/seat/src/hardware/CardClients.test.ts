import { expect, test } from 'vitest';
import { parseCardClients } from './CardClients.js';

test('DRM’s list of open files is read, of several kernels, whatever the programs are called', () => {
  // Linux 6.1, and one of 6.16.
  expect(
    parseCardClients(`             command   pid dev master a   uid      magic
                node   238   0   n    y     0          0
               thief   317   0   y    y  1000          0
`),
  ).toEqual([
    { pid: 238, master: false },
    { pid: 317, master: true },
  ]);
  expect(
    parseCardClients(`             command  tgid dev master a   uid      magic                                                             name id
               Web Y  1204   0   y    y  1000          1                                                          <unset>  3
`),
  ).toEqual([{ pid: 1204, master: true }]);
  expect(parseCardClients('')).toEqual([]);
});

test('a program that calls itself like a line of the list does not have another taken for it', () => {
  for (const name of [' 1 0 y y 0 0', '\n 1 0 y y 0 0 ', '1   0   y    y 0', 'x 1 0 y y 0 0\n']) {
    const line = `${name.padStart(20)}  1204   0   y    y  1000          1\n`;
    for (const { pid } of parseCardClients(line)) expect(pid).toBe(1204);
  }
});
