import { createLog } from '@switchyard/runtime';
import {
  ExtSessionLockManagerV1Proxy,
  type ExtSessionLockV1Proxy,
  type GlobalInfo,
  WlOutputProxy,
  ZwlrScreencopyManagerV1Proxy,
} from '@switchyard/wayland';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient, type Window } from '../testing/Desk.js';

const sizes = [
  { width: 320, height: 240, refresh: 60_000, scale: 120 },
  { width: 200, height: 300, refresh: 60_000, scale: 180 },
  { width: 320, height: 240, refresh: 60_000, scale: 240 },
];
const background = 0xff1b1e23;

const number = fc.integer({ min: 1, max: 4 });
const index = fc.nat(5);
const steps = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('plug' as const), number, size: fc.nat(sizes.length - 1) }),
    fc.record({ what: fc.constant('unplug' as const), number }),
    fc.record({ what: fc.constant('open' as const) }),
    fc.record({ what: fc.constant('close' as const), index }),
    fc.record({ what: fc.constant('draw' as const), index }),
    fc.record({ what: fc.constant('fullscreen' as const), index, number }),
    fc.record({ what: fc.constant('chord' as const) }),
    fc.record({
      what: fc.constant('point' as const),
      x: fc.integer({ min: -50, max: 1500 }),
      y: fc.nat(400),
    }),
    fc.record({ what: fc.constant('capture' as const), number }),
    fc.record({ what: fc.constant('lock' as const) }),
    fc.record({ what: fc.constant('unlock' as const) }),
    fc.record({ what: fc.constant('switch' as const) }),
  ),
  { minLength: 5, maxLength: 40 },
);
type Step = typeof steps extends fc.Arbitrary<(infer Each)[]> ? Each : never;

/** One of each: somebody with windows, somebody who locks and looks, and monitors that come and go. */
class Play {
  readonly desk: Desk;
  readonly #sessions: DisplaySession[];
  #front = 0;
  readonly #painter: DeskClient;
  readonly #watcher: DeskClient;
  readonly #windows: Window[] = [];
  readonly #plugged = new Map<number, (typeof sizes)[number]>();
  #lock: ExtSessionLockV1Proxy | undefined;
  #locked = false;

  static async begin(desk: Desk): Promise<Play> {
    const sessions = [desk.session(), desk.session('other')];
    const watcher = desk.session('watcher', { privileges: ['capture', 'session-lock'] });
    return new Play(desk, sessions, await desk.connect(sessions[0]!), await desk.connect(watcher));
  }

  private constructor(desk: Desk, sessions: DisplaySession[], painter: DeskClient, watcher: DeskClient) {
    this.desk = desk;
    this.#sessions = sessions;
    this.#painter = painter;
    this.#watcher = watcher;
    desk.activate(sessions[0]);
  }

