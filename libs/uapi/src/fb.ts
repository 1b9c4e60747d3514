/** Frame buffers of before DRM, /dev/fb*: linux/fb.h. */
import { array, text } from './Field.js';
import { byValue, plain } from './Ioctl.js';
import { struct } from './Struct.js';

export const fbBitfield = struct('fb_bitfield', { offset: 'u32', length: 'u32', msb_right: 'u32' });
export const fbVarScreeninfo = struct('fb_var_screeninfo', {
  xres: 'u32',
  yres: 'u32',
  xres_virtual: 'u32',
  yres_virtual: 'u32',
  xoffset: 'u32',
  yoffset: 'u32',
  bits_per_pixel: 'u32',
  grayscale: 'u32',
  red: fbBitfield,
  green: fbBitfield,
  blue: fbBitfield,
  transp: fbBitfield,
  nonstd: 'u32',
  activate: 'u32',
  /** mm */
  height: 'u32',
  width: 'u32',
  accel_flags: 'u32',
  /** ps; the rest of the timing in pixels and lines */
  pixclock: 'u32',
  left_margin: 'u32',
  right_margin: 'u32',
  upper_margin: 'u32',
  lower_margin: 'u32',
  hsync_len: 'u32',
  vsync_len: 'u32',
  sync: 'u32',
  vmode: 'u32',
  rotate: 'u32',
  colorspace: 'u32',
  reserved: array('u32', 4),
});
export const fbFixScreeninfo = struct('fb_fix_screeninfo', {
  id: text(16),
  smem_start: 'u64',
  smem_len: 'u32',
  type: 'u32',
  type_aux: 'u32',
  visual: 'u32',
  xpanstep: 'u16',
  ypanstep: 'u16',
  ywrapstep: 'u16',
  line_length: 'u32',
  mmio_start: 'u64',
  mmio_len: 'u32',
  accel: 'u32',
  capabilities: 'u16',
  reserved: array('u16', 2),
});

export const FBIOGET_VSCREENINFO = plain('FBIOGET_VSCREENINFO', 0x4600, 'read', fbVarScreeninfo);
export const FBIOGET_FSCREENINFO = plain('FBIOGET_FSCREENINFO', 0x4602, 'read', fbFixScreeninfo);
export const FBIOBLANK = plain('FBIOBLANK', 0x4611, 'write', byValue);
