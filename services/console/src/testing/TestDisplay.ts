import { EventEmitter, once } from 'node:events';
import { KeyboardState, Keymap } from '@switchyard/input';
import {
  type Client,
  Display,
  type WlBufferResource,
  type WlCallbackResource,
  WlCompositorResource,
  WlKeyboardKeymapFormat,
  WlKeyboardKeyState,
  type WlKeyboardResource,
  WlOutputResource,
  WlPointerAxis,
  WlPointerButtonState,
  type WlPointerResource,
  WlSeatResource,
  type WlSurfaceResource,
  type XdgSurfaceResource,
  type XdgToplevelResource,
  XdgToplevelState,
  XdgWmBaseResource,
} from '@switchyard/wayland';
import { TestClipboard } from './TestClipboard.js';
import { TestScale } from './TestScale.js';
import { type Shown, TestShm } from './TestShm.js';
import { TestTextInput } from './TestTextInput.js';

export interface Commit {
  /** Rectangles in buffer pixels. */
  readonly damage: readonly (readonly [x: number, y: number, width: number, height: number])[];
  readonly time: number;
}

/**
 * A Wayland display for one client, small enough to say everything that happens: it shows exactly what the client damages (so wrong
 * damage is wrong pixels), records commits, and types and points as a person would.
 */
export class TestDisplay {
  readonly path: string;
  readonly clipboard: TestClipboard;
  readonly textInput: TestTextInput;
  /** Undefined where scales are whole. */
  readonly scale: TestScale | undefined;
  readonly events = new EventEmitter();
  readonly commits: Commit[] = [];
  readonly titles: string[] = [];
  screen: Shown = { width: 0, height: 0, words: new Uint32Array(0) };
  /** Answer frame callbacks at once; otherwise with `frame()`. */
  autoFrame = true;
  /** Give buffers back at their commit. */
  autoRelease = true;
  readonly keymap: Keymap;
  readonly #display = new Display();
  readonly #shm: TestShm;
  readonly #state: KeyboardState;
  #size: { width: number; height: number; scale: number };
  #keyboard: WlKeyboardResource | undefined;
  #pointer: WlPointerResource | undefined;
  #surface: WlSurfaceResource | undefined;
  #xdgSurface: XdgSurfaceResource | undefined;
  #toplevel: XdgToplevelResource | undefined;
  #output: WlOutputResource | undefined;
  #callbacks: WlCallbackResource[] = [];
  #held: WlBufferResource[] = [];
  #configured = false;

