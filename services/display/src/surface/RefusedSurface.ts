import type { WlSurfaceRequests } from '@switchyard/wayland';

/** Stands for a surface that was refused; its client has been ended. */
export const refusedSurface: WlSurfaceRequests = {
  destroy() {},
  attach() {},
  damage() {},
  frame() {},
  setOpaqueRegion() {},
  setInputRegion() {},
  commit() {},
  setBufferTransform() {},
  setBufferScale() {},
  damageBuffer() {},
  offset() {},
};
