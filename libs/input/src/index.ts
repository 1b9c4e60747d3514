export { Compose, type ComposeOptions, type ComposeStatus } from './Compose.js';
export { EvdevDevice, type EvdevEvents } from './EvdevDevice.js';
export { KeyboardState } from './KeyboardState.js';
export { KeyChord } from './KeyChord.js';
export { Keymap, type KeymapNames, type KeymapOptions } from './Keymap.js';
export { KeyRepeat, type RepeatRate } from './KeyRepeat.js';
export { keysymByName, keysymName, keysymOf, keysymToUtf8 } from './keysyms.js';
export { LED, MODIFIER } from './modifiers.js';
export { type ChordResult, SwitchChord } from './SwitchChord.js';
