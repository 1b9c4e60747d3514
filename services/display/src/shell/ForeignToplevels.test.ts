import { ZxdgExporterV2Proxy, ZxdgImporterV2Proxy } from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient, type Window } from '../testing/Desk.js';
import type { XdgToplevel } from './XdgToplevel.js';

let desk: Desk;
let session: DisplaySession;
let program: DeskClient;
let portal: DeskClient;
let window: Window;

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.activate(session);
  program = await desk.connect(session);
  portal = await desk.connect(session);
  window = await program.window();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

async function exported(): Promise<{ handle: string; proxy: { destroy(): void } }> {
  let handle = '';
  const proxy = program.globals.bind(ZxdgExporterV2Proxy, 1)!.exportToplevel(window.surface, {
    handle: (_, text) => {
      handle = text;
    },
  });
  await program.roundtrip();
  return { handle, proxy };
}

function imported(handle: string): {
  proxy: ReturnType<ZxdgImporterV2Proxy['importToplevel']>;
  said: string[];
} {
  const said: string[] = [];
  const proxy = portal.globals
    .bind(ZxdgImporterV2Proxy, 1)!
    .importToplevel(handle, { destroyed: () => void said.push('destroyed') });
  return { proxy, said };
}

/** The parent of the session's newest window. */
function parentOfTop(): XdgToplevel | undefined {
  return session.windows.toplevels.at(-1)!.parent;
}

describe('xdg-foreign', () => {
  it('makes a dialog of one program the child of another one’s window, until that is taken back', async () => {
    const { handle, proxy } = await exported();
    expect(handle).toMatch(/^[0-9a-f]{32}$/);
    const dialog = await portal.window(300, 200);
    const { proxy: parent, said } = imported(handle);
    parent.setParentOf(dialog.surface);
    await portal.roundtrip();
    expect(parentOfTop()).toBe(session.windows.toplevels[0]);
    proxy.destroy();
    await program.roundtrip();
    await portal.roundtrip();
    expect(said).toEqual(['destroyed']);
    expect(parentOfTop()).toBeUndefined();
    // What is left is inert.
    parent.setParentOf(dialog.surface);
    parent.destroy();
    await portal.roundtrip();
  });

  it('ends with the window, and the dialog’s object', async () => {
    const { handle } = await exported();
    const dialog = await portal.window(300, 200);
    const first = imported(handle);
    first.proxy.setParentOf(dialog.surface);
    first.proxy.destroy();
    await portal.roundtrip();
    expect(parentOfTop()).toBeUndefined();
    const second = imported(handle);
    window.toplevel.destroy();
    await program.roundtrip();
    await portal.roundtrip();
    expect(second.said).toEqual(['destroyed']);
  });

  it('knows no made-up handle', async () => {
    const { said } = imported('0'.repeat(32));
    await portal.roundtrip();
    expect(said).toEqual(['destroyed']);
  });

  it('wants toplevels', async () => {
    program.globals.bind(ZxdgExporterV2Proxy, 1)!.exportToplevel(program.surface(), { handle() {} });
    await expect(program.roundtrip()).rejects.toThrow('invalid_surface');
    imported('').proxy.setParentOf(portal.surface());
    await expect(portal.roundtrip()).rejects.toThrow('invalid_surface');
  });
});
