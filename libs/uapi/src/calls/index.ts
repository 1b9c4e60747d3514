export { AtomicRequest } from './AtomicRequest.js';
export { bitSet, bitsIn, hasBit } from './Bits.js';
export { act, call, exchange, get, pass, put } from './Call.js';
export { DrmBuffers, type DrmClip, type DumbBuffer } from './DrmBuffers.js';
export { DrmCard, type DrmVersion } from './DrmCard.js';
export { type DrmEventHandlers, DrmEvents } from './DrmEvents.js';
export { DrmLeases } from './DrmLeases.js';
export {
  type DrmConnector,
  type DrmCrtc,
  type DrmEncoder,
  type DrmMode,
  DrmModes,
  type DrmPlane,
  type DrmProperty,
  type DrmResources,
} from './DrmModes.js';
export { type AbsoluteAxis, Evdev, INPUT_CLOCK, type InputId } from './Evdev.js';
export { Hidraw } from './Hidraw.js';
export { callWith, fetch, type Memory, type Pointed } from './Memory.js';
export { Uinput, type UinputDevice } from './Uinput.js';
export { type DisplayMode, type KeyboardMode, Vt, type VtMode } from './Vt.js';