  async do(step: Step): Promise<void> {
    const window = 'index' in step ? this.#windows[step.index % (this.#windows.length || 1)] : undefined;
    const { seat, outputs } = this.desk.compositor;
    switch (step.what) {
      case 'plug':
        if (this.#plugged.has(step.number)) break;
        this.#plugged.set(step.number, sizes[step.size]!);
        this.desk.monitor(this.#sessions[this.#front]!, sizes[step.size], step.number);
        break;
      case 'unplug':
        if (this.#plugged.delete(step.number)) this.desk.unplug(step.number);
        break;
      case 'open':
        if (this.#windows.length < 6) this.#windows.push(await this.#painter.window(320, 240, 0xff00ff00));
        break;
      case 'close':
        if (!window) break;
        this.#windows.splice(this.#windows.indexOf(window), 1);
        window.toplevel.destroy();
        window.xdgSurface.destroy();
        window.surface.destroy();
        break;
      case 'draw': {
        const [width, height] = (window?.told.size ?? '').split('×').map(Number);
        if (!window || !width || !height) break;
        this.#painter.attach(window.surface, width, height, 0xff00ff00, undefined, false);
        window.surface.frame({ done() {} });
        window.surface.commit();
        break;
      }
      case 'fullscreen':
        window?.toplevel.setFullscreen(this.#outputOf(this.#painter, step.number) ?? null);
        break;
      case 'chord':
        this.#sessions[this.#front]!.windows.moveFocused(1);
        break;
      case 'point':
        seat.pointer.moveTo(step.x, step.y, 1);
        seat.pointer.frame();
        break;
      case 'capture': {
        const output = this.#outputOf(this.#watcher, step.number);
        if (output) this.#capture(output);
        break;
      }
      case 'lock':
        this.#lock ??= this.#watcher.globals.bind(ExtSessionLockManagerV1Proxy, 1)!.lock({
          locked: () => {
            this.#locked = true;
          },
          finished() {},
        });
        break;
      case 'unlock':
        if (!this.#locked) break;
        this.#lock!.unlockAndDestroy();
        this.#lock = undefined;
        this.#locked = false;
        break;
      case 'switch':
        this.#front = 1 - this.#front;
        for (const key of this.#plugged.keys()) this.desk.unplug(key);
        this.desk.activate(this.#sessions[this.#front]);
        for (const [key, mode] of this.#plugged) this.desk.monitor(this.#sessions[this.#front]!, mode, key);
        break;
    }
    await this.#painter.roundtrip();
    await this.#watcher.roundtrip();
    // Always, whatever has been.
    const known = [...this.#painter.globals].filter((global) => global.interface === 'wl_output').length;
    expect(known).toBe(Math.max(1, this.#plugged.size));
    expect(outputs.list.map((output) => output.number)).toEqual(
      this.#plugged.size > 0 ? [...this.#plugged.keys()].sort() : [outputs.first.number],
    );
    expect(outputs.list).toContain(seat.pointer.output);
    expect(outputs.at(seat.pointer.x)).toBe(seat.pointer.output);
    if (this.#lock)
      for (const output of outputs.list) expect(this.#colours(output.number)).toEqual([background]);
  }

  /** In the end every window is on one output, and every output shows its newest one. */
  async check(): Promise<void> {
    if (this.#front === 1) await this.do({ what: 'switch' });
    if (this.#lock) {
      await expect.poll(() => this.#watcher.roundtrip().then(() => this.#locked)).toBe(true);
      await this.do({ what: 'unlock' });
    }
    const { windows } = this.#sessions[0]!;
    windows.refresh();
    const { outputs } = this.desk.compositor;
    for (const output of outputs.list) {
      const here = windows.toplevels.filter((each) => each.mapped && windows.outputOf(each) === output);
      expect(this.#colours(output.number).includes(0xff00ff00)).toBe(here.length > 0);
    }
    // Frames come wherever it is.
    const window = this.#windows.at(-1);
    if (!window || this.#plugged.size === 0) return;
    windows.raise(windows.toplevels.find((each) => each.resource.id === window.toplevel.id)!);
    await new Promise<void>((done) => {
      this.#painter.attach(window.surface, 320, 240, 0xff00ff00, undefined, false);
      window.surface.frame({ done: () => done() });
      window.surface.commit();
    });
  }

  #colours(number: number): number[] {
    const output = this.desk.compositor.outputs.numbered(number)!;
    const { width, height } = output.mode;
    const pixels = new Uint32Array(width * height);
    output.compose(new Uint8Array(pixels.buffer), width * 4, this.#sessions[this.#front]!.windows);
    return [...new Set(pixels)];
  }

  /** By the name that it has for the client; it may be gone again when it is used. */
  #outputOf(client: DeskClient, number: number): WlOutputProxy | undefined {
    const all = [...client.globals].filter((global: GlobalInfo) => global.interface === 'wl_output');
    const global = all[(number - 1) % all.length];
    return (
      global &&
      client.globals.bindGlobal(global, WlOutputProxy, 4, {
        ...{ geometry() {}, mode() {}, done() {}, scale() {}, name() {}, description() {} },
      })
    );
  }

  #capture(output: WlOutputProxy): void {
    const manager = this.#watcher.globals.bind(ZwlrScreencopyManagerV1Proxy, 3)!;
    const frame = manager.captureOutput(1, output, {
      ...{ bufferDone() {}, linuxDmabuf() {}, flags() {}, damage() {} },
      buffer: (_, __, width, height) => {
        const buffer = this.#watcher.buffer(width, height, 0);
        frame.copyWithDamage(buffer.proxy);
        buffer.memory.close();
      },
      ready: () => frame.destroy(),
      failed: () => frame.destroy(),
    });
  }
}

test('monitors come and go under whatever programs and people do, and every window is somewhere', async () => {
  const errors: string[] = [];
  const log = createLog('test');
  log.level = 'silent';
  log.error = (...words: unknown[]) => void errors.push(JSON.stringify(words));
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      using desk = new Desk([], { log });
      const play = await Play.begin(desk);
      for (const step of list) await play.do(step);
      await play.check();
      expect(errors).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
