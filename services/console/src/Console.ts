import type { Log } from '@switchyard/runtime';
import type { Fd } from '@switchyard/sys';
import { BarPointer } from './BarPointer.js';
import { Bell } from './Bell.js';
import { Bindings, type Command } from './Bindings.js';
import { type Config, usualConfig } from './Config.js';
import type { Font } from './Font.js';
import type { Canvas, Front } from './Front.js';
import { LinkLine } from './LinkLine.js';
import { LinkOpener } from './LinkOpener.js';
import type { OverlayGrid } from './Overlay.js';
import { OwnKeys } from './OwnKeys.js';
import { Pictures } from './Pictures.js';
import type { Screen } from './Screen.js';
import { Starter } from './Starter.js';
import { StatusLine } from './StatusLine.js';
import { type Program, Tab, type TabHost } from './Tab.js';
import { TabBar } from './TabBar.js';
import { TAB_LIMIT, Tabs } from './Tabs.js';
import { TextSize } from './TextSize.js';
import { Typing } from './Typing.js';
import { View } from './View.js';

export interface ConsoleOptions extends Program {
  readonly front: Front;
  /** At scale 1. */
  readonly font: Promise<Font>;
  readonly log: Log;
  readonly config?: Config;
  /** The screen's size in characters is another one. */
  readonly resized?: () => void;
  /** The console came up again, somewhere else. */
  readonly frontChanged?: () => void;
}

