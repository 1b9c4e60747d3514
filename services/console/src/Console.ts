import type { Log } from '@switchyard/runtime';
import type { Fd } from '@switchyard/sys';
import { BarPointer } from './BarPointer.js';
import { Bell } from './Bell.js';
import { Bindings, type Command } from './Bindings.js';
import { type Config, usualConfig } from './Config.js';
import type { Font } from './Font.js';
import type { Front } from './Front.js';
import { LinkLine } from './LinkLine.js';
import { LinkOpener } from './LinkOpener.js';
import { OwnKeys } from './OwnKeys.js';
import type { Screen } from './Screen.js';
import { type Room, Stage } from './Stage.js';
import { Starter } from './Starter.js';
import { StatusLine } from './StatusLine.js';
import { type Program, Tab, type TabHost } from './Tab.js';
import { TabBar } from './TabBar.js';
import { TAB_LIMIT, Tabs } from './Tabs.js';
import { Typing } from './Typing.js';

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
  readonly #linkLine: LinkLine;
  readonly #typing: Typing;
  readonly #stage: Stage;
  readonly #starter: Starter;
  readonly #actions: Partial<Record<Command, () => void>> = {
    larger: () => this.#stage.zoomBy(1),
    smaller: () => this.#stage.zoomBy(-1),
    'usual-size': () => this.#stage.zoomBy(0),
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
    this.#stage = this.#createStage();
    const invalidate = () => this.#stage.invalidate();
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
      appeared: (canvas) => this.#stage.appeared(canvas),
      resized: (width, height, scale) => this.#resized(width, height, scale),
      frameDone: () => this.#stage.frameDone(),
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
    if (font) this.#stage.font = font;
    this.#stage.layOut();
    this.#stage.invalidate();
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
    this.#stage.close();
    this.#front.close();
    this.#status.close();
    this.#bell.close();
  }

  #createTabHost(): TabHost {
    const console = this;
    const isActive = (tab: Tab) => tab === console.#tabs.active;
    return {
      pictures: this.#stage.pictures,
      get cell() {
        return console.#stage.cell;
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
        if (isActive(tab)) this.#stage.invalidate();
      },
      output: (tab, bytes) => {
        if (isActive(tab)) this.#stage.output(bytes);
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
        return console.#stage.heightOf(console.#tabBar.rows);
      },
      get mouse() {
        return console.#tabs.active.mouse;
      },
      clicked: (x, button) => {
        const { cell, columns } = this.#stage;
        const index = this.#tabBar.at(Math.floor((x * cell.scale) / cell.width), columns);
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

  #createStage(): Stage {
    return new Stage({
      shown: () => {
        const { screen, cursor, selection } = this.#tabs.active;
        this.#tabBar.palette = screen.palette;
        this.#status.palette = screen.palette;
        const overlays = [this.#linkLine, this.#ownKeys, this.#tabBar, this.#status, this.#typing.preedit];
        const top = this.#tabBar.rows;
        return { screen, cursor, selection, bell: this.#bell, top, overlays, place: this.#typing.place };
      },
      drawn: (x, y, width, height) => {
        this.#front.textInput?.place(x, y, width, height);
        this.#typing.shown();
      },
      held: (held) => {
        for (const tab of this.#tabs.all) tab.hold(held);
      },
      laidOut: (room) => this.#laidOut(room),
    });
  }

  async #prepared(): Promise<boolean> {
    // A font that cannot be loaded ends the program, at whoever made the promise.
    const font = await this.#options.font.catch(() => undefined);
    if (!font) return false;
    this.#stage.prepare(font);
    return true;
  }

  #lost(error: Error): void {
    this.#options.log.warn({ error: error.message }, 'the console is not shown any more; it waits');
    this.#frontLost = true;
    this.#stage.lost();
    for (const tab of this.#tabs.all) tab.mouse.reset();
    this.#pointer.reset();
    this.#focus(false);
  }

  #fail(what: string, error: unknown): void {
    this.#options.log.error({ error: error instanceof Error ? error.message : String(error) }, what);
    this.#end(1);
  }

  #resized(width: number, height: number, scale: number): void {
    this.#stage.resized(width, height, scale);
    if (this.#frontLost) this.#options.frontChanged?.();
    this.#frontLost = false;
  }

  /** Programs start when their screen has a size. */
  #laidOut({ columns, rows, cell, width, height }: Room): void {
    const top = Math.min(this.#tabBar.rows, rows - 1);
    for (const tab of this.#tabs.all) {
      tab.resize(columns, rows - top, cell, width, height - top * cell[1]);
      if (!tab.started) this.#starter.start(tab, width, height);
    }
    this.#options.resized?.();
  }

  #addTab(): void {
    if (this.#tabs.count >= TAB_LIMIT) return;
    this.#starter.directory = this.#tabs.count > 0 ? this.#tabs.active.directory : undefined;
    const tab = new Tab(this.#createTabHost());
    tab.configure(this.#config);
    this.#switch(() => this.#tabs.add(tab));
    this.#stage.layOut();
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
    this.#stage.layOut();
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
    this.#stage.title = this.#tabs.active.title;
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
}
