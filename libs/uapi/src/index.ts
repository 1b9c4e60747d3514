export { findIoctl, type Header, headers } from './Catalogue.js';
export { describe } from './describe.js';
export * from './dmaBuf.js';
export * from './drm.js';
export * from './drmFormat.js';
export * from './drmMode.js';
export * from './drmModeIoctls.js';
export * from './evdev.js';
export {
  type ArrayOf,
  array,
  type Bytes,
  bytes,
  type Codec,
  type FieldType,
  type Given,
  type Pointer,
  pointer,
  type ScalarType,
  sizeOf,
  type Text,
  text,
  type Value,
} from './Field.js';
export * from './fb.js';
export * from './file.js';
export * from './hidraw.js';
export * from './Ioctl.js';
export * from './input.js';
export * from './kd.js';
export {
  type AnyStruct,
  decode,
  encode,
  type Fields,
  type GivenValues,
  packed,
  type Struct,
  struct,
  union,
  type Values,
} from './Struct.js';
export * from './socket.js';
export * from './tty.js';
export * from './uhid.js';
export * from './uinput.js';
export * from './virtgpu.js';
export * from './vt.js';
