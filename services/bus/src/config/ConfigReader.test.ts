import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { referenceLimits } from '../Limits.js';
import { readConfig } from './ConfigReader.js';

const folder = mkdtempSync(join(tmpdir(), 'busconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Debian's package dbus-tests. */
const corpus = '/usr/lib/dbus-1.0/installed-tests/dbus/data';

function config(inside: string, name = 'bus.conf'): string {
  const path = join(folder, name);
  writeFileSync(path, `<busconfig>\n${inside}\n</busconfig>\n`);
  return path;
}

describe("dbus-daemon's own configuration files", () => {
  it.each(readdirSync(`${corpus}/valid-config-files`).filter((name) => name.endsWith('.conf')))(
    '%s is valid',
    (name) => {
      expect(readConfig(`${corpus}/valid-config-files/${name}`).listen).toBeDefined();
    },
  );

  it.each(readdirSync(`${corpus}/invalid-config-files`).filter((name) => name.endsWith('.conf')))(
    '%s is not, and the error names the file',
    (name) => {
      expect(() => readConfig(`${corpus}/invalid-config-files/${name}`)).toThrow(
        /^\/.*\/(invalid-config-files\/[\w-]+\.conf)(:\d+)?: /,
      );
    },
  );

  it.each(['basic', 'entities'])('two spellings of one configuration are read alike: %s', (name) => {
    const read = (n: number) => {
      const { includedFolders, ...rest } = readConfig(
        `${corpus}/equiv-config-files/${name}/${name}-${n}.conf`,
      );
      return rest;
    };
    expect(read(2)).toEqual(read(1));
  });

  it("the system bus's configuration is read with those of all installed services", () => {
    const read = readConfig('/usr/share/dbus-1/system.conf');
    expect(read).toMatchObject({ type: 'system', user: 'messagebus', fork: true, syslog: true });
    expect(read.listen).toEqual(['unix:path=/run/dbus/system_bus_socket']);
    expect(read.policy.byUser.get(0)!.length).toBeGreaterThan(3);
    expect(read.limits).toEqual(referenceLimits);
  });
});

describe('a configuration', () => {
  it('says nothing but what it says', () => {
    const read = readConfig(config('<listen>unix:tmpdir=/tmp</listen>'));
    expect(read).toMatchObject({ type: undefined, user: undefined, fork: false, serviceFolders: [] });
    expect(read.auth.size).toBe(0);
  });

  it('finds what it includes from where it stands, in order, the last word winning', () => {
    config('<type>session</type><listen>unix:path=/b</listen>', 'included.conf');
    mkdirSync(join(folder, 'more.d'), { recursive: true });
    config('<listen>unix:path=/d</listen>', 'more.d/10.conf');
    config('<listen>unix:path=/c</listen>', 'more.d/05.conf');
    writeFileSync(join(folder, 'more.d/README'), 'not for us');
    const read = readConfig(
      config(
        `<type>system</type><listen>unix:path=/a</listen><include>included.conf</include>
         <includedir>more.d</includedir><includedir>none.d</includedir>
         <include ignore_missing="yes">none.conf</include>`,
      ),
    );
    expect(read.type).toBe('session');
    expect(read.listen).toEqual(['a', 'b', 'c', 'd'].map((one) => `unix:path=/${one}`));
    expect(read.includedFolders).toEqual([join(folder, 'more.d'), join(folder, 'none.d')]);
  });

  it('does without a bad file in an included folder, and without all that it said', () => {
    mkdirSync(join(folder, 'bad.d'), { recursive: true });
    config('<listen>unix:path=/bad</listen>\n<bees/>', 'bad.d/bad.conf');
    config('<listen>unix:path=/good</listen>', 'bad.d/good.conf');
    const read = readConfig(config('<includedir>bad.d</includedir>'));
    expect(read.listen).toEqual(['unix:path=/good']);
    expect(read.warnings).toEqual([expect.stringContaining(`${join(folder, 'bad.d/bad.conf')}:3: `)]);
  });

  it('tells file and line of a mistake, also in what it includes', () => {
    config('\n<limit name="max_bees">1</limit>', 'wrong.conf');
    expect(() => readConfig(config('<include>wrong.conf</include>'))).toThrow(
      `${join(folder, 'wrong.conf')}:3: there is no limit "max_bees"`,
    );
    expect(() => readConfig(config('<include>none.conf</include>'))).toThrow(/none\.conf: cannot be read/);
    expect(() => readConfig(config('<listen>\n<bees/></listen>'))).toThrow(
      /bus\.conf:3: <bees> is not allowed inside <listen>/,
    );
  });

  it('takes all limits', () => {
    const names = [
      'max_incoming_bytes',
      'max_incoming_unix_fds',
      'max_outgoing_bytes',
      'max_outgoing_unix_fds',
      'max_message_size',
      'max_message_unix_fds',
      'service_start_timeout',
      'auth_timeout',
      'pending_fd_timeout',
      'max_completed_connections',
      'max_incomplete_connections',
      'max_connections_per_user',
      'max_pending_service_starts',
      'max_names_per_connection',
      'max_match_rules_per_connection',
      'max_replies_per_connection',
      'reply_timeout',
    ];
    const read = readConfig(config(names.map((name, n) => `<limit name="${name}">${n}</limit>`).join('\n')));
    expect(Object.values(read.limits).sort((a, b) => a - b)).toEqual(names.map((_, n) => n));
  });

  it('puts a policy where it belongs, and warns of users that are not here', () => {
    const read = readConfig(
      config(`
        <policy context="default"><allow user="*"/><deny own="*"/></policy>
        <policy user="root"><allow own="org.a"/></policy>
        <policy user="nobody-of-that-name"><allow own="org.b"/></policy>
        <policy group="0"><allow own_prefix="org.c"/></policy>
        <policy at_console="true"><allow send_destination="*" send_type="signal"/></policy>
        <policy context="mandatory"><deny receive_sender="org.d" eavesdrop="true"/></policy>`),
    );
    const { policy } = read;
    expect(policy.default.map((rule) => rule.kind)).toEqual(['user', 'own']);
    expect(policy.byUser.get(0)).toEqual([{ kind: 'own', allow: true, name: 'org.a', isPrefix: false }]);
    expect(policy.byGroup.get(0)).toEqual([{ kind: 'own', allow: true, name: 'org.c', isPrefix: true }]);
    expect(policy.atConsole[0]).toMatchObject({ kind: 'send', type: 4, destination: undefined });
    expect(policy.mandatory[0]).toMatchObject({ kind: 'receive', sender: 'org.d', requestedReply: false });
    expect(read.warnings).toEqual([expect.stringMatching(/:5: there is no user "nobody-of-that-name"/)]);
  });

  it('looks for session services where dbus-daemon does', () => {
    const file = config('<standard_session_servicedirs/><servicedir>own</servicedir>');
    const environment = { XDG_RUNTIME_DIR: '/r', HOME: '/h', XDG_DATA_DIRS: '/x:/y' };
    expect(readConfig(file, environment).serviceFolders.map(({ path }) => path)).toEqual([
      '/r/dbus-1/services',
      '/h/.local/share/dbus-1/services',
      '/x/dbus-1/services',
      '/y/dbus-1/services',
      '/usr/share/dbus-1/services',
      join(folder, 'own'),
    ]);
  });

  it('is read where dbus-daemon reads it', () => {
    // The reference fails at "cannot listen" only after it has taken the configuration.
    const file = config(
      '<type>session</type><listen>unix:path=/nowhere/at/all</listen><auth>EXTERNAL</auth>',
    );
    expect(readConfig(file).listen).toEqual(['unix:path=/nowhere/at/all']);
    const reference = spawnSync('dbus-daemon', [`--config-file=${file}`, '--nofork'], { encoding: 'utf8' });
    expect(reference.stderr).toContain('Failed to bind socket "/nowhere/at/all"');
  });
});
