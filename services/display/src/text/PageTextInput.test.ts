import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, type Variant } from '@switchyard/dbus';
import { ZwpTextInputManagerV3Proxy } from '@switchyard/wayland';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Desk } from '../testing/Desk.js';
import { textInput1 } from './PageTextInput.js';

/** Debian’s nobody. */
const STRANGER = 65_534;
const directory = mkdtempSync(join(tmpdir(), 'yard-text-'));
const address = `unix:path=${join(directory, 'bus')}`;
/** It lets everybody in and everything through, to who listens in as well. */
const configuration = `<busconfig>
  <listen>${address}</listen><auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow eavesdrop="true"/><allow send_destination="*" eavesdrop="true"/>
  </policy>
</busconfig>`;
const type = 'signal';
const { interface: interfaceName } = textInput1;

let bus: ChildProcess;

beforeAll(async () => {
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, 'bus.conf'), configuration);
  const options = ['--nofork', '--print-address=1', `--config-file=${join(directory, 'bus.conf')}`];
  bus = spawn('dbus-daemon', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(bus.stdout!, 'data');
});

afterAll(async () => {
  const exit = once(bus, 'exit');
  bus.kill();
  await exit;
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

/** The kernel takes a socket’s user when it connects, which is done at once. */
function connectAs(uid: number): Promise<Connection> {
  process.seteuid!(uid);
  try {
    return Connection.connect(address);
  } finally {
    process.seteuid!(0);
  }
}

/** Whether a field is enabled, as often as it is told. */
async function listen(connection: Connection): Promise<boolean[]> {
  const heard: boolean[] = [];
  const match = connection.match({ type, interface: interfaceName }, ({ body }) =>
    heard.push((body[1] as Map<string, Variant>).get('enabled')?.value === true),
  );
  await match.ready;
  return heard;
}

it('tells who has asked for the state of its changes, and nobody else: no other user, whatever he listens for', async () => {
  using desk = new Desk();
  const session = desk.session();
  desk.monitor(session);
  desk.activate(session);
  const writer = await desk.connect(session);
  await writer.window(1280, 720);
  const ignore = () => {};
  const input = writer.globals.bind(ZwpTextInputManagerV3Proxy, 1)!.getTextInput(writer.seat, {
    ...{ enter: ignore, leave: ignore, preeditString: ignore, commitString: ignore },
    ...{ deleteSurroundingText: ignore, done: ignore },
  });
  using display = await Connection.connect(address);
  desk.compositor.extensions.textInput.serve(display);
  using stranger = await connectAs(STRANGER);
  using quiet = await Connection.connect(address);
  using asking = await Connection.connect(address);
  const [toStranger, toQuiet, toAsking] = await Promise.all([stranger, quiet, asking].map(listen));
  const getState = (connection: Connection) =>
    connection.call({
      ...{ ...textInput1, destination: display.uniqueName, member: 'GetState' },
      ...{ signature: 's', body: ['seat0'] },
    });
  await expect(getState(stranger)).rejects.toThrow(`uid ${STRANGER} cannot`);
  await getState(asking);
  input.enable();
  input.commit();
  await expect.poll(() => toAsking).toContain(true);
  // What the display had said to the others by now is here before the answers to these.
  await expect(getState(stranger)).rejects.toThrow(`uid ${STRANGER} cannot`);
  await display.call({
    ...{ destination: quiet.uniqueName, path: '/', interface: 'org.freedesktop.DBus.Peer', member: 'Ping' },
  });
  expect([...toStranger!, ...toQuiet!]).toEqual([]);
  // One that has gone is told no more, and harms nobody.
  asking.close();
  using again = await Connection.connect(address);
  const toAgain = await listen(again);
  await getState(again);
  input.disable();
  input.commit();
  await expect.poll(() => toAgain).toContain(false);
});
