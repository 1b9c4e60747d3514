import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, Variant } from '@switchyard/dbus';
import { KEY } from '@switchyard/uapi';
import { ZwpTextInputManagerV3Proxy, type ZwpTextInputV3Proxy } from '@switchyard/wayland';
import { afterAll, expect, test } from 'vitest';
import { displayFixture } from '../support/DisplayFixture.js';
import { type TestClient, TestWindow } from '../support/TestClient.js';

const fixture = displayFixture();
const directory = mkdtempSync(join(tmpdir(), 'yard-text-'));
afterAll(() => rmSync(directory, { recursive: true, maxRetries: 10 }));

async function call(
  bus: Connection,
  member: string,
  signature: string,
  ...body: unknown[]
): Promise<unknown> {
  const [reply] = await bus.call({
    destination: 'org.switchyard.Display',
    path: '/org/switchyard/Display1',
    interface: 'org.switchyard.TextInput1',
    ...{ member, signature, body: ['seat0', ...body] },
  });
  return reply;
}

async function compose(what: {
  commit?: string;
  preedit?: string;
  cursor?: [number, number];
  before?: number;
  after?: number;
}): Promise<boolean> {
  const { commit = '', preedit = '', cursor = [0, 0], before = 0, after = 0 } = what;
  const bus = await fixture.tree.bus();
  return (await call(bus, 'Compose', 'sssiiuu', commit, preedit, ...cursor, before, after)) as boolean;
}

/** A client with a text input that says what it hears. */
async function writer(): Promise<{ client: TestClient; input: ZwpTextInputV3Proxy; window: TestWindow }> {
  const client = await fixture.connect();
  const globals = await client.display.globals();
  const input = globals
    .require(ZwpTextInputManagerV3Proxy, { minimum: 1, maximum: 1 })
    .getTextInput(client.seat, {
      enter: (_, surface) => client.say(`text.enter ${surface.id}`),
      leave: (_, surface) => client.say(`text.leave ${surface.id}`),
      preeditString: (_, text, begin, end) => client.say(`text.preedit ${text} ${begin} ${end}`),
      commitString: (_, text) => client.say(`text.commit ${text}`),
      deleteSurroundingText: (_, before, after) => client.say(`text.delete ${before} ${after}`),
      done: (_, serial) => client.say(`text.done ${serial}`),
    });
  const window = await TestWindow.open(client, { colour: 0xff00ff00 });
  await client.heard(`text.enter ${window.id}`);
  await client.heard(`keyboard.enter ${window.id}`);
  return { client, input, window };
}

test('a field is composed in, and the page knows what it is and where its cursor is', async () => {
  const { client, input } = await writer();
  input.enable();
  input.setContentType(0x201, 13);
  input.setSurroundingText('naïve', 4, 4);
  input.setCursorRectangle(100, 40, 2, 18);
  input.commit();
  await client.roundtrip();
  const bus = await fixture.tree.bus();
  const state = (await call(bus, 'GetState', 's')) as Map<string, Variant>;
  expect(Object.fromEntries([...state].map(([key, { value }]) => [key, value]))).toEqual({
    enabled: true,
    focused: true,
    purpose: 'terminal',
    hints: ['completion', 'multiline'],
    cursor: [100, 40, 2, 18],
    monitor: 1,
    surrounding: ['naïve', 4, 4],
  });
  const from = client.happenings.length;
  expect(await compose({ preedit: 'にほ', cursor: [3, 6] })).toBe(true);
  expect(await compose({ commit: '日本', before: 3 })).toBe(true);
  await client.heard('text.commit 日本', from);
  await client.roundtrip();
  await client.until(() => client.happenings.filter((text) => text === 'text.done 1').length === 2);
  expect(client.happenings.slice(from).filter((text) => text.startsWith('text.'))).toEqual([
    'text.preedit にほ 3 6',
    'text.done 1',
    'text.delete 3 0',
    'text.commit 日本',
    'text.done 1',
  ]);
});

test('a field counts while it is enabled and its window has the keyboard', async () => {
  const { client, input } = await writer();
  const enabled = async () => {
    await client.roundtrip();
    return ((await call(await fixture.tree.bus(), 'GetState', 's')) as Map<string, Variant>).get('enabled')
      ?.value;
  };
  expect(await enabled()).toBe(false);
  input.enable();
  expect(await enabled()).toBe(false);
  input.commit();
  expect(await enabled()).toBe(true);
  input.disable();
  input.commit();
  expect(await enabled()).toBe(false);
  input.enable();
  input.commit();
  const other = await fixture.connect((await fixture.session()).waylandDisplay);
  await TestWindow.open(other, { colour: 0xffff0000 });
  await client.heard('text.leave');
  expect(await enabled()).toBe(false);
  input.enable();
  input.commit();
  expect(await enabled()).toBe(false);
});

