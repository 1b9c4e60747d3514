/**
 * What the seat does to every frame, per 1280×720 frame: comparing with the last one, compressing, blending, scaling. Each
 * beside a plain loop in JavaScript over the same pixels. Run after a build: node bench/pixels.mjs [--json]
 */
import {
  blendRectangle,
  copyRectangle,
  guardedCopy,
  haveJpeg,
  haveLz4,
  jpegCompressRectangle,
  jpegLibrary,
  lz4Bound,
  lz4CompressRectangle,
  lz4CompressRectangleFallback,
  lz4Decompress,
  Region,
  scaleBlend,
  TILE,
  tileDiff,
} from '@switchyard/pixels';

const width = 1280;
const height = 720;
const stride = width * 4;
const columns = Math.ceil(width / TILE);
const rounds = 41;
const all = Int32Array.of(0, 0, width, height);

/** Deterministic noise. */
function noise(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  };
}

/** A terminal full of glyph-like cells: few colours, the shapes repeat. */
function textFrame() {
  const frame = new Uint8Array(stride * height);
  const pixels = new Uint32Array(frame.buffer);
  const random = noise(1);
  const glyphs = Array.from({ length: 96 }, () => Array.from({ length: 16 }, () => random() & random()));
  for (let row = 0; row < height / 16; row++)
    for (let column = 0; column < width / 8; column++) {
      const glyph = random() < 60 ? undefined : glyphs[random() % 96];
      for (let y = 0; y < 16; y++)
        for (let x = 0; x < 8; x++)
          pixels[(row * 16 + y) * width + column * 8 + x] =
            glyph && glyph[y] & (1 << x) ? 0xffd0d0d0 : 0xff101010;
    }
  return frame;
}

/** A photograph-like frame: gradients with noise in the low bits. */
function photoFrame() {
  const frame = new Uint8Array(stride * height);
  const pixels = new Uint32Array(frame.buffer);
  const random = noise(2);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const wave = (phase) =>
        Math.round(110 + 90 * Math.sin(x / 97 + phase) * Math.cos(y / 71 - phase)) + (random() & 15);
      pixels[y * width + x] = 0xff000000 | (wave(0) << 16) | (wave(1) << 8) | wave(2);
    }
  return frame;
}

function median(work) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    work(i);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[rounds >> 1];
}

function tileDiffInJs(shadow, frame, dirty) {
  let changed = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (shadow[at] === frame[at]) continue;
      shadow[at] = frame[at];
      const tile = Math.floor(y / TILE) * columns + Math.floor(x / TILE);
      if (!dirty[tile]) changed++;
      dirty[tile] = 1;
    }
  return changed;
}

function blendInJs(to, from) {
  for (let i = 0; i < to.length; i++) {
    const above = from[i];
    const below = to[i];
    const rest = 255 - (above >>> 24);
    const rb = (below & 0xff00ff) * rest;
    const ag = ((below >>> 8) & 0xff00ff) * rest;
    to[i] = above + ((rb >>> 8) & 0xff00ff) + (ag & 0xff00ff00);
  }
}

function scaleInJs(to, from) {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sx = Math.max(0, x / 2 - 0.25);
      const sy = Math.max(0, y / 2 - 0.25);
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)];
      const [wx, wy] = [sx - x0, sy - y0];
      const at = y0 * width + x0;
      let colour = 0;
      for (let shift = 0; shift < 32; shift += 8) {
        const channel = (i) => (from[i] >>> shift) & 0xff;
        const upper = channel(at) * (1 - wx) + channel(at + 1) * wx;
        const lower = channel(at + width) * (1 - wx) + channel(at + width + 1) * wx;
        colour |= Math.round(upper * (1 - wy) + lower * wy) << shift;
      }
      to[y * width + x] = colour;
    }
}

const words = (bytes) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const results = [];
const add = (what, ms, peer, bytes) => results.push({ what, ms, peer, bytes });

const text = textFrame();
const photo = photoFrame();
const same = text.slice();
const target = photo.slice();
const dirty = new Uint8Array(columns * Math.ceil(height / TILE));
const screen = new Region().set(0, 0, width, height);

add(
  'tile diff, unchanged frame',
  median(() => tileDiff(same, stride, text, stride, width, height, all, 1, dirty)),
  median(() => tileDiffInJs(words(same), words(text), dirty)),
);
add(
  'tile diff, every pixel changed',
  median((i) => tileDiff(target, stride, i % 2 ? photo : text, stride, width, height, all, 1, dirty)),
  median((i) => tileDiffInJs(words(target), words(i % 2 ? photo : text), dirty)),
);
add(
  'copy',
  median(() => copyRectangle(target, stride, 0, 0, text, stride, 0, 0, width, height)),
  median(() => words(target).set(words(text))),
);
add(
  'copy under the SIGBUS guard',
  median(() => guardedCopy(target, stride, 0, 0, text, stride, 0, 0, width, height)),
);
add(
  'blend (source over)',
  median(() => blendRectangle(target, stride, 0, 0, photo, stride, 0, 0, width, height)),
  median(() => blendInJs(words(target), words(photo))),
);
add(
  'scale 640×360 up to the frame, bilinear',
  median(() =>
    scaleBlend(
      target,
      stride,
      0,
      0,
      width,
      height,
      screen,
      photo,
      stride,
      0,
      0,
      640 * 256,
      360 * 256,
      0,
      true,
    ),
  ),
  median(() => scaleInJs(words(target), words(photo))),
);
const out = new Uint8Array(lz4Bound(stride * height));
for (const [name, frame] of [
  ['text', text],
  ['photo', photo],
]) {
  let bytes = 0;
  const compress = (encode) =>
    median(() => {
      bytes = encode(frame, stride, 0, 0, width, height, out, 0);
    });
  const fallback = compress(lz4CompressRectangleFallback);
  const fallbackBytes = bytes;
  if (haveLz4()) add(`LZ4 by liblz4, ${name}`, compress(lz4CompressRectangle), fallback, bytes);
  else add(`LZ4 in TypeScript, ${name}`, fallback, undefined, fallbackBytes);
  add(
    `LZ4 decoded in TypeScript, ${name}`,
    median(() => lz4Decompress(out.subarray(0, bytes), target)),
    undefined,
    bytes,
  );
  if (!haveJpeg()) continue;
  const jpeg = median(() => {
    bytes = jpegCompressRectangle(frame, stride, 0, 0, width, height, 80, out, 0);
  });
  add(`JPEG 4:2:0 q80 by ${jpegLibrary()}, ${name}`, jpeg, undefined, bytes);
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(results));
} else {
  console.log(`per ${width}×${height} frame, median of ${rounds}:\n`);
  console.log(`${''.padEnd(44)}${'ms'.padStart(8)}${'plain JS, ms'.padStart(14)}${'kB'.padStart(8)}`);
  for (const { what, ms, peer, bytes } of results)
    console.log(
      what.padEnd(44) +
        ms.toFixed(2).padStart(8) +
        (peer?.toFixed(2) ?? '').padStart(14) +
        (bytes ? Math.round(bytes / 1000).toString() : '').padStart(8),
    );
}
