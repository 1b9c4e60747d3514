import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { Pictures } from './Pictures.js';
import { Screen } from './Screen.js';
import { ConsoleFixture } from './testing/ConsoleFixture.js';

/** A PNG of four coloured quarters: red, green, blue, white. */
function quarters(width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  const colours = [0xff0000, 0x00ff00, 0x0000ff, 0xffffff];
  for (let at = 0; at < width * height; at++) {
    const right = at % width >= width / 2;
    const low = at >= (width * height) / 2;
    png.data.writeUInt32BE(((colours[Number(right) + 2 * Number(low)]! << 8) | 0xff) >>> 0, 4 * at);
  }
  return PNG.sync.write(png);
}

const isNear = (pixel: number, colour: number) =>
  [16, 8, 0].every((shift) => Math.abs(((pixel >> shift) & 0xff) - ((colour >> shift) & 0xff)) < 48);

describe('programs that show pictures', () => {
  test.each([
    ['chafa, by sixels', 'chafa -f sixels -s 20x10 --stretch quarters.png'],
    ['chafa, by the kitty protocol', 'chafa -f kitty -s 20x10 --stretch quarters.png'],
    ['img2sixel', 'img2sixel quarters.png'],
  ])('%s', async (_, command) => {
    await using fixture = await ConsoleFixture.start();
    await fixture.shows(/\$$/m);
    const { cellWidth, cellHeight } = fixture.font;
    writeFileSync(join(fixture.directory, 'quarters.png'), quarters(20 * cellWidth, 10 * cellHeight));
    fixture.display.type(`clear; ${command}; echo; echo shown; sleep 9\n`);
    await fixture.shows(/^shown$/m);
    await fixture.settled();
    const at = (column: number, row: number) => {
      const [x, y] = fixture.cell(column, row);
      return fixture.display.pixel(Math.floor(x), Math.floor(y));
    };
    const seen = [at(3, 2), at(16, 2), at(3, 7), at(16, 7)];
    expect(seen.map((pixel) => pixel.toString(16).padStart(6, '0'))).toSatisfy(() =>
      [0xff0000, 0x00ff00, 0x0000ff, 0xffffff].every((colour, index) => isNear(seen[index]!, colour)),
    );
    expect(fixture.console.screen.text()).toMatch(/^\s+shown\n/);
  });

  test('are installed', () => {
    expect(['chafa', 'img2sixel'].map((name) => spawnSync('which', [name]).status)).toEqual([0, 0]);
  });
});