  constructor(path: string, size = { width: 640, height: 400, scale: 1 }, layout = 'us') {
    this.path = path;
    this.#size = size;
    this.keymap = Keymap.fromNames({ layout });
    this.#state = new KeyboardState(this.keymap);
    this.clipboard = new TestClipboard(this.#display);
    this.textInput = new TestTextInput(this.#display);
    this.#shm = new TestShm(this.#display);
    if (!Number.isInteger(size.scale))
      this.scale = new TestScale(this.#display, Math.round(size.scale * 120));
    this.#addGlobals();
    this.#display.listen(path, { onClient: (client) => this.events.emit('client', client) });
  }

  destroy(): void {
    this.#display.destroy();
  }

  get client(): Client | undefined {
    return [...this.#display.clients][0];
  }

  /** Seals of every buffer's memory, in order. */
  get seals(): readonly Set<string>[] {
    return this.#shm.seals;
  }

  /** Pixels of one cell, as 0xRRGGBB. */
  pixel(x: number, y: number): number {
    return this.screen.words[y * this.screen.width + x]! & 0xffffff;
  }

  resize(width: number, height: number, scale = this.#size.scale): void {
    this.#size = { width, height, scale };
    this.#sendOutput();
    this.#configure();
  }

  /** Presses and releases keys, all down together: `key(29, 46)` is Ctrl+C. */
  key(...codes: number[]): void {
    for (const code of codes) this.keyState(code, true);
    for (const code of codes.toReversed()) this.keyState(code, false);
  }

  keyState(code: number, down: boolean): void {
    const changed = this.#state.update(code, down);
    const state = down ? WlKeyboardKeyState.pressed : WlKeyboardKeyState.released;
    this.#keyboard?.sendKey(this.#display.nextSerial(), this.#time(), code, state);
    if (changed) this.#sendModifiers();
  }

  type(text: string): void {
    for (const character of text) {
      const keys = this.keymap.keysFor(character);
      if (!keys) throw new Error(`the layout has no key for ${character}`);
      this.key(...keys.modifiers, keys.code);
    }
  }

  /** Surface coordinates. */
  pointTo(x: number, y: number): void {
    this.#pointer?.sendMotion(this.#time(), x, y);
    this.#pointer?.sendFrame();
  }

  button(button: number, down: boolean): void {
    const state = down ? WlPointerButtonState.pressed : WlPointerButtonState.released;
    this.#pointer?.sendButton(this.#display.nextSerial(), this.#time(), button, state);
    this.#pointer?.sendFrame();
  }

  wheel(steps: number): void {
    this.#pointer?.sendAxisDiscrete(WlPointerAxis.vertical_scroll, steps);
    this.#pointer?.sendAxis(this.#time(), WlPointerAxis.vertical_scroll, 15 * steps);
    this.#pointer?.sendFrame();
  }

  focus(focused: boolean): void {
    if (!this.#surface) return;
    if (focused) this.#keyboard?.sendEnter(this.#display.nextSerial(), this.#surface, new Uint8Array());
    else this.#keyboard?.sendLeave(this.#display.nextSerial(), this.#surface);
    if (focused) this.#sendModifiers();
    this.textInput.focus(focused ? this.#surface : undefined);
  }

  /** Answers the outstanding frame callbacks. */
  frame(): void {
    for (const callback of this.#callbacks.splice(0)) callback.sendDone(this.#time());
  }

  release(): void {
    for (const buffer of this.#held.splice(0)) if (buffer.alive) buffer.sendRelease();
  }

  async nextCommit(): Promise<void> {
    await once(this.events, 'commit');
  }

  #time(): number {
    return Math.round(performance.now()) >>> 0;
  }

  #addGlobals(): void {
    const display = this.#display;
    display.addGlobal(WlCompositorResource, 4, (resource) =>
      resource.implement({
        createSurface: (_, surface) => this.#createSurface(surface),
        createRegion: (_, region) => void region.implement({ add() {}, subtract() {}, destroy() {} }),
      }),
    );
    display.addGlobal(WlOutputResource, 3, (resource) => {
      this.#output = resource.implement({ release() {} });
      this.#sendOutput();
    });
    display.addGlobal(XdgWmBaseResource, 3, (resource) =>
      resource.implement({
        destroy() {},
        createPositioner() {},
        pong: () => this.events.emit('pong'),
        getXdgSurface: (_, xdgSurface, surface) => this.#createXdgSurface(xdgSurface, surface),
      }),
    );
    display.addGlobal(WlSeatResource, 5, (resource) => {
      resource.implement({
        getPointer: (_, pointer) => this.#createPointer(pointer),
        getKeyboard: (_, keyboard) => this.#createKeyboard(keyboard),
        getTouch() {},
        release() {},
      });
      resource.sendCapabilities(3);
    });
  }

  #createKeyboard(keyboard: WlKeyboardResource): void {
    this.#keyboard = keyboard.implement({ release() {} });
    keyboard.sendKeymap(WlKeyboardKeymapFormat.xkb_v1, this.keymap.file(), this.keymap.size);
    keyboard.sendRepeatInfo(50, 150);
    if (this.#configured) this.focus(true);
  }

  #createPointer(pointer: WlPointerResource): void {
    this.#pointer = pointer.implement({
      setCursor: (_, _serial, surface) => this.events.emit('cursor', surface),
      release() {},
    });
    if (this.#surface) pointer.sendEnter(this.#display.nextSerial(), this.#surface, 1, 1);
  }

  #sendModifiers(): void {
    const [depressed = 0, latched = 0, locked = 0, group = 0] = this.#state.modifiers;
    this.#keyboard?.sendModifiers(this.#display.nextSerial(), depressed, latched, locked, group);
  }

  #sendOutput(): void {
    const { width, height, scale } = this.#size;
    this.#output?.sendGeometry(0, 0, 0, 0, 0, 'test', 'test', 0);
    this.#output?.sendMode(1, Math.round(width * scale), Math.round(height * scale), 60_000);
    this.#output?.sendScale(Math.ceil(scale));
    this.#output?.sendDone();
  }

  #configure(): void {
    const states = new Uint32Array([XdgToplevelState.fullscreen, XdgToplevelState.activated]);
    this.#toplevel?.sendConfigure(this.#size.width, this.#size.height, new Uint8Array(states.buffer));
    this.#xdgSurface?.sendConfigure(this.#display.nextSerial());
  }

  #createXdgSurface(resource: XdgSurfaceResource, surface: WlSurfaceResource): void {
    this.#configured = false;
    this.#surface = surface;
    this.#xdgSurface = resource.implement({
      destroy() {},
      getPopup() {},
      setWindowGeometry() {},
      ackConfigure() {},
      getToplevel: (_, toplevel) => {
        const ignore = () => {};
        this.#toplevel = toplevel.implement({
          destroy: ignore,
          setParent: ignore,
          setTitle: (_toplevel, title) => this.titles.push(title),
          setAppId: ignore,
          showWindowMenu: ignore,
          move: ignore,
          resize: ignore,
          setMaxSize: ignore,
          setMinSize: ignore,
          setMaximized: ignore,
          unsetMaximized: ignore,
          setFullscreen: ignore,
          unsetFullscreen: ignore,
          setMinimized: ignore,
        });
      },
    });
  }

  #createSurface(surface: WlSurfaceResource): void {
    let attached: WlBufferResource | undefined;
    let damage: [number, number, number, number][] = [];
    surface.implement({
      destroy() {},
      attach: (_, buffer) => {
        attached = buffer ?? undefined;
      },
      damage() {},
      damageBuffer: (_, x, y, width, height) => damage.push([x, y, width, height]),
      frame: (_, callback) => this.#callbacks.push(callback),
      setOpaqueRegion() {},
      setInputRegion() {},
      setBufferTransform() {},
      setBufferScale() {},
      offset() {},
      commit: () => {
        // Others are pointers' pictures.
        if (surface !== this.#surface) return;
        if (!this.#configured) {
          this.#configured = true;
          this.#configure();
          this.focus(true);
          if (this.#output) surface.sendEnter(this.#output);
          return;
        }
        if (!attached) return;
        this.#show(attached, damage);
        attached = undefined;
        damage = [];
      },
    });
  }

  #show(buffer: WlBufferResource, damage: [number, number, number, number][]): void {
    const shown = this.#shm.shown(buffer);
    if (shown.width !== this.screen.width || shown.height !== this.screen.height) {
      this.screen = { width: shown.width, height: shown.height, words: new Uint32Array(shown.words.length) };
    }
    for (const [x, y, width, height] of damage) {
      for (let row = y; row < y + height; row++) {
        const start = row * shown.width + x;
        this.screen.words.set(shown.words.subarray(start, start + width), start);
      }
    }
    this.#held.push(buffer);
    if (this.autoRelease) this.release();
    this.commits.push({ damage, time: performance.now() });
    this.events.emit('commit');
    if (this.autoFrame) this.frame();
  }
}
