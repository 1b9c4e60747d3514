import { describe, expect, it } from 'vitest';
import { splitCommandLine } from './commandLine.js';
import { parseServiceFile } from './ServiceFile.js';

describe('a .service file', () => {
  const parse = (text: string) => parseServiceFile(text, 'x.service');

  it('says what starts a name', () => {
    const text = `# of somebody
[Other]
Name=org.other
[D-BUS Service]
Name=org.x.Y
Name=org.x.Second
Name[de]=org.x.Z
Exec=/bin/x --with\\sspace
User=daemon
SystemdService=x.service
`;
    expect(parse(text)).toEqual({
      file: 'x.service',
      name: 'org.x.Y',
      exec: '/bin/x --with space',
      user: 'daemon',
      systemdService: 'x.service',
    });
  });

  it.each([
    ['[D-BUS Service]\nExec=/bin/x', 'no Name'],
    ['[D-BUS Service]\nName=x\nExec=/bin/x', 'not a name that can be owned: "x"'],
    ['[D-BUS Service]\nName=:1.2\nExec=/bin/x', 'not a name'],
    ['[D-BUS Service]\nName=org.x\nSystemdService=x.service', 'no Exec'],
    ['[D-BUS Service]\nName=org.x\nbees', 'x.service:3: neither [group] nor key=value'],
    ['Name=org.x', 'x.service:1: neither'],
    ['[D-BUS Service]\nName=org.x\nExec=\\q', 'no such escape: \\q'],
  ])('is refused: %j', (text, why) => {
    expect(() => parse(text)).toThrow(why);
  });
});

describe('a command line', () => {
  it.each([
    ['/bin/x a  b\tc', ['/bin/x', 'a', 'b', 'c']],
    [`-test "that" 'we get' back "" ''`, ['-test', 'that', 'we get', 'back', '', '']],
    [`a\\ b "c\\"\\d\\\\" 'e\\'f`, ['a b', 'c"\\d\\', 'e\\f']],
    ['a # b c\nd e#f', ['a', 'd', 'e#f']],
    ['a"b"\'c\'d', ['abcd']],
    ['a \\\nb', ['a', 'b']],
  ])('is cut into words as a shell does: %j', (text, words) => {
    expect(splitCommandLine(text)).toEqual(words);
  });

  it.each(["a 'b", 'a "b', 'a \\'])('is refused: %j', (text) => {
    expect(() => splitCommandLine(text)).toThrow();
  });
});