test('what the page may not say is refused', async () => {
  await expect(compose({ preedit: 'ä', cursor: [1, 2] })).rejects.toThrow('no place in the preedit');
  await expect(compose({ commit: 'a'.repeat(4001) })).rejects.toThrow('at most 4000');
});

test('text for a program without text input is typed, in any script, and the keyboard is itself again', async () => {
  const client = await fixture.connect();
  const window = await TestWindow.open(client, { colour: 0xff00ff00 });
  await client.heard(`keyboard.enter ${window.id}`);
  const from = client.happenings.length;
  expect(await compose({ commit: 'ß語ß' })).toBe(false);
  await client.until(
    () => client.happenings.slice(from).filter((text) => /key \d+ 0/.test(text)).length === 3,
  );
  fixture.seat.press(30);
  await client.heard('keyboard.key 30 0', from);
  expect(client.happenings.slice(from).filter((text) => text.startsWith('keyboard.'))).toEqual([
    'keyboard.keymap 1 true',
    'keyboard.modifiers 0 0 0 0',
    ...['keyboard.key 1 1', 'keyboard.key 1 0', 'keyboard.key 2 1', 'keyboard.key 2 0'],
    ...['keyboard.key 1 1', 'keyboard.key 1 0'],
    'keyboard.keymap 1 true',
    'keyboard.modifiers 0 0 0 0',
    ...['keyboard.key 30 1', 'keyboard.key 30 0'],
  ]);
});

test('foot gets composed text in its text input, and weston-terminal, which has none, as keys', async () => {
  const bus = await fixture.tree.bus();
  const state = async (key: string) =>
    ((await call(bus, 'GetState', 's')) as Map<string, Variant>).get(key)?.value;
  for (const program of ['foot', 'weston-terminal']) {
    const [file, script] = [join(directory, `${program}.text`), join(directory, `${program}.sh`)];
    writeFileSync(script, `#!/bin/sh\nread -r line; printf %s "$line" > ${file}; sleep 9\n`, { mode: 0o755 });
    const argv = program === 'foot' ? ['--config=/dev/null', script] : [`--shell=${script}`];
    const terminal = fixture.tree.run(program, argv);
    await expect.poll(() => state('focused')).toBe(true);
    await expect.poll(() => state('enabled')).toBe(program === 'foot');
    await compose({ preedit: 'nai' });
    await compose({ commit: 'naïve 日本語 👍' });
    await compose({ commit: program === 'foot' ? '\r' : '\n' });
    await expect.poll(() => readText(file)).toBe('naïve 日本語 👍');
    terminal.kill('SIGKILL');
    await expect.poll(() => state('focused')).toBe(false);
  }
});

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

test('dead keys of the seat’s layout compose in foot, in German and in international US', async () => {
  const { tree, seat } = fixture;
  const deadAcute = { de: KEY.EQUAL, us: KEY.APOSTROPHE };
  for (const [layout, variant] of [
    ['de', ''],
    ['us', 'intl'],
  ] as const) {
    await tree.kill('display');
    process.env['XKB_DEFAULT_LAYOUT'] = layout;
    process.env['XKB_DEFAULT_VARIANT'] = variant;
    await tree.start('display');
    delete process.env['XKB_DEFAULT_LAYOUT'];
    delete process.env['XKB_DEFAULT_VARIANT'];
    const [file, script] = [join(directory, `dead-${layout}`), join(directory, `dead-${layout}.sh`)];
    writeFileSync(script, `#!/bin/sh\nread -r line; printf %s "$line" > ${file}; sleep 9\n`, { mode: 0o755 });
    const bus = await tree.bus();
    const focused = async () =>
      ((await call(bus, 'GetState', 's').catch(() => new Map())) as Map<string, Variant>).get('focused')
        ?.value;
    const foot = tree.run('foot', ['--config=/dev/null', script], { LC_ALL: 'C.UTF-8' });
    await expect.poll(focused).toBe(true);
    for (const key of [deadAcute[layout], KEY.E, KEY.ENTER]) seat.press(key);
    await expect.poll(() => readText(file)).toBe('é');
    foot.kill('SIGKILL');
  }
});
