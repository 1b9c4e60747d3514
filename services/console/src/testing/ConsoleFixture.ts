import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@switchyard/runtime';
import { Console } from '../Console.js';
import { Font } from '../Font.js';
import { WaylandFront } from '../WaylandFront.js';
import { TestDisplay } from './TestDisplay.js';

/** A console on a display of the test's own, with a real program in it. */
export class ConsoleFixture implements AsyncDisposable {
  readonly directory: string;
  readonly display: TestDisplay;
  readonly console: Console;
  readonly font: Font;

  private constructor(directory: string, display: TestDisplay, font: Font, command: readonly string[]) {
    this.directory = directory;
    this.display = display;
    this.font = font;
    process.env['YARD_LOG_LEVEL'] = 'silent';
    this.console = new Console({
      command,
      directory,
      environment: { ...process.env, HOME: directory, PS1: '$ ', YARD_WAYLAND_DISPLAY: display.path },
      front: new WaylandFront([display.path]),
      font: Promise.resolve(font),
      log: createLog('console'),
    });
  }

  static async start(
    command: readonly string[] = ['/bin/sh'],
    options: { width?: number; height?: number; scale?: number; layout?: string } = {},
  ): Promise<ConsoleFixture> {
    const directory = mkdtempSync(join(tmpdir(), 'console-'));
    const { width = 640, height = 400, scale = 1 } = options;
    const display = new TestDisplay(join(directory, 'wayland'), { width, height, scale }, options.layout);
    const fixture = new ConsoleFixture(directory, display, await Font.load(15), command);
    await display.nextCommit();
    return fixture;
  }

  /** Resolves when the text on the screen matches, at the next frame that makes it so. */
  async shows(pattern: RegExp | string, patience = 60_000): Promise<string> {
    const matches = (text: string) =>
      typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
    const deadline = performance.now() + patience;
    for (;;) {
      const text = this.console.screen.text();
      if (matches(text)) return text;
      if (performance.now() > deadline) throw new Error(`${pattern} did not come up; the screen is\n${text}`);
      await Promise.race([this.display.nextCommit(), new Promise((resolve) => setTimeout(resolve, 100))]);
    }
  }

  /** Resolves when the cursor is drawn with focus, and the display has been left alone for a moment: all is drawn. */
  async settled(): Promise<void> {
    let frames: number;
    do {
      frames = this.display.commits.length;
      await new Promise((resolve) => setTimeout(resolve, 30));
    } while (this.display.commits.length !== frames || !this.#cursorIsDrawn());
  }

  #cursorIsDrawn(): boolean {
    const { cursor, palette } = this.console.screen;
    if (!cursor) return true;
    const [x, y] = this.cell(cursor.x, cursor.y + this.barRows);
    return this.display.pixel(Math.floor(x), Math.floor(y)) === palette.cursor;
  }

  /** Rows of the window above the screen's. */
  get barRows(): number {
    return Math.floor(this.display.screen.height / this.font.cellHeight) - this.console.screen.rows;
  }

  /** Surface coordinates of a cell's middle. */
  cell(column: number, row: number): [number, number] {
    const { cellWidth, cellHeight } = this.font;
    return [(column + 0.5) * cellWidth, (row + 0.5) * cellHeight];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.console.close();
    this.display.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }
}
