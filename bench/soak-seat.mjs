/**
 * What a seat is like after a long time: sessions are switched, programs come and go, browsers connect and leave, the
 * clipboard and the size change. No service may have more fds than before, and its memory must stop growing.
 *
 *   npm run soak:seat -- [--switches 100000] [--clients 10000] [--browsers 1000] [--programs 100]
 *
 * Ends with status 1 when something grew.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { Connection } from '@switchyard/dbus';
import { addSeals, createMemfd } from '@switchyard/sys';
import {
  DisplayConnection,
  WlCompositorProxy,
  WlShmFormat,
  WlShmProxy,
  XdgWmBaseProxy,
} from '@switchyard/wayland';
import { TestViewer } from '../services/web/dist/testing/TestViewer.js';

const { values } = parseArgs({
  options: {
    switches: { type: 'string', default: '100000' },
    clients: { type: 'string', default: '10000' },
    browsers: { type: 'string', default: '1000' },
    programs: { type: 'string', default: '100' },
  },
});
const wanted = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));
/** The garbage collector comes when it wants: memory is as it was if it is within this. */
const allowedGrowth = 32 * 1024 * 1024;
/** What was let go of may take so long to be gone (ms). */
const settleTime = 2000;
const parts = 10;

const yardProgram = fileURLToPath(new URL('../cli/bin/yard.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'yard-soak-'));
const runtimeDir = join(directory, 'run');
const yard = async (...args) =>
  (await promisify(execFile)(process.execPath, [yardProgram, ...args, '--runtime-dir', runtimeDir])).stdout;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const tree = JSON.parse(
  await yard(
    'up',
    '--detach',
    '--json',
    '--port',
    '0',
    '--session',
    'weston-simple-shm',
    '--session',
    'foot',
  ),
);
process.env.XDG_RUNTIME_DIR = directory;
const bus = await Connection.connect(tree.bus);
const manager = bus.proxy('org.freedesktop.login1', '/org/freedesktop/login1');
const display = bus.proxy('org.switchyard.Display', '/org/switchyard/Display1');
const web = bus.proxy('org.switchyard.Web', '/org/switchyard/Web1');
const failures = [];

/** Each service with its memory and its descriptors. */
async function look() {
  const { services } = JSON.parse(await yard('status', '--json'));
  return new Map(
    services.map(({ name, pid, restarts }) => [
      name,
      {
        pid,
        restarts,
        rss: Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024,
        fds: readdirSync(`/proc/${pid}/fd`).length,
      },
    ]),
  );
}

/** Runs `step` so often, in parts, and says after each how the services are. */
async function phase(name, goal, step) {
  // What is made at the first use is there from now on.
  for (let i = 0; i < Math.min(goal, 5); i++) await step(i);
  await pause(settleTime);
  const before = await look();
  let early = before;
  const start = performance.now();
  for (let part = 1, done = 0; part <= parts; part++) {
    for (; done < (goal * part) / parts; done++) await step(done);
    await pause(settleTime);
    const now = await look();
    if (part === 3) early = now;
    const each = [...now].map(([service, { rss, fds }]) => {
      const more = fds - before.get(service).fds;
      return `${service} ${(rss / 2 ** 20).toFixed(0)} MiB${more === 0 ? '' : ` ${more > 0 ? '+' : ''}${more} fds`}`;
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`${name}: ${done.toLocaleString('en')} in ${seconds} s: ${each.join(', ')}`);
    if (part < parts) continue;
    for (const [service, { pid, restarts, rss, fds }] of now) {
      const first = before.get(service);
      const grown = rss - early.get(service).rss;
      if (pid !== first.pid || restarts !== first.restarts) failures.push(`${name}: ${service} died`);
      if (fds > first.fds) failures.push(`${name}: ${service} has ${fds - first.fds} fds more`);
      if (grown > allowedGrowth)
        failures.push(`${name}: ${service} grew by ${(grown / 2 ** 20).toFixed(0)} MiB`);
    }
  }
}

async function sessions() {
  const [rows] = await manager.call('org.freedesktop.login1.Manager', 'ListSessions', '');
  return rows.map(([id]) => id);
}

// ---- switches

while ((await sessions()).length < 3) await pause(50);
// Each comes to the front with its first window.
await pause(settleTime);
const ids = await sessions();
await phase('switches', wanted.switches, (i) =>
  manager.call('org.freedesktop.login1.Manager', 'ActivateSession', 's', ids[i % ids.length]),
);

// ---- programs of ours that map a window and go

/** A whole life: connected, a window shown, its frame seen, gone. */
async function live() {
  const connection = DisplayConnection.connect(tree.waylandDisplay);
  const globals = await connection.globals();
  const compositor = globals.bind(WlCompositorProxy, 4);
  const shm = globals.bind(WlShmProxy, 1, { format() {} });
  const shell = globals.bind(XdgWmBaseProxy, 3, { ping: (base, serial) => base.pong(serial) });
  const surface = compositor.createSurface({
    enter() {},
    leave() {},
    preferredBufferScale() {},
    preferredBufferTransform() {},
  });
  const [width, height] = [64, 64];
  await new Promise((resolve, reject) => {
    void connection.closed.then((error) => reject(error ?? new Error('the display let us go')));
    const xdgSurface = shell.getXdgSurface(surface, {
      configure: (xdg, serial) => {
        xdg.ackConfigure(serial);
        const memory = createMemfd('soak', { size: width * height * 4 });
        addSeals(memory, ['shrink']);
        const pool = shm.createPool(memory, width * height * 4);
        surface.attach(
          pool.createBuffer(0, width, height, width * 4, WlShmFormat.xrgb8888, { release() {} }),
          0,
          0,
        );
        surface.damage(0, 0, width, height);
        surface.frame({ done: () => resolve() });
        surface.commit();
      },
    });
    xdgSurface.getToplevel({ configure() {}, close() {}, configureBounds() {}, wmCapabilities() {} });
    surface.commit();
  });
  connection.disconnect();
}
await phase('clients', wanted.clients, live);

// ---- whole programs

const programs = [['weston-simple-shm'], ['foot', '-e', 'true'], ['wl-copy', 'text'], ['wayland-info']];
await phase('programs', wanted.programs, async (i) => {
  const [program, ...args] = programs[i % programs.length];
  const child = spawn(program, args, {
    env: { ...process.env, WAYLAND_DISPLAY: tree.waylandDisplay },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  if (program === 'weston-simple-shm') setTimeout(() => child.kill(), 300);
  await ended;
});
// The last wl-copy serves its text until somebody else copies.
await display.call('org.switchyard.Clipboard1', 'SetSelection', 'sa{sh}', tree.seat, new Map());

// ---- browsers

await phase('browsers', wanted.browsers, async (i) => {
  const viewer = await TestViewer.greet(tree.url);
  await viewer.until(() => viewer.frames.length > 0 || viewer.closed !== undefined);
  if (viewer.closed) throw new Error(`the seat closed the connection: ${viewer.closed.reason}`);
  if (i % 10 === 0)
    await web.call('org.switchyard.Web1', 'SetMode', 'suu', tree.seat, 800 + (i % 3) * 100, 600);
  await viewer.close();
});

bus.close();
await yard('down');
rmSync(directory, { recursive: true, force: true });
for (const failure of failures) console.log(`GREW: ${failure}`);
console.log(failures.length === 0 ? 'nothing grew' : `${failures.length} things grew`);
process.exitCode = failures.length === 0 ? 0 : 1;
