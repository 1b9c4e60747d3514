import { readdirSync } from 'node:fs';
import { createPipe, write } from '@switchyard/sys';
import {
  WlDataDeviceManagerProxy,
  type WlDataDeviceProxy,
  type WlDataOfferProxy,
  type WlDataSourceProxy,
  ZwpPrimarySelectionDeviceManagerV1Proxy,
  type ZwpPrimarySelectionDeviceV1Proxy,
  type ZwpPrimarySelectionOfferV1Proxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, type DeskClient } from '../testing/Desk.js';
import { pipeText } from '../testing/pipeText.js';

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

function withoutPointer(events: string[]): string[] {
  return events.filter((event) => !event.startsWith('pointer'));
}

/** A program with a clipboard. */
class Program {
  readonly client: DeskClient;
  readonly manager: WlDataDeviceManagerProxy;
  readonly device: WlDataDeviceProxy;
  /** The selection as the program was last told of it. */
  offer: { proxy: WlDataOfferProxy; mimeTypes: string[] } | undefined;
  serial = 0;
  readonly #offers = new Map<WlDataOfferProxy, string[]>();

  constructor(client: DeskClient) {
    this.client = client;
    this.manager = client.globals.bind(WlDataDeviceManagerProxy, 3)!;
    this.device = this.manager.getDataDevice(client.seat, {
      ...{ enter() {}, leave() {}, motion() {}, drop() {} },
      dataOffer: (_, offer) => {
        const mimeTypes: string[] = [];
        this.#offers.set(offer, mimeTypes);
        offer.implement({
          ...{ sourceActions() {}, action() {} },
          offer: (_, mimeType) => void mimeTypes.push(mimeType),
        });
      },
      selection: (_, offer) => {
        this.offer?.proxy.destroy();
        this.offer = offer ? { proxy: offer, mimeTypes: this.#offers.get(offer)! } : undefined;
        client.events.push(`selection ${this.offer?.mimeTypes.join() ?? 'none'}`);
      },
    });
  }

  /** Offers texts, each as a type of its own. */
  copy(texts: Record<string, string>, serial = this.client.client.display.serial): WlDataSourceProxy {
    const source = this.manager.createDataSource({
      ...{ target() {}, dndDropPerformed() {}, dndFinished() {}, action() {} },
      send: (_, mimeType, fd) => {
        write(fd, Buffer.from(texts[mimeType] ?? 'unexpected'));
        fd.close();
      },
      cancelled: () => void this.client.events.push('cancelled'),
    });
    for (const mimeType of Object.keys(texts)) source.offer(mimeType);
    this.device.setSelection(source, serial);
    return source;
  }

  paste(mimeType: string): Promise<string> {
    const { reading, writing } = createPipe();
    this.offer!.proxy.receive(mimeType, writing);
    return pipeText(reading);
  }
}

async function twoSessions(): Promise<[Program, Program, () => void, () => void]> {
  const [first, second] = [desk.session('first'), desk.session('second')];
  const a = new Program(await desk.connect(first));
  const b = new Program(await desk.connect(second));
  await a.client.window();
  await b.client.window();
  return [a, b, () => desk.activate(first), () => desk.activate(second)];
}

describe('the clipboard', () => {
  it('is pasted in another session of the same user, from process to process', async () => {
    const [a, b, showA, showB] = await twoSessions();
    showA();
    a.copy({ 'text/plain': 'from a to b', 'text/html': '<b>a</b>' });
    await a.client.roundtrip();
    showB();
    await b.client.roundtrip();
    expect(b.offer!.mimeTypes).toEqual(['text/plain', 'text/html']);
    expect(await b.paste('text/plain')).toBe('from a to b');
    expect(await b.paste('text/html')).toBe('<b>a</b>');
  });

  it('is told before the keyboard enters, and to nobody who has not got the keyboard', async () => {
    const [a, b, showA, showB] = await twoSessions();
    showA();
    await a.client.roundtrip();
    expect(withoutPointer(a.client.taken())).toEqual(['selection none', 'keyboard enter']);
    a.copy({ 'text/plain': 'x' });
    await a.client.roundtrip();
    await b.client.roundtrip();
    expect(a.client.taken()).toEqual(['selection text/plain']);
    expect(b.client.taken()).toEqual([]);
    showB();
    await b.client.roundtrip();
    expect(withoutPointer(b.client.taken())).toEqual(['selection text/plain', 'keyboard enter']);
  });

  it('is told to a device that comes while its client has the keyboard', async () => {
    const [a, , showA] = await twoSessions();
    showA();
    a.copy({ 'text/plain': 'x' });
    await a.client.roundtrip();
    const late = new Program(a.client);
    await a.client.roundtrip();
    expect(late.offer!.mimeTypes).toEqual(['text/plain']);
  });

  it('cannot be changed from the background, except with a serial from the foreground', async () => {
    const [a, b, showA, showB] = await twoSessions();
    showA();
    await a.client.roundtrip();
    const serial = desk.compositor.display.serial;
    showB();
    await b.client.roundtrip();
    b.copy({ 'text/plain': 'b' });
    await b.client.roundtrip();
    a.client.taken();
    a.copy({ 'text/plain': 'sneaked in' }, desk.compositor.display.serial + 1);
    await a.client.roundtrip();
    await b.client.roundtrip();
    expect(a.client.taken()).toEqual(['cancelled']);
    expect(await b.paste('text/plain')).toBe('b');
    a.copy({ 'text/plain': 'copied before the switch' }, serial);
    await a.client.roundtrip();
    await b.client.roundtrip();
    expect(await b.paste('text/plain')).toBe('copied before the switch');
  });

  it('may be changed by the other clients of the session that has the keyboard', async () => {
    const session = desk.session();
    const [front, helper] = [
      new Program(await desk.connect(session)),
      new Program(await desk.connect(session)),
    ];
    desk.activate(session);
    await front.client.window();
    helper.copy({ 'text/plain': 'from a helper' }, 0);
    await helper.client.roundtrip();
    await front.client.roundtrip();
    expect(helper.client.taken()).toEqual([]);
    expect(await front.paste('text/plain')).toBe('from a helper');
  });

  it('goes with its source, and tells the source when another takes its place', async () => {
    const [a, , showA] = await twoSessions();
    showA();
    a.copy({ 'text/plain': '1' });
    const second = a.copy({ 'text/plain': '2' });
    await a.client.roundtrip();
    expect(a.client.taken().slice(-3)).toEqual(['selection text/plain', 'cancelled', 'selection text/plain']);
    second.destroy();
    await a.client.roundtrip();
    expect(a.client.taken()).toEqual(['selection none']);
  });

  it('gives an end of file for a type that is not offered, and for a source that is gone', async () => {
    const [a, b, showA, showB] = await twoSessions();
    showA();
    a.copy({ 'text/plain': 'x' });
    await a.client.roundtrip();
    showB();
    await b.client.roundtrip();
    expect(await b.paste('image/png')).toBe('');
    const stale = b.offer!;
    b.offer = undefined;
    a.client.connection.disconnect();
    await b.client.roundtrip();
    await expect.poll(() => b.client.events.at(-1)).toBe('selection none');
    b.offer = stale;
    expect(await b.paste('text/plain')).toBe('');
  });

  it('asks no more of a source that does not read its events, and leaks no fd', async () => {
    const [a, b, showA, showB] = await twoSessions();
    showA();
    a.copy({ 'text/plain': 'x' });
    await a.client.roundtrip();
    showB();
    await b.client.roundtrip();
    const open = readdirSync('/proc/self/fd').length;
    a.client.connection.pauseReading();
    const texts: Promise<string>[] = [];
    for (let i = 0; i < 400; i++) {
      texts.push(b.paste('text/plain'));
      await b.client.roundtrip();
    }
    expect(a.client.client.alive).toBe(true);
    a.client.connection.resumeReading();
    const all = await Promise.all(texts);
    expect(new Set(all), 'some were answered, some were not passed on').toEqual(new Set(['x', '']));
    await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(open);
  });

  it('costs who offers too much his connection', async () => {
    const [a, , showA] = await twoSessions();
    showA();
    const texts = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x/${index}`, '']));
    a.copy(texts);
    await expect(a.client.roundtrip()).rejects.toThrow('no_memory');
  });
});

/** A program with a primary selection. */
class Marker {
  readonly #manager: ZwpPrimarySelectionDeviceManagerV1Proxy;
  readonly #device: ZwpPrimarySelectionDeviceV1Proxy;
  #offer: ZwpPrimarySelectionOfferV1Proxy | null = null;

  constructor(client: DeskClient) {
    this.#manager = client.globals.bind(ZwpPrimarySelectionDeviceManagerV1Proxy, 1)!;
    this.#device = this.#manager.getDevice(client.seat, {
      dataOffer: (_, offer) => {
        offer.implement({ offer: (_, mimeType) => void client.events.push(`primary offer ${mimeType}`) });
      },
      selection: (_, offer) => {
        this.#offer = offer;
      },
    });
  }

  mark(text: string): void {
    const source = this.#manager.createSource({
      send: (_, __, fd) => {
        write(fd, Buffer.from(text));
        fd.close();
      },
      cancelled() {},
    });
    source.offer('text/plain');
    this.#device.setSelection(source, desk.compositor.display.serial);
  }

  paste(): Promise<string> {
    const { reading, writing } = createPipe();
    this.#offer!.receive('text/plain', writing);
    return pipeText(reading);
  }
}

describe('the primary selection', () => {
  it('is another one than the clipboard, by the same rules', async () => {
    const [a, b, showA, showB] = await twoSessions();
    const [marker, paster] = [new Marker(a.client), new Marker(b.client)];
    showA();
    await a.client.roundtrip();
    marker.mark('marked');
    await a.client.roundtrip();
    showB();
    await b.client.roundtrip();
    expect(withoutPointer(b.client.taken())).toEqual([
      'selection none',
      'primary offer text/plain',
      'keyboard enter',
    ]);
    expect(await paster.paste()).toBe('marked');
  });
});
