import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPrivilegesFile } from './PrivilegesFile.js';

const directory = mkdtempSync(join(tmpdir(), 'yard-privileges-'));
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string, mode = 0o600): unknown {
  const path = join(directory, 'privileges.json');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return readPrivilegesFile(path);
}

describe('privileges.json', () => {
  it('is a list of whom and what', () => {
    expect(read('[{"executable": "/usr/bin/grim", "uid": 7, "privileges": ["capture"]}]')).toEqual([
      { executable: '/usr/bin/grim', uid: 7, privileges: ['capture'] },
    ]);
  });

  it('need not be there', () => {
    expect(readPrivilegesFile(join(directory, 'none'))).toBeUndefined();
  });

  it('is not read when others could have written it', () => {
    expect(() => read('[]', 0o666)).toThrow('can be written by others');
  });

  it.each([
    ['{}', 'a list of rules is expected'],
    ['[{"privileges": []}]', 'rule 1: a uid or an executable is needed'],
    ['[{"uid": -1, "privileges": []}]', 'rule 1: uid is a number'],
    ['[{"executable": "grim", "privileges": []}]', 'rule 1: executable is an absolute path'],
    ['[{"uid": 1, "privileges": ["everything"]}]', '“everything” is none of capture, '],
    ['[{"uid": 1, "privileges": ["capture"], "unless": "locked"}]', 'rule 1: what is “unless”?'],
    ['[', 'privileges.json: '],
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });
});
