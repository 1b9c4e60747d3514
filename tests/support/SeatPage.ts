import { type Browser, chromium, type Page } from 'playwright-core';

/** Chromium without what this closed machine refuses it anyway. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `display`: of an X server on which it has windows; without one nobody sees any. */
export function launchBrowser(display?: string): Promise<Browser> {
  const options = { executablePath: '/usr/bin/chromium', args: flags };
  if (display === undefined) return chromium.launch(options);
  return chromium.launch({
    ...options,
    headless: false,
    env: { ...process.env, DISPLAY: display } as Record<string, string>,
  });
}

/** The seat's page in a real browser, seen by its canvas. */
export class SeatPage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string): Promise<SeatPage> {
    const context = await browser.newContext({ viewport: { width: 1300, height: 800 } });
    const page = await context.newPage();
    await page.goto(url);
    return SeatPage.of(page);
  }

  /** One that is loaded already, or is about to be. */
  static async of(page: Page): Promise<SeatPage> {
    // A seat without a session in front is paused.
    await page.waitForSelector('canvas#screen:is([data-state="live"], [data-state="paused"])');
    return new SeatPage(page);
  }

  async focus(): Promise<void> {
    await this.page.locator('canvas#screen').click();
  }

  frames(): Promise<number> {
    return this.page.evaluate(() =>
      Number(document.querySelector('canvas#screen')?.getAttribute('data-frames')),
    );
  }

  /** How many pixels of a rectangle differ from the colour at its corner: text, a window, a picture. */
  contrast(x: number, y: number, width: number, height: number): Promise<number> {
    return this.page.evaluate(
      ([x, y, width, height]) => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
        const data = canvas.getContext('2d')!.getImageData(x!, y!, width!, height!).data;
        let count = 0;
        for (let i = 4; i < data.length; i += 4) {
          if (data[i] !== data[0] || data[i + 1] !== data[1] || data[i + 2] !== data[2]) count++;
        }
        return count;
      },
      [x, y, width, height],
    );
  }

  /** Red, green and blue of one of the canvas's pixels. */
  pixel(x: number, y: number): Promise<number[]> {
    return this.page.evaluate(
      ([x, y]) => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
        return [...canvas.getContext('2d')!.getImageData(x!, y!, 1, 1).data.slice(0, 3)];
      },
      [x, y],
    );
  }

  /** A number that changes with any of the canvas's pixels. */
  fingerprint(): Promise<number> {
    return this.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
      const data = new Uint32Array(
        canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.buffer,
      );
      let hash = 2166136261;
      for (let i = 0; i < data.length; i++) hash = Math.imul(hash ^ data[i]!, 16777619);
      return hash >>> 0;
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
