import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addSeals, createMemfd, Mapping, truncate } from '@switchyard/sys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DisplayConnection } from '../client/DisplayConnection.js';
import type { ProtocolError } from '../client/ProtocolError.js';
import {
  WlCompositorProxy,
  WlCompositorResource,
  WlOutputResource,
  WlSeatCapability,
  WlSeatResource,
  WlShmFormat,
  WlShmProxy,
  WlShmResource,
  XdgWmBaseProxy,
} from '../generated/index.js';
import { Display } from '../server/Display.js';
import { permissiveHandler } from './permissiveHandler.js';

const run = promisify(execFile);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayland-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, maxRetries: 10 });
});

describe('with libwayland on the other side,', () => {
  it('wayland-info sees the globals of a server of ours, and what they say of themselves', async () => {
    const display = new Display();
    display.addGlobal(WlCompositorResource, 5, (compositor) => compositor.implement(permissiveHandler));
    display.addGlobal(WlShmResource, 1, (shm) => {
      shm.implement(permissiveHandler).sendFormat(WlShmFormat.argb8888);
    });
    display.addGlobal(WlSeatResource, 5, (seat) => {
      seat.implement(permissiveHandler);
      seat.sendCapabilities(WlSeatCapability.pointer | WlSeatCapability.keyboard);
      seat.sendName('seat-ü');
    });
    display.addGlobal(WlOutputResource, 4, (output) => {
      output.implement(permissiveHandler);
      output.sendGeometry(0, 0, 340, 190, 0, 'Switchyard', 'virtual', 0);
      output.sendMode(1, 1280, 720, 60_000);
      output.sendName('WEB-1');
      output.sendDone();
    });
    display.listen(join(folder, 'wayland-5'));
    const env = { ...process.env, XDG_RUNTIME_DIR: folder, WAYLAND_DISPLAY: 'wayland-5' };
    const { stdout } = await run('wayland-info', { env });
    display.destroy();
    expect(stdout).toMatch(/'wl_compositor', +version: +5/);
    expect(stdout).toContain("0 = 'AR24'");
    expect(stdout).toContain('name: seat-ü');
    expect(stdout).toContain('capabilities: pointer keyboard');
    expect(stdout).toContain("make: 'Switchyard', model: 'virtual'");
    expect(stdout).toContain('width: 1280 px, height: 720 px, refresh: 60.000 Hz');
    expect(stdout).toContain('name: WEB-1');
  });

  it('a client of ours shows a window on weston, gets its buffer back, and its mistakes by their names', async () => {
    const weston = await startWeston(folder);
    try {
      await showWindow(join(folder, 'wayland-5'));
      await makeMistake(join(folder, 'wayland-5'));
    } finally {
      weston.kill('SIGTERM');
      await once(weston, 'exit');
    }
  });
});

async function startWeston(runtimeDirectory: string): Promise<ChildProcess> {
  const weston = spawn(
    'weston',
    ['--backend=headless-backend.so', '--socket=wayland-5', '--no-config', '--idle-time=0'],
    { env: { ...process.env, XDG_RUNTIME_DIR: runtimeDirectory }, stdio: 'ignore' },
  );
  await expect.poll(() => existsSync(join(runtimeDirectory, 'wayland-5'))).toBe(true);
  return weston;
}

async function showWindow(path: string): Promise<void> {
  const display = DisplayConnection.connect(path);
  const globals = await display.globals();
  const compositor = globals.require(WlCompositorProxy, { minimum: 4, maximum: 4 });
  const shm = globals.require(WlShmProxy, { minimum: 1, maximum: 1 }, { format() {} });
  const ping = { ping: (base: XdgWmBaseProxy, serial: number): void => base.pong(serial) };
  const shell = globals.require(XdgWmBaseProxy, { minimum: 1, maximum: 3 }, ping);

  const surface = compositor.createSurface({
    enter() {},
    leave() {},
    preferredBufferScale() {},
    preferredBufferTransform() {},
  });
  const configured = new Promise<void>((resolve) => {
    const xdgSurface = shell.getXdgSurface(surface, {
      configure: (proxy, serial) => {
        proxy.ackConfigure(serial);
        resolve();
      },
    });
    xdgSurface
      .getToplevel({ configure() {}, close() {}, configureBounds() {}, wmCapabilities() {} })
      .setTitle('ours');
  });
  surface.commit();
  await configured;

  using pool = createMemfd('window');
  truncate(pool, 64 * 64 * 4);
  addSeals(pool, ['shrink', 'seal']);
  using mapping = Mapping.map(pool, 64 * 64 * 4, { write: true });
  mapping.bytes.fill(0xff);
  const proxy = shm.createPool(pool.dup(), 64 * 64 * 4);
  const released = new Promise<void>((resolve) => {
    const buffer = proxy.createBuffer(0, 64, 64, 64 * 4, WlShmFormat.xrgb8888, { release: () => resolve() });
    surface.attach(buffer, 0, 0);
  });
  surface.damageBuffer(0, 0, 64, 64);
  const shown = new Promise<void>((resolve) => {
    surface.frame({ done: () => resolve() });
  });
  surface.commit();
  await Promise.all([shown, released]);
  await display.roundtrip();
  display.disconnect();
}

async function makeMistake(path: string): Promise<void> {
  const display = DisplayConnection.connect(path);
  const globals = await display.globals();
  const compositor = globals.require(WlCompositorProxy, { minimum: 4, maximum: 4 });
  const surface = compositor.createSurface({
    enter() {},
    leave() {},
    preferredBufferScale() {},
    preferredBufferTransform() {},
  });
  surface.setBufferScale(0);
  const error = (await display.roundtrip().catch((reason: unknown) => reason)) as ProtocolError;
  expect(error).toMatchObject({ interface: 'wl_surface', object: surface.id, codeName: 'invalid_scale' });
  expect(await display.closed).toBe(error);
}
