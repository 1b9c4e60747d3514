import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { H264Unit } from './FlvReader.js';
import { VideoEncoder } from './VideoEncoder.js';

const WIDTH = 192;
const HEIGHT = 128;

function grey(level: number): Uint8Array {
  return new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(level, 0, WIDTH * HEIGHT).fill(128, WIDTH * HEIGHT);
}

/** An H.264 stream with start codes, as decoders of files take it. */
function annexB(units: H264Unit[]): Buffer {
  const startCode = Buffer.from([0, 0, 0, 1]);
  const pieces: Uint8Array[] = [];
  for (const { kind, bytes } of units) {
    const view = Buffer.from(bytes);
    if (kind === 'configuration') {
      // Behind five bytes: how many parameter sets of a kind, and each behind its length; twice.
      let at = 5;
      for (const mask of [0x1f, 0xff]) {
        for (let left = view[at++]! & mask; left > 0; left--) {
          const length = view.readUInt16BE(at);
          pieces.push(startCode, view.subarray(at + 2, at + 2 + length));
          at += 2 + length;
        }
      }
    } else
      for (let at = 0; at < view.length; at += 4 + view.readUInt32BE(at))
        pieces.push(startCode, view.subarray(at + 4, at + 4 + view.readUInt32BE(at)));
  }
  return Buffer.concat(pieces);
}

describe('the video encoder', () => {
  test('gives each frame back before it wants the next, as a stream that decodes to it', async () => {
    const units: H264Unit[] = [];
    let told: (() => void) | undefined;
    const encoder = new VideoEncoder(WIDTH, HEIGHT, {
      units: (some) => {
        units.push(...some);
        told!();
      },
      failed: (reason) => expect.unreachable(reason),
    });
    const levels = [40, 90, 140, 200];
    for (const level of levels) {
      const came = new Promise<void>((resolve) => {
        told = resolve;
      });
      encoder.encode(grey(level));
      expect(encoder.busy).toBe(true);
      await came;
      expect(encoder.busy).toBe(false);
    }
    encoder.close();
    expect(units.map(({ kind }) => kind)).toEqual(['configuration', 'key', 'delta', 'delta', 'delta']);
    const decoded = execFileSync(
      'ffmpeg',
      '-loglevel error -f h264 -i pipe:0 -f rawvideo -pix_fmt yuv420p pipe:1'.split(' '),
      { input: annexB(units), stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const frame = (WIDTH * HEIGHT * 3) / 2;
    expect(decoded.length).toBe(levels.length * frame);
    for (const [i, level] of levels.entries()) expect(decoded[i * frame + 1000]).toBeCloseTo(level, -1);
  });

  test('says once what is wrong when the machine has none', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      const reasons: string[] = [];
      await new Promise<void>((resolve) => {
        new VideoEncoder(WIDTH, HEIGHT, {
          units: () => expect.unreachable(),
          failed: (reason) => {
            reasons.push(reason);
            setTimeout(resolve, 50);
          },
        }).encode(grey(1));
      });
      expect(reasons).toEqual([expect.stringContaining('ENOENT')]);
    } finally {
      process.env['PATH'] = path;
    }
  });
});
