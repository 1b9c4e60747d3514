import { readdirSync } from 'node:fs';
import type { DBusError } from '@switchyard/dbus';
import { createMemfd, type Fd, sealedMemfd, write } from '@switchyard/sys';
import { KEY } from '@switchyard/uapi';
import { WlDataDeviceManagerProxy, type WlDataDeviceProxy, type WlDataOfferProxy } from '@switchyard/wayland';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { displayFixture } from '../support/DisplayFixture.js';
import { generator } from '../support/Monkey.js';
import { type TestClient, TestWindow } from '../support/TestClient.js';

/** `FUZZ_REQUESTS=N` for more of them, `FUZZ_SEED=M` for others. */
const ROUNDS = Math.min(20_000, Number(process.env['FUZZ_REQUESTS'] ?? 150));
const LONG = 60_000 + ROUNDS * 200;
const services = ['display', 'seat', 'bus', 'web'] as const;

const fixture = displayFixture();

/** What programs call what they copy. */
const common = ['text/plain;charset=utf-8', 'UTF8_STRING', 'text/plain', 'image/png', 'text/html', 'TARGETS'];

/** One of those with something wrong with it, or right. */
function nameFrom(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const name = pick(common);
  const at = Math.floor(random() * name.length);
  return pick([
    () => name,
    () => '',
    () => name.repeat(1 + Math.floor(random() * 60)),
    () => name.slice(0, at) + String.fromCharCode(1 + Math.floor(random() * 31)) + name.slice(at),
    () =>
      name.slice(0, at) + pick(['漢', '𝄞', '\u202e', '%00', '/../', '\n', '"', '\u{fffd}']) + name.slice(at),
    () => name.toUpperCase(),
    () => 'é'.repeat(Math.floor(random() * 300)),
  ])();
}

/** A page without a browser: what it is told of the clipboard. */
class Page {
  readonly told: string[] = [];
  readonly #socket: WebSocket;

  static async open(): Promise<Page> {
    const bus = await fixture.tree.bus();
    const url = new URL(
      String(await bus.proxy('org.switchyard.Web', '/org/switchyard/Web1').get('org.switchyard.Web1', 'Url')),
    );
    const page = new Page(new WebSocket(`ws://${url.host}/socket${url.search}`));
    await new Promise((resolve) => page.#socket.once('open', resolve));
    page.tell({ type: 'hello', version: 1, visible: false });
    // What is copied goes to who acts.
    page.tell({ type: 'floor', take: true });
    await expect.poll(() => page.told.length).toBeGreaterThan(0);
    return page;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, binary) => {
      if (binary) return;
      const { type, text, message } = JSON.parse(String(data)) as Record<string, unknown>;
      this.told.push(
        type === 'selection' ? `text ${text}` : type === 'failed' ? `failed ${message}` : `${type}`,
      );
    });
  }

  tell(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** A program that copies. */
class Copier {
  readonly client: TestClient;
  readonly #manager: WlDataDeviceManagerProxy;
  readonly #device: WlDataDeviceProxy;
  readonly #held: Fd[] = [];
  /** What the clipboard has, as the program in front is told. */
  offered: string[] = [];

  static async open(): Promise<Copier> {
    const client = await fixture.connect();
    const globals = await client.display.globals();
    const copier = new Copier(client, globals.require(WlDataDeviceManagerProxy, { minimum: 1, maximum: 3 }));
    const window = await TestWindow.open(client, { colour: 0xff00ff00 });
    await client.heard(`keyboard.enter ${window.id}`);
    fixture.seat.press(KEY.A);
    await client.heard('keyboard.key 30 0');
    return copier;
  }

  private constructor(client: TestClient, manager: WlDataDeviceManagerProxy) {
    this.client = client;
    this.#manager = manager;
    const names = new Map<WlDataOfferProxy, string[]>();
    this.#device = manager.getDataDevice(client.seat, {
      ...{ enter() {}, leave() {}, motion() {}, drop() {} },
      dataOffer: (_, offer) => {
        const list: string[] = [];
        names.set(offer, list);
        offer.implement({ offer: (_, name) => void list.push(name), sourceActions() {}, action() {} });
      },
      selection: (_, offer) => {
        this.offered = (offer && names.get(offer)) ?? [];
        names.clear();
      },
    });
  }

  /** `give` says what is delivered; undefined: nothing, and the pipe stays open. */
  copy(names: readonly string[], give: () => Uint8Array | undefined): void {
    for (const fd of this.#held.splice(0)) fd.close();
    const source = this.#manager.createDataSource({
      ...{ target() {}, cancelled() {}, dndDropPerformed() {}, dndFinished() {}, action() {} },
      send: (_, __, fd) => {
        const bytes = give();
        if (bytes === undefined) this.#held.push(fd);
        else {
          try {
            write(fd, bytes);
          } catch {
            // Nobody reads any more.
          }
          fd.close();
        }
      },
    });
    for (const name of names) source.offer(name);
    this.#device.setSelection(source, this.client.serial);
  }

  close(): void {
    for (const fd of this.#held.splice(0)) fd.close();
    this.client.close();
  }
}