describe('the kitty graphics protocol', () => {
  let answers: string;
  let screen: Screen;
  let pictures: Pictures;

  beforeEach(() => {
    answers = '';
    pictures = new Pictures();
    const events = { changed() {}, title() {}, bell() {}, copied() {}, notified() {} };
    screen = new Screen(20, 6, { ...events, answer: (text) => (answers += text) }, pictures);
    screen.resize(20, 6, [10, 20]);
  });

  const write = (text: string) => screen.write(Buffer.from(text));
  const send = (keys: string, data: Uint8Array = new Uint8Array()) =>
    write(`\x1b_G${keys};${Buffer.from(data).toString('base64')}\x1b\\`);
  const asked = (keys: string, data?: Uint8Array) => {
    answers = '';
    send(keys, data);
    return answers.replaceAll('\x1b', 'ESC ');
  };
  const pictureAt = (column: number, row: number) =>
    pictures.at(screen.row(row)!._data[3 * column]! & 0x1fffff);
  const rgb = (pixels: number) => new Uint8Array(pixels * 3).fill(200);

  test('a program that asks is told, and nothing is shown', () => {
    expect(asked('i=31,s=1,v=1,a=q,t=d,f=24', rgb(1))).toBe('ESC _Gi=31;OKESC \\');
    expect(pictureAt(0, 0)).toBeUndefined();
  });

  test('a picture takes as many cells as it covers, and the cursor goes behind it', () => {
    send('a=T,f=24,s=25,v=30', rgb(25 * 30));
    expect([pictureAt(2, 1)?.columns, pictureAt(3, 0), pictureAt(0, 2)]).toEqual([3, undefined, undefined]);
    expect(screen.cursor).toEqual({ x: 3, y: 1 });
    write('text');
    expect(screen.text().split('\n')[1]).toBe('   text');
  });

  test('C=1 leaves the cursor, also when the screen scrolled', () => {
    write('\x1b[6;1H');
    send('a=T,f=24,s=10,v=60,C=1', rgb(600));
    expect(screen.cursor).toEqual({ x: 0, y: 3 });
    expect(pictureAt(0, 5)).toBeDefined();
  });

  test('it is scaled to the cells that were asked for', () => {
    send('a=T,f=24,s=4,v=4,c=6,r=2', rgb(16));
    expect([pictureAt(5, 1)?.bitmap.width, pictureAt(5, 1)?.bitmap.height]).toEqual([60, 40]);
  });

  test('parts, compression and PNG', () => {
    const packed = deflateSync(rgb(100)).toString('base64');
    write(`\x1b_Gi=5,f=24,o=z,s=10,v=10,m=1;${packed.slice(0, 8)}\x1b\\`);
    expect(answers).toBe('');
    write(`\x1b_Gm=0;${packed.slice(8)}\x1b\\`);
    expect(answers).toBe('\x1b_Gi=5;OK\x1b\\');
    expect(asked('a=p,i=5,p=2')).toBe('ESC _Gi=5,p=2;OKESC \\');
    expect(pictureAt(0, 0)?.id).toBe(5);
    expect(asked('i=6,a=T,f=100', quarters(10, 20))).toContain('OK');
    expect(pictureAt(1, 0)?.id).toBe(6);
  });

  test('commands may be cut anywhere between two writes', () => {
    const command = Buffer.from(
      `a\x1b_Ga=T,f=24,s=10,v=20;${Buffer.from(rgb(200)).toString('base64')}\x1b\\b`,
    );
    for (let at = 1; at < command.length; at += 7) {
      write('\x1b[H\x1b[2J');
      screen.write(command.subarray(0, at));
      screen.write(command.subarray(at));
      expect(screen.text().split('\n')[0], `cut at ${at}`).toBe('a b');
      expect(pictureAt(1, 0), `cut at ${at}`).toBeDefined();
    }
  });

  test('deleting takes pictures off the screen, and leaves text', () => {
    write('ab');
    send('a=T,i=1,f=24,s=10,v=20', rgb(200));
    send('a=T,i=2,f=24,s=10,v=20', rgb(200));
    send('a=d,d=i,i=1');
    expect([pictureAt(2, 0), pictureAt(3, 0)?.id]).toEqual([undefined, 2]);
    expect(asked('a=p,i=1')).toContain('OK');
    send('a=d,d=I,i=1');
    expect(asked('a=p,i=1')).toContain('ENOENT');
    send('a=d');
    expect(pictureAt(3, 0)).toBeUndefined();
    expect(screen.text().split('\n')[0]).toBe('ab');
  });

  test('what is not supported, or not true, is refused', () => {
    expect(asked('i=1,t=f,f=100', Buffer.from('/etc/passwd'))).toContain('EINVAL');
    expect(asked('i=1,f=32,s=100,v=100', rgb(4))).toContain('ENODATA');
    expect(asked('i=1,f=32,s=60000,v=60000', rgb(4))).toContain('EFBIG');
    expect(asked('i=1,f=100', Buffer.from('not a png at all, but long enough'))).toContain('E');
    expect(asked('i=1,a=f')).toContain('EINVAL');
    expect(asked('i=1,q=2,a=f')).toBe('');
  });

  test('text over a picture takes its place, and scrollback keeps the rest', () => {
    send('a=T,f=24,s=30,v=20,C=1', rgb(600));
    write('\x1b[1;2Hx');
    expect([pictureAt(0, 0)?.columns, pictureAt(1, 0), pictureAt(2, 0)?.columns]).toEqual([3, undefined, 3]);
    write('\r\n'.repeat(9));
    expect(screen.scrollback(9).trimEnd()).toMatch(/^ x\s*$/m);
  });

  test('a command without an end, and a flood of pictures, stay bounded', () => {
    write(`\x1b_Ga=T,f=24;`);
    for (let part = 0; part < 100; part++) write('A'.repeat(100_000));
    write('\x1b\\after');
    expect(screen.text()).toContain('after');
    for (let count = 0; count < 80; count++)
      send(`a=T,i=${count + 1},f=24,s=500,v=500,c=1,r=1,q=2`, rgb(250_000));
    expect(process.memoryUsage().rss).toBeLessThan(900 << 20);
  });
});
