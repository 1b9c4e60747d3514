/// <reference lib="dom" />
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ServiceTree } from '../testing/ServiceTree.js';
import { TestSession } from '../testing/TestSession.js';

const WIDTH = 640;
const HEIGHT = 384;
/** The frame's number stands at the top as so many black or white tiles. */
const BITS = 8;
const TILE = 64;

let tree: ServiceTree;
let session: TestSession;
let browser: Browser;
let playing = true;
let number = 0;
const pages: Page[] = [];

beforeAll(async () => {
  [tree, browser] = await Promise.all([
    ServiceTree.start(['--size', `${WIDTH}x${HEIGHT}`, '--video', 'always']),
    chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
  ]);
  session = await TestSession.create(tree.connection, 'Player');
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
afterAll(async () => {
  session?.end();
  await browser?.close();
  await tree?.stop();
});

/** A picture as cameras make them: soft shapes that move, and fine grain. */
function paint(words: Uint32Array, frame: number): void {
  let noise = frame * 2654435761;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const grain = (noise >>> 28) - 8;
      const wave = (a: number, b: number) => 127 + 100 * Math.sin(x / a + y / b + frame / 9);
      const channel = (value: number) => Math.max(0, Math.min(255, Math.round(value + grain)));
      words[y * WIDTH + x] =
        (channel(wave(53, 31)) << 16) | (channel(wave(37, -71)) << 8) | channel(wave(-91, 47));
    }
  for (let bit = 0; bit < BITS; bit++) {
    const colour = (frame >> bit) & 1 ? 0xffffff : 0;
    for (let y = 0; y < TILE; y++) words.fill(colour, y * WIDTH + bit * TILE, y * WIDTH + (bit + 1) * TILE);
  }
}

/** A film on the screen as long as `watch` takes. */
async function during(watch: () => Promise<void>): Promise<void> {
  const played = play();
  try {
    await watch();
  } finally {
    playing = false;
    await played;
  }
}

async function play(): Promise<void> {
  const frames = Array.from({ length: 1 << BITS }, (_, frame) => {
    const words = new Uint32Array(WIDTH * HEIGHT);
    if (frame % 8 === 0) paint(words, frame);
    return words;
  });
  for (playing = true; playing; number = (number + 8) % (1 << BITS)) {
    session.words.set(frames[number]!);
    await session.present();
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** A page that keeps the pixels of the last frame that was drawn, as they were then: of a video if there was one. */
async function open(attribute: 'data-frames' | 'data-video-frames', without: string[] = []): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 800, height: 700 } });
  await context.addInitScript((names) => {
    for (const name of names) Reflect.deleteProperty(globalThis, name);
  }, without);
  const page = await context.newPage();
  pages.push(page);
  await page.goto(await tree.url());
  await page.evaluate((observed) => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
    new MutationObserver(() => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      Object.assign(globalThis, { lastFrame: data });
    }).observe(canvas, { attributeFilter: [observed] });
  }, attribute);
  return page;
}

const videoFrames = (page: Page) => page.locator('#screen').getAttribute('data-video-frames').then(Number);

async function bytes(page: Page, what: 'now' | 'last frame'): Promise<Buffer> {
  const base64 = await page.evaluate((which) => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas#screen')!;
    const { data } =
      which === 'now'
        ? canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        : { data: (globalThis as unknown as { lastFrame: Uint8ClampedArray }).lastFrame };
    let text = '';
    for (let at = 0; at < data.length; at += 32768)
      text += String.fromCharCode(...data.subarray(at, at + 32768));
    return btoa(text);
  }, what);
  return Buffer.from(base64, 'base64');
}

function numberIn(rgba: Buffer): number {
  let value = 0;
  for (let bit = 0; bit < BITS; bit++) if (rgba[4 * (32 * WIDTH + bit * TILE + 32)]! > 127) value |= 1 << bit;
  return value;
}

/** Peak signal to noise (dB), and how far the mean of the worst channel is off. */
function compare(rgba: Buffer, words: Uint32Array): { psnr: number; bias: number } {
  let squares = 0;
  const sums = [0, 0, 0];
  for (let i = 0; i < words.length; i++)
    for (let channel = 0; channel < 3; channel++) {
      const off = rgba[4 * i + channel]! - ((words[i]! >> (16 - 8 * channel)) & 0xff);
      squares += off * off;
      sums[channel]! += off;
    }
  return {
    psnr: 10 * Math.log10((255 * 255 * words.length * 3) / squares),
    bias: Math.max(...sums.map((sum) => Math.abs(sum / words.length))),
  };
}

/** The last frame is the one whose number it has, as far as compression lets it. */
async function expectLikeness(page: Page): Promise<void> {
  const shown = await bytes(page, 'last frame');
  const words = new Uint32Array(WIDTH * HEIGHT);
  paint(words, numberIn(shown));
  const { psnr, bias } = compare(shown, words);
  // What is lost is most of the grain, which alone is 35 dB.
  expect(psnr).toBeGreaterThan(28);
  expect(bias).toBeLessThan(2);
}

describe('a video', () => {
  test('goes to a browser as H.264, looks as it should in each frame, and stands still exactly', async () => {
    const page = await open('data-video-frames');
    await during(async () => {
      await expect.poll(() => videoFrames(page)).toBeGreaterThan(20);
      await expectLikeness(page);
      const late = await open('data-video-frames');
      await expect.poll(() => videoFrames(late)).toBeGreaterThan(3);
    });
    const still = Uint32Array.from(session.words);
    for (const each of pages)
      await expect
        .poll(async () => compare(await bytes(each, 'now'), still).psnr)
        .toBe(Number.POSITIVE_INFINITY);
  });

  test.each([[['VideoDecoder']], [['VideoDecoder', 'ImageDecoder']]])(
    'is JPEG, and looks as it should, in a browser without %j',
    async (without) => {
      const page = await open('data-frames', without);
      await during(async () => {
        const frames = () => page.locator('#screen').getAttribute('data-frames').then(Number);
        await expect.poll(frames).toBeGreaterThan(20);
        await expectLikeness(page);
        expect(await videoFrames(page)).toBe(0);
      });
    },
  );
});