const descriptors = () =>
  services.map((service) => readdirSync(`/proc/${fixture.tree.pid(service)}/fd`).length);

test(
  'whatever a program calls what it copies and however it delivers, pages are answered and nothing is kept',
  async () => {
    await fixture.tree.start('web', '--port', '0');
    const random = generator(Number(process.env['FUZZ_SEED'] ?? 3));
    const page = await Page.open();
    // The first program has the seat's devices opened, which stay.
    let copier = await Copier.open();
    const before = descriptors();
    let stalled = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const names = Array.from({ length: 1 + Math.floor(random() * 12) }, () => nameFrom(random));
      // Once in a while more of them than there may be.
      if (random() < 0.03) for (let i = 0; i < 400; i++) names.push(`application/x-${i}`);
      const stalls = random() < 0.02 && stalled < 3;
      if (stalls) stalled++;
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 400) }, () => random() * 256));
      copier.copy(names, () => (stalls ? undefined : bytes));
      if (random() < 0.3) page.tell({ type: 'copy' });
      if (round % 10 === 0)
        try {
          await copier.client.roundtrip();
        } catch {
          // It offered too many, and has another turn as another program.
          copier.close();
          copier = await Copier.open();
        }
    }
    // A clipboard that is in order, for the page that has seen all of that.
    copier.close();
    copier = await Copier.open();
    const from = page.told.length;
    copier.copy(['text/plain;charset=utf-8'], () => Buffer.from('in order'));
    await expect.poll(() => page.told.slice(from)).toContain('text in order');
    expect(page.open).toBe(true);
    copier.close();
    page.close();
    await expect
      .poll(() => descriptors().map((count, i) => Math.max(0, count - before[i]! - 4)))
      .toEqual(services.map(() => 0));
    expect(fixture.tree.output).not.toContain('internal error');
  },
  LONG,
);

test(
  'whatever a page’s clipboard is called on the bus, programs are told only what the protocol can carry',
  async () => {
    const random = generator(Number(process.env['FUZZ_SEED'] ?? 4));
    const bus = await fixture.tree.bus();
    const copier = await Copier.open();
    const display = bus.proxy('org.switchyard.Display', '/org/switchyard/Display1');
    const set = (data: Map<string, Fd>) =>
      display.call('org.switchyard.Clipboard1', 'SetSelection', 'sa{sh}', 'seat0', data).then(
        () => 'taken',
        (error: DBusError) => error.name,
      );
    const answers = new Set<string>();
    for (let round = 0; round < ROUNDS / 2; round++) {
      const data = new Map<string, Fd>();
      for (let i = 0; i <= Math.floor(random() * 6); i++) {
        const name =
          random() < 0.1 ? nameFrom(random).repeat(1 + Math.floor(random() * 400)) : nameFrom(random);
        data.get(name)?.close();
        data.set(
          name,
          random() < 0.1 ? createMemfd('open', { size: 10 }) : sealedMemfd('shut', Buffer.from('x')),
        );
      }
      answers.add(await set(data));
      for (const fd of data.values()) fd.close();
      await copier.client.roundtrip();
      for (const name of copier.offered) expect(Buffer.byteLength(name)).toBeLessThan(4096);
    }
    expect([...answers].sort()).toEqual(['org.freedesktop.DBus.Error.InvalidArgs', 'taken']);
    const last = new Map([['text/plain', sealedMemfd('shut', Buffer.from('x'))]]);
    expect(await set(last)).toBe('taken');
    await expect
      .poll(async () => {
        await copier.client.roundtrip();
        return copier.offered;
      })
      .toEqual(['text/plain']);
    copier.close();
    expect(fixture.tree.output).not.toContain('internal error');
  },
  LONG,
);
