/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EV } from '@switchyard/uapi';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { ServiceTree } from './ServiceTree.js';
import { TestSession } from './TestSession.js';

export const WIDTH = 640;
export const HEIGHT = 480;

/** A seat with one session, and a browser that looks at it, for all tests of a file. */
export class PageFixture {
  /** Of the seat's user. */
  readonly home = mkdtempSync(join(tmpdir(), 'yard-home-'));
  /** Closed after each test. */
  readonly pages: Page[] = [];
  /** What pages said in the console; a test fails by it. */
  readonly complaints: string[] = [];
  tree!: ServiceTree;
  session!: TestSession;
  browser!: Browser;

  /** Starts it before a file's tests, and stops it after them. */
  static forTests(): PageFixture {
    const fixture = new PageFixture();
    beforeAll(() => fixture.#start());
    afterEach(async () => {
      for (const page of fixture.pages.splice(0)) await page.context().close();
      expect(fixture.complaints.splice(0)).toEqual([]);
    });
    afterAll(() => fixture.#stop());
    return fixture;
  }

  /** A page that shows the seat. */
  async open(permissions: string[] = [], more: BrowserContextOptions = {}): Promise<Page> {
    const viewport = { width: 800, height: 700 };
    const context = await this.browser.newContext({ viewport, permissions, ...more });
    const page = await context.newPage();
    this.pages.push(page);
    // A blocked resource or an exception shows up here.
    page.on('console', (message) => {
      if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection|403/.test(message.text()))
        this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    await page.goto(await this.tree.url());
    await page.waitForSelector('canvas#screen[data-state="live"]');
    return page;
  }

  /** Keys that the session got, and whether they went down. */
  keys(): number[][] {
    return this.session.keyboard
      .filter((event) => event.type === EV.KEY)
      .map(({ code, value }) => [code, value]);
  }

  async #start(): Promise<void> {
    process.env['HOME'] = this.home;
    [this.tree, this.browser] = await Promise.all([
      ServiceTree.start(['--size', `${WIDTH}x${HEIGHT}`]),
      chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
    ]);
    this.session = await TestSession.create(this.tree.connection, 'Painter');
    this.session.words.fill(0x335577);
    await this.session.present();
  }

  async #stop(): Promise<void> {
    this.session?.end();
    await this.browser?.close();
    await this.tree?.stop();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** The canvas's pixels as 0x00RRGGBB. */
export async function pixels(page: Page): Promise<Uint32Array> {
  const base64 = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 32768)
      text += String.fromCharCode(...data.subarray(at, at + 32768));
    return btoa(text);
  });
  const rgba = Buffer.from(base64, 'base64');
  return Uint32Array.from({ length: rgba.length / 4 }, (_, i) => rgba.readUIntBE(i * 4, 3));
}

/** Whether the page shows exactly these. */
export async function shows(page: Page, words: Uint32Array): Promise<boolean> {
  return Buffer.from((await pixels(page)).buffer).equals(Buffer.from(Uint32Array.from(words).buffer));
}
