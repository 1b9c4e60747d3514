export { bitSet, bitsIn, hasBit } from './Bits.js';
export { act, call, exchange, get, pass, put } from './Call.js';
export { type AbsoluteAxis, Evdev, INPUT_CLOCK, type InputId } from './Evdev.js';
export { Hidraw } from './Hidraw.js';
export { callWith, fetch, type Memory, type Pointed } from './Memory.js';
export { Uinput, type UinputDevice } from './Uinput.js';
export { type DisplayMode, type KeyboardMode, Vt, type VtMode } from './Vt.js';
