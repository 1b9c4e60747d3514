import {
  type WlSurfaceProxy,
  ZwpInputMethodManagerV2Proxy,
  type ZwpInputMethodV2Proxy,
  ZwpTextInputManagerV3Proxy,
  type ZwpTextInputV3Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient } from '../testing/Desk.js';

const KEY_A = 30;

let desk: Desk;
let session: DisplaySession;
let writer: DeskClient;
let input: ZwpTextInputV3Proxy;
let heard: string[];
let composer: DeskClient;
let method: ZwpInputMethodV2Proxy;
let said: string[];

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.monitor(session);
  desk.activate(session);
  writer = await desk.connect(session);
  await writer.window(1280, 720, 0xff0000ff);
  heard = [];
  input = writer.globals.bind(ZwpTextInputManagerV3Proxy, 1)!.getTextInput(writer.seat, {
    enter: () => void heard.push('enter'),
    leave: () => void heard.push('leave'),
    preeditString: (_, text, begin, end) => void heard.push(`preedit ${text} ${begin} ${end}`),
    commitString: (_, text) => void heard.push(`commit ${text}`),
    deleteSurroundingText: (_, before, after) => void heard.push(`delete ${before} ${after}`),
    done: (_, serial) => void heard.push(`done ${serial}`),
  });
  composer = await desk.connect(desk.session('composer', { privileges: ['input-method'] }));
  said = [];
  method = makeMethod(composer, said);
  await composer.roundtrip();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

function makeMethod(client: DeskClient, into: string[]): ZwpInputMethodV2Proxy {
  return client.globals.bind(ZwpInputMethodManagerV2Proxy, 1)!.getInputMethod(client.seat, {
    activate: () => void into.push('activate'),
    deactivate: () => void into.push('deactivate'),
    surroundingText: (_, text, cursor, anchor) => void into.push(`surrounding ${text} ${cursor} ${anchor}`),
    textChangeCause: (_, cause) => void into.push(`cause ${cause}`),
    contentType: (_, hint, purpose) => void into.push(`content ${hint} ${purpose}`),
    done: () => void into.push('done'),
    unavailable: () => void into.push('unavailable'),
  });
}

/** The writer begins a field. */
async function edit(): Promise<void> {
  input.enable();
  input.setSurroundingText('abc', 1, 3);
  input.setContentType(0x40, 8);
  input.setCursorRectangle(100, 700, 2, 10);
  input.commit();
  await writer.roundtrip();
  await composer.roundtrip();
  heard.length = 0;
}

describe('an input method', () => {
  it('is told of the field that is edited, and writes in it', async () => {
    await edit();
    expect(said).toEqual(['activate', 'surrounding abc 1 3', 'cause 0', 'content 64 8', 'done']);
    method.setPreeditString('ni', 2, 2);
    method.commit(1);
    await expect.poll(() => heard).toEqual(['preedit ni 2 2', 'done 1']);
    method.deleteSurroundingText(1, 2);
    method.commitString('你');
    method.commit(1);
    await expect.poll(() => heard.slice(2)).toEqual(['delete 1 2', 'commit 你', 'done 1']);
    input.disable();
    input.commit();
    await writer.roundtrip();
    await composer.roundtrip();
    expect(said.slice(5)).toEqual(['deactivate', 'done']);
  });

  it('writes nothing by a commit that answers an older state', async () => {
    await edit();
    method.commitString('late');
    method.commit(0);
    await composer.roundtrip();
    await writer.roundtrip();
    expect(heard).toEqual([]);
  });

  it('is one: another is unavailable, until the first has gone', async () => {
    const others: string[] = [];
    const other = await desk.connect(desk.session('other', { privileges: ['input-method'] }));
    const second = makeMethod(other, others);
    second.commitString('x');
    second.commit(0);
    await other.roundtrip();
    expect(others).toEqual(['unavailable']);
    method.destroy();
    await composer.roundtrip();
    makeMethod(other, others);
    await edit();
    await other.roundtrip();
    expect(others.slice(1, 2)).toEqual(['activate']);
  });

  it('is not told of fields in a lock screen', async () => {
    const lock = desk.session('lock', { class: 'lock-screen' });
    writer = await desk.connect(lock);
    await writer.window();
    desk.activate(lock);
    input = writer.globals.bind(ZwpTextInputManagerV3Proxy, 1)!.getTextInput(writer.seat, {
      ...{
        enter() {},
        leave() {},
        preeditString() {},
        commitString() {},
        deleteSurroundingText() {},
        done() {},
      },
    });
    await edit();
    expect(said).toEqual([]);
  });
});

describe('a keyboard grab', () => {
  it('has the keys while a field is edited, and no others', async () => {
    const keys: string[] = [];
    method.grabKeyboard({
      keymap: (_, __, fd) => fd.close(),
      key: (_, __, ___, key, state) => void keys.push(`${key} ${state}`),
      ...{ modifiers() {}, repeatInfo() {} },
    });
    await composer.roundtrip();
    const { keyboard } = desk.compositor.seat;
    keyboard.key(KEY_A, 1, 0);
    keyboard.key(KEY_A, 0, 0);
    await edit();
    keyboard.key(KEY_A, 1, 0);
    input.disable();
    input.commit();
    await writer.roundtrip();
    // Its press went there, and so its release does.
    keyboard.key(KEY_A, 0, 0);
    keyboard.key(KEY_A, 1, 0);
    await composer.roundtrip();
    expect(keys).toEqual([`${KEY_A} 1`, `${KEY_A} 0`]);
  });
});

describe('a popup of an input method', () => {
  it('is shown at the text cursor, above it where there is no room below', async () => {
    const rectangles: string[] = [];
    const surface = composer.surface();
    method.getInputPopupSurface(surface, {
      textInputRectangle: (_, ...rectangle) => void rectangles.push(rectangle.join(' ')),
    });
    composer.attach(surface, 50, 30, 0xffff0000);
    surface.commit();
    await composer.roundtrip();
    expect(pixel(110, 690)).toBe(0x0000ff);
    await edit();
    expect(pixel(110, 690)).toBe(0xff0000);
    await composer.roundtrip();
    expect(rectangles).toEqual(['0 30 2 10']);
    input.disable();
    input.commit();
    await writer.roundtrip();
    expect(pixel(110, 690)).toBe(0x0000ff);
  });

  it('needs a surface without a role', async () => {
    const { surface } = composer.toplevel();
    method.getInputPopupSurface(surface as WlSurfaceProxy, { textInputRectangle() {} });
    await expect(composer.roundtrip()).rejects.toThrow('has a role already');
  });
});

function pixel(x: number, y: number): number {
  const output = desk.compositor.outputs.first;
  const { width, height } = output.mode;
  const pixels = new Uint8Array(width * height * 4);
  output.compose(pixels, width * 4, output.shown);
  return new Uint32Array(pixels.buffer)[y * width + x]! & 0xffffff;
}
