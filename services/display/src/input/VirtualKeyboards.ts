import { Keymap } from '@switchyard/input';
import { type Fd, pread, SystemError } from '@switchyard/sys';
import {
  WlKeyboardKeymapFormat,
  WlKeyboardKeyState,
  type WlSeatResource,
  type ZwpVirtualKeyboardManagerV1Requests,
  ZwpVirtualKeyboardV1Error,
  type ZwpVirtualKeyboardV1Requests,
  type ZwpVirtualKeyboardV1Resource,
} from '@switchyard/wayland';
import { checkReadable, MemoryRefused } from '../shm/SharedMemory.js';
import type { Keyboard } from './Keyboard.js';
import { PlayedKeyboard } from './PlayedKeyboard.js';

/** The largest keymap that xkeyboard-config makes has some 100 KiB. */
const maxKeymapSize = 1024 * 1024;

/** X has keycodes to 255, evdev's are 8 below; libxkbcommon's and the kernel's go on to KEY_MAX. */
const lastCode = 0x2ff;

/** The zwp_virtual_keyboard_manager_v1 global: programs that type. */
export class VirtualKeyboards implements ZwpVirtualKeyboardManagerV1Requests {
  readonly #keyboard: Keyboard;
  readonly #reaches: (resource: ZwpVirtualKeyboardV1Resource) => boolean;

  /** `reaches`: whether what the client types goes anywhere now. */
  constructor(keyboard: Keyboard, reaches: (resource: ZwpVirtualKeyboardV1Resource) => boolean) {
    this.#keyboard = keyboard;
    this.#reaches = reaches;
  }

  createVirtualKeyboard(_: unknown, __: WlSeatResource, id: ZwpVirtualKeyboardV1Resource): void {
    id.implement(new VirtualKeyboard(id, this.#keyboard, this.#reaches));
  }
}

/** A zwp_virtual_keyboard_v1. Its keymap is read and checked here: other clients get it, and they believe what we send. */
class VirtualKeyboard implements ZwpVirtualKeyboardV1Requests {
  readonly #resource: ZwpVirtualKeyboardV1Resource;
  readonly #keyboard: Keyboard;
  readonly #reaches: (resource: ZwpVirtualKeyboardV1Resource) => boolean;
  #keymap: Keymap | undefined;
  #played: PlayedKeyboard | undefined;
  /** Of its own clock. */
  #time = 0;

  constructor(
    resource: ZwpVirtualKeyboardV1Resource,
    keyboard: Keyboard,
    reaches: (resource: ZwpVirtualKeyboardV1Resource) => boolean,
  ) {
    this.#resource = resource;
    this.#keyboard = keyboard;
    this.#reaches = reaches;
    resource.onDestroy(() => {
      this.#played?.close(this.#time);
      this.#keymap?.[Symbol.dispose]();
    });
  }

  keymap(_: unknown, format: number, fd: Fd, size: number): void {
    using file = fd;
    const keymap = format === WlKeyboardKeymapFormat.xkb_v1 ? readKeymap(file, size) : 'not in XKB’s format';
    if (typeof keymap === 'string') {
      this.#resource.postError(ZwpVirtualKeyboardV1Error.no_keymap, `the keymap is ${keymap}`);
      return;
    }
    if (this.#played) this.#played.setKeymap(keymap, this.#time);
    else this.#played = new PlayedKeyboard(this.#keyboard, keymap, this.#resource.client);
    this.#keymap?.[Symbol.dispose]();
    this.#keymap = keymap;
  }

  key(_: unknown, time: number, key: number, state: number): void {
    const played = this.#check();
    this.#time = time;
    const down = state === WlKeyboardKeyState.pressed;
    // A key that is held comes up wherever one is by now.
    if (played && key <= lastCode && (!down || this.#reaches(this.#resource))) played.key(key, down, time);
  }

  modifiers(_: unknown, depressed: number, latched: number, locked: number, group: number): void {
    const played = this.#check();
    if (played && this.#reaches(this.#resource)) played.setModifiers(depressed, latched, locked, group);
  }

  destroy(): void {}

  #check(): PlayedKeyboard | undefined {
    if (!this.#played)
      this.#resource.postError(ZwpVirtualKeyboardV1Error.no_keymap, 'the keyboard has no keymap yet');
    return this.#played;
  }
}

/** The keymap, or what is wrong with it. */
function readKeymap(fd: Fd, size: number): Keymap | string {
  if (size === 0 || size > maxKeymapSize) return `of ${size} bytes`;
  const bytes = Buffer.alloc(size);
  try {
    checkReadable(fd);
    const count = pread(fd, bytes, 0);
    const end = bytes.indexOf(0);
    return Keymap.fromText(bytes.toString('utf8', 0, end < 0 ? count : Math.min(end, count)));
  } catch (error) {
    if (error instanceof SystemError || error instanceof MemoryRefused) return error.message;
    return 'none that libxkbcommon understands';
  }
}
