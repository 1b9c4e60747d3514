import { describe, expect, it } from 'vitest';
import { parseCommandLine, standardConfigs } from './CommandLine.js';

describe("dbus-daemon's command line", () => {
  it('takes values behind = and as the next word', () => {
    const both = [
      ['--config-file=/c', '--address=unix:path=/a', '--print-address=4', '--print-pid=5'],
      ['--config-file', '/c', '--address', 'unix:path=/a', '--print-address', '4', '--print-pid', '5'],
    ].map(parseCommandLine);
    expect(both[1]).toEqual(both[0]);
    expect(both[0]).toMatchObject({
      configFile: '/c',
      address: 'unix:path=/a',
      printAddress: 4,
      printPid: 5,
    });
  });

  it('tells address and pid on stdout when no fd is named', () => {
    const line = parseCommandLine(['--print-address', '--print-pid', '--session']);
    expect(line).toMatchObject({ printAddress: 1, printPid: 1, configFile: standardConfigs.session });
  });

  it('knows every switch', () => {
    expect(
      parseCommandLine(['--system', '--nofork', '--nopidfile', '--nosyslog', '--systemd-activation']),
    ).toEqual({
      action: 'run',
      configFile: standardConfigs.system,
      address: undefined,
      printAddress: undefined,
      printPid: undefined,
      fork: false,
      pidFile: false,
      syslog: 'never',
      systemdActivation: true,
    });
    expect(parseCommandLine(['--session', '--fork', '--syslog-only'])).toMatchObject({
      fork: true,
      syslog: 'only',
    });
    expect(parseCommandLine(['--session', '--syslog'])).toMatchObject({ syslog: 'too' });
    const actions = ['--introspect', '--version', '--help'].map((one) => parseCommandLine([one]).action);
    expect(actions).toEqual(['introspect', 'version', 'help']);
  });

  it.each([
    [
      ['--session', '--config-file=/c'],
      /--config-file specified but configuration file .* already requested/,
    ],
    [['--print-address=one'], /Invalid file descriptor: "one"/],
    [['--config-file'], /needs a value/],
    [['--bees'], /^yard-busd \[--version\]/],
    [['bees'], /^yard-busd \[--version\]/],
    [['--fork=yes'], /takes no value/],
    [['--address=a', '--address=b'], /twice/],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });
});
