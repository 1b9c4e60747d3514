import { fchownSync, fstatSync } from 'node:fs';
import { SystemError } from '@switchyard/sys';
import type { KeyboardMode } from '@switchyard/uapi/calls';
import { K, KD, VT } from '@switchyard/uapi/tables';
import type { KernelVts } from './KernelVts.js';

/** How a VT was before a session drew on it. Its screen was in text mode and switching was the kernel's: it is so again. */
export interface VtState {
  readonly number: number;
  readonly keyboard: KeyboardMode;
  /** Of the device node. */
  readonly uid: number;
  readonly gid: number;
}

export function readVtState(vts: KernelVts, number: number): VtState {
  return vts.with(number, (vt) => {
    const { uid, gid } = fstatSync(vt.fd.number);
    const keyboard = vt.keyboardMode();
    // Somebody died without restoring it; nobody can type on such a one.
    return { number, keyboard: keyboard === K.OFF ? K.UNICODE : keyboard, uid, gid };
  });
}

/**
 * The terminal is the user's, characters do not come from its keyboard (or they would be typed into whatever reads the
 * terminal behind the picture), the kernel does not draw, and it asks us before it leaves.
 */
export function makeGraphical(vts: KernelVts, { number }: VtState, uid: number): void {
  vts.with(number, (vt) => {
    fchownSync(vt.fd.number, uid, -1);
    vt.setKeyboardMode(K.OFF);
    vt.setDisplayMode(KD.GRAPHICS);
  });
  vts.own(number);
}

/** Whoever owns the VT. Goes through all steps also when one fails, and throws the first error at the end. */
export function makeText(vts: KernelVts, { number, keyboard, uid, gid }: VtState): void {
  vts.with(number, (vt) => {
    let failed: unknown;
    for (const step of [
      () => vt.setKeyboardMode(keyboard),
      () => vt.setDisplayMode(KD.TEXT),
      () => vt.setMode({ mode: VT.AUTO }),
      () => fchownSync(vt.fd.number, uid, gid),
    ]) {
      try {
        step();
      } catch (error) {
        failed ??= error;
      }
    }
    if (failed) throw failed;
  });
}

/** A terminal that is being hung up just now, or is no VT at all: what a session cannot be blamed for. */
export function isTerminalError(error: unknown): error is SystemError | NodeJS.ErrnoException {
  return error instanceof SystemError || typeof (error as NodeJS.ErrnoException).errno === 'number';
}
