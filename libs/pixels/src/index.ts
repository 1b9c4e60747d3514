export { CELL_NUMBERS, drawCells } from './cells.js';
export {
  haveJpeg,
  haveLz4,
  i420Rectangle,
  jpegCompressRectangle,
  jpegLibrary,
  lz4Bound,
  lz4CompressRectangle,
  lz4CompressRectangleFallback,
} from './codecs.js';
export { DrawList } from './DrawList.js';
export {
  blendRectangle,
  copyRectangle,
  fillRectangle,
  findScroll,
  guardedCopy,
  scaleBlend,
  TILE,
  tileDiff,
} from './drawing.js';
export { lz4Compress } from './lz4Compress.js';
export { lz4Decompress } from './lz4Decompress.js';
export { MAX_RECTANGLES, type Rectangles, Region } from './Region.js';
