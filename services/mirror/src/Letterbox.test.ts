import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Letterbox } from './Letterbox.js';

const side = fc.integer({ min: 1, max: 8192 });
const size = fc.record({ width: side, height: side });

describe('Letterbox', () => {
  it('is exact where the sizes are the same', () => {
    const box = new Letterbox({ width: 800, height: 600 }, { width: 800, height: 600 });
    expect([box.x, box.y, box.exact]).toEqual([0, 0, true]);
    expect(box.toScreen(10, 20, 30, 40)).toEqual([10, 20, 30, 40]);
  });

  it('puts bars beside a picture that is narrower, and above one that is wider', () => {
    const tall = new Letterbox({ width: 800, height: 600 }, { width: 1600, height: 600 });
    expect([tall.x, tall.y, tall.width, tall.height]).toEqual([400, 0, 800, 600]);
    const wide = new Letterbox({ width: 800, height: 600 }, { width: 400, height: 600 });
    expect([wide.x, wide.y, wide.width, wide.height]).toEqual([0, 150, 400, 300]);
    expect(wide.fraction(100, 0)).toEqual([0.25, 0]);
  });

  it('keeps the picture and its damage on the screen, and every pixel within the damage it is blended from', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat(), (picture, screen, a, b) => {
        const box = new Letterbox(picture, screen);
        expect(box.x >= 0 && box.x + box.width <= screen.width).toBe(true);
        expect(box.y >= 0 && box.y + box.height <= screen.height).toBe(true);
        expect(box.width === screen.width || box.height === screen.height).toBe(true);
        const [px, py] = [a % picture.width, b % picture.height];
        const [x, y, width, height] = box.toScreen(px, py, 1, 1);
        expect(x >= box.x && y >= box.y).toBe(true);
        expect(x + width <= box.x + box.width && y + height <= box.y + box.height).toBe(true);
        const [cx, cy] = [
          ((px + 0.5) * box.width) / picture.width,
          ((py + 0.5) * box.height) / picture.height,
        ];
        expect(x - box.x <= cx && cx <= x - box.x + width).toBe(true);
        expect(y - box.y <= cy && cy <= y - box.y + height).toBe(true);
      }),
    );
  });
});
