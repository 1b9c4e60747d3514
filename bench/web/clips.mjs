import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sources = {
  /** ffmpeg's test picture at 60 Hz: flat colours and a gradient. */
  animation: { input: 'testsrc2=size=1280x720:rate=60', seconds: 20 },
  /** A zoom into the Mandelbrot set under noise, at 30 Hz: as hard as a camera's picture. */
  natural: { input: 'mandelbrot=size=1280x720:rate=30,noise=alls=6:allf=t', seconds: 20 },
};

/** A clip with its frame number as 16 black or white blocks at the top and at the bottom; made once and kept in /tmp. */
export function clip(name) {
  const directory = join(tmpdir(), 'yard-bench-clips');
  const path = join(directory, `${name}.mkv`);
  if (existsSync(path)) return path;
  mkdirSync(directory, { recursive: true });
  const { input, seconds } = sources[name];
  const filters = [];
  for (const y of [0, 680]) {
    filters.push(`drawbox=x=0:y=${y}:w=640:h=40:color=black:t=fill`);
    for (let bit = 0; bit < 16; bit++)
      filters.push(
        `drawbox=x=${40 * bit}:y=${y}:w=40:h=40:color=white:t=fill:enable='mod(floor(n/${2 ** bit}),2)'`,
      );
  }
  const made = `${path}.part.mkv`;
  const { status, stderr } = spawnSync(
    'ffmpeg',
    `-y -loglevel error -f lavfi -i ${input} -t ${seconds} -vf`
      .split(' ')
      .concat(filters.join(','), '-c:v libx264 -preset ultrafast -crf 16 -pix_fmt yuv420p'.split(' '), made),
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`ffmpeg: ${stderr}`);
  renameSync(made, path);
  return path;
}