/** The terminal session: terminals in tabs, and a front that shows one of them. Their programs outlive what shows them. */
export class Console {
  /** Resolves with the exit status when the session is over. */
  readonly ended: Promise<number>;
  readonly #options: ConsoleOptions;
  readonly #tabs = new Tabs();
  readonly #tabBar = new TabBar();
  readonly #bell: Bell;
  readonly #status: StatusLine;
  readonly #ownKeys: OwnKeys;
  readonly #pointer: BarPointer;
  readonly #links: LinkOpener;
  readonly #front: Front;
  readonly #pictures = new Pictures();
  readonly #linkLine: LinkLine;
  readonly #typing: Typing;
  readonly #textSize = new TextSize();
  readonly #starter: Starter;
  readonly #actions: Partial<Record<Command, () => void>> = {
    larger: () => this.#zoomBy(1),
    smaller: () => this.#zoomBy(-1),
    'usual-size': () => this.#zoomBy(0),
    search: () => this.#ownKeys.search(this.#tabs.active),
    links: () =>
      this.#ownKeys.pick(this.#tabs.active, (link, onlyCopy) => {
        if (onlyCopy) this.#links.copy(link.address);
        else this.#links.follow(link);
      }),
    'new-tab': () => this.#addTab(),
    'close-tab': () => this.#closeTab(this.#tabs.active),
    'next-tab': () => this.#switch(() => this.#tabs.step(1)),
    'previous-tab': () => this.#switch(() => this.#tabs.step(-1)),
    'move-tab-right': () => this.#switch(() => this.#tabs.move(1)),
    'move-tab-left': () => this.#switch(() => this.#tabs.move(-1)),
  };
  #config: Config;
  #bindings: Bindings;
  #view: View | undefined;
  #canvas: Canvas | undefined;
  #frontLost = false;
  #focused = false;
  #end: (status: number) => void = () => {};

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#starter = new Starter(options, options.log);
    this.#config = options.config ?? usualConfig;
    this.#bindings = new Bindings(this.#config.keys);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const invalidate = () => this.#view?.invalidate();
    this.#bell = new Bell(invalidate);
    this.#bell.silent = this.#config.bell === 'none';
    this.#status = new StatusLine(invalidate);
    this.#linkLine = new LinkLine(() => this.screen, this.#status);
    this.#front = options.front;
    this.#ownKeys = new OwnKeys(this.#status, invalidate, () => this.#fieldChanged());
    this.#typing = new Typing({
      tabs: this.#tabs,
      ownKeys: this.#ownKeys,
      bindings: () => this.#bindings,
      changed: invalidate,
      dismissed: (tab) => this.#tabEnded(tab, 1),
      fieldChanged: () => this.#fieldChanged(),
    });
    this.#pointer = this.#createPointer();
    this.#links = this.#createLinkOpener();
    this.#addTab();
    this.#front.open({
      prepared: () => this.#prepared(),
      appeared: (canvas) => this.#appeared(canvas),
      resized: (width, height, scale) => this.#resized(width, height, scale),
      frameDone: () => this.#view?.frameDone(),
      lost: (error) => this.#lost(error),
      gaveUp: (what, error) => this.#fail(what, error),
      closed: () => this.#end(0),
      keyboard: {
        focus: (focused) => this.#focus(focused),
        key: (key, modifiers, serial) => this.#typing.key(key, modifiers, serial),
      },
      pointer: this.#pointer,
      composition: this.#typing,
    });
  }

  /** Variables of programs that are started from now on, beside the options'. */
  get environment(): Record<string, string> {
    return this.#starter.environment;
  }

  /** Of the terminal that is seen. */
  get screen(): Screen {
    return this.#tabs.active.screen;
  }

  /** Other settings from now on; `font` is the base font for them. */
  configure(config: Config, font: Font | undefined): void {
    this.#config = config;
    this.#bindings = new Bindings(config.keys);
    this.#bell.silent = config.bell === 'none';
    for (const tab of this.#tabs.all) tab.configure(config);
    if (font && this.#textSize.base) {
      this.#textSize.base = font;
      this.#canvas?.renew();
    }
    this.#layOut();
    this.#view?.invalidate();
  }

  /** Records what the terminal that is seen prints; takes the fd. */
  record(fd: Fd): void {
    this.#tabs.active.record(fd);
  }

  /** Tells the user something, over the last row. */
  notify(text: string): void {
    this.#status.notify(text);
  }

  close(): void {
    for (const tab of this.#tabs.all) tab.close();
    this.#typing.close();
    this.#view?.close();
    this.#front.close();
    this.#status.close();
    this.#bell.close();
  }

  #createTabHost(): TabHost {
    const console = this;
    const isActive = (tab: Tab) => tab === console.#tabs.active;
    return {
      pictures: this.#pictures,
      get cell() {
        const font = console.#view?.font;
        return {
          width: font?.cellWidth ?? 1,
          height: font?.cellHeight ?? 1,
          scale: console.#textSize.pixels.scale,
        };
      },
      get modifiers() {
        return console.#front.modifiers;
      },
      get clipboard() {
        return console.#front.clipboard;
      },
      get bindings() {
        return console.#bindings;
      },
      get tabs() {
        return console.#tabs.count;
      },
      command: (command) => this.#actions[command]?.(),
      hovered: (link) => {
        this.#linkLine.link = link;
      },
      follow: (link) => this.#links.follow(link),
      changed: (tab) => {
        if (isActive(tab)) this.#view?.invalidate();
      },
      output: (tab, bytes) => {
        if (isActive(tab)) this.#view?.output(bytes);
      },
      titleChanged: () => this.#nameTabs(),
      bell: (tab) => (isActive(tab) ? this.#bell.ring() : this.#notice(tab)),
      notified: (tab, title, text) => {
        if (!isActive(tab)) this.#notice(tab);
        this.notify(title === '' ? text : `${title}: ${text}`);
      },
      ended: (tab, status) => this.#tabEnded(tab, status),
    };
  }

  #createPointer(): BarPointer {
    const console = this;
    return new BarPointer({
      get barHeight() {
        const { scale } = console.#textSize.pixels;
        return console.#view ? (console.#tabBar.rows * console.#view.font.cellHeight) / scale : 0;
      },
      get mouse() {
        return console.#tabs.active.mouse;
      },
      clicked: (x, button) => {
        const { scale, width } = this.#textSize.pixels;
        const cell = this.#view?.font.cellWidth ?? 1;
        const index = this.#tabBar.at(Math.floor((x * scale) / cell), Math.floor(width / cell));
        const tab = index === undefined ? undefined : this.#tabs.all[index];
        if (!tab) return;
        if (button === 'middle') this.#closeTab(tab);
        else this.#switch(() => this.#tabs.select(index!));
      },
    });
  }

  #createLinkOpener(): LinkOpener {
    const console = this;
    return new LinkOpener({
      get program() {
        return console.#config['open-links'];
      },
      get environment() {
        return console.#starter.allVariables;
      },
      copy: (address) => this.#tabs.active.input.copy('clipboard', address),
      tell: (text) => this.notify(text),
    });
  }

  async #prepared(): Promise<boolean> {
    // A font that cannot be loaded ends the program, at whoever made the promise.
    const font = await this.#options.font.catch(() => undefined);
    if (!font) return false;
    this.#textSize.base ??= font;
    const overlays = [this.#linkLine, this.#ownKeys, this.#tabBar, this.#status, this.#typing.preedit];
    const place = (onto: OverlayGrid) => this.#typing.cursor(onto);
    const shown = () => {
      const { screen, cursor, selection } = this.#tabs.active;
      this.#tabBar.palette = screen.palette;
      this.#status.palette = screen.palette;
      return { screen, cursor, selection, bell: this.#bell, top: this.#tabBar.rows, overlays, place };
    };
    const placed = (x: number, y: number, width: number, height: number) => {
      this.#front.textInput?.place(x, y, width, height);
      this.#typing.shown();
    };
    this.#view ??= new View(font, this.#pictures, shown, placed, (held) => {
      for (const tab of this.#tabs.all) tab.hold(held);
    });
    return true;
  }

  #appeared(canvas: Canvas): void {
    this.#canvas = canvas;
    this.#nameTabs();
    if (this.#view) this.#view.canvas = canvas;
  }

  #lost(error: Error): void {
    this.#options.log.warn({ error: error.message }, 'the console is not shown any more; it waits');
    this.#frontLost = true;
    if (this.#view) this.#view.canvas = undefined;
    this.#canvas = undefined;
    for (const tab of this.#tabs.all) tab.mouse.reset();
    this.#pointer.reset();
    this.#focus(false);
  }

  #fail(what: string, error: unknown): void {
    this.#options.log.error({ error: error instanceof Error ? error.message : String(error) }, what);
    this.#end(1);
  }

  #resized(width: number, height: number, scale: number): void {
    this.#textSize.pixels = { width, height, scale };
    this.#layOut();
    if (this.#frontLost) this.#options.frontChanged?.();
    this.#frontLost = false;
  }

  /** As many cells as the window has room for. Programs start when their screen has a size. */
  #layOut(): void {
    const { pixels, base } = this.#textSize;
    const { width, height } = pixels;
    const view = this.#view;
    if (!base || !view || width === 0) return;
    const font = this.#textSize.font(base, view.font);
    const { columns, rows } = this.#textSize.cells(font);
    const top = Math.min(this.#tabBar.rows, rows - 1);
    for (const tab of this.#tabs.all) {
      tab.resize(
        columns,
        rows - top,
        [font.cellWidth, font.cellHeight],
        width,
        height - top * font.cellHeight,
      );
      if (!tab.started) this.#starter.start(tab, width, height);
    }
    view.resize(font, columns, rows);
    view.draw();
    this.#options.resized?.();
  }

  #addTab(): void {
    if (this.#tabs.count >= TAB_LIMIT) return;
    this.#starter.directory = this.#tabs.count > 0 ? this.#tabs.active.directory : undefined;
    const tab = new Tab(this.#createTabHost());
    tab.configure(this.#config);
    this.#switch(() => this.#tabs.add(tab));
    this.#layOut();
  }

  #closeTab(tab: Tab): void {
    tab.close();
    this.#tabEnded(tab, 0);
  }

  #tabEnded(tab: Tab, status: number): void {
    if (!this.#tabs.all.includes(tab)) return;
    if (this.#tabs.count === 1) {
      this.#end(status);
      return;
    }
    tab.close();
    this.#switch(() => this.#tabs.remove(tab));
    this.#layOut();
  }

  /** Whatever `change` does to the tabs: the keyboard is the active one's, and it is shown. */
  #switch(change: () => void): void {
    const before = this.#tabs.count > 0 ? this.#tabs.active : undefined;
    change();
    const { active } = this.#tabs;
    if (before !== active) {
      this.#ownKeys.end();
      this.#linkLine.link = undefined;
      this.#fieldChanged();
      before?.input.focus(false);
      before?.mouse.reset();
      active.input.focus(this.#focused);
      active.noticed = false;
      if (before) this.#options.resized?.();
    }
    this.#nameTabs();
  }

  #notice(tab: Tab): void {
    tab.noticed = true;
    this.#nameTabs();
  }

  #nameTabs(): void {
    this.#tabBar.tabs = this.#tabs.all;
    this.#tabBar.active = this.#tabs.activeIndex;
    if (this.#canvas) this.#canvas.title = this.#tabs.active.title;
    this.#view?.invalidate();
  }

  /** What was being composed for the field before is given up, dead keys too. */
  #fieldChanged(): void {
    this.#front.textInput?.renew();
    this.#front.forgetDeadKeys();
  }

  #focus(focused: boolean): void {
    this.#focused = focused;
    this.#tabs.active.input.focus(focused);
  }

  #zoomBy(step: -1 | 0 | 1): void {
    if (!this.#textSize.zoomBy(step)) return;
    this.#canvas?.renew();
    this.#layOut();
  }
}
