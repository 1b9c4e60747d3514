import { accessSync, constants, readFileSync } from 'node:fs';
import { Fd, lockFile, SystemError } from '@switchyard/sys';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { K, K_TABLE, KD } from '../kd.js';
import { MAX_NR_CONSOLES, VT } from '../vt.js';
import { Vt } from './Vt.js';

const ACTIVE = '/sys/class/tty/tty0/active';
const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;

/** Why this machine's VTs cannot be used, if they cannot. */
function obstacle(): string | undefined {
  try {
    accessSync('/dev/tty0', constants.R_OK | constants.W_OK);
    Fd.open('/dev/tty0', flags).close();
    return undefined;
  } catch (error) {
    return `no VTs here: ${(error as Error).message}`;
  }
}
const none = obstacle();

/** A VT for this test alone: high ones, which nobody gets who asks for the lowest that is free. */
function openVt(): { number: number; fd: Fd } {
  for (let number = MAX_NR_CONSOLES - 1; number > 16; number--) {
    const fd = Fd.open(`/dev/tty${number}`, flags);
    if (lockFile(fd)) return { number, fd };
    fd.close();
  }
  throw new Error('every VT above 16 is locked');
}

describe.skipIf(none !== undefined)(`a VT of the kernel${none ? ` (${none})` : ''}`, () => {
  let number: number;
  let vt: Vt;
  let front: Vt;
  beforeEach(() => {
    front = new Vt(Fd.open('/dev/tty0', flags));
    const opened = openVt();
    number = opened.number;
    vt = new Vt(opened.fd);
  });
  afterEach(async () => {
    vt.setMode({ mode: VT.AUTO });
    vt.setKeyboardMode(K.UNICODE);
    vt.setDisplayMode(KD.TEXT);
    vt.fd.close();
    // The kernel lets go of a closed VT in a worker of its own, of which nothing tells.
    await vi.waitFor(() => front.disallocate(number), { timeout: 60_000 });
    front.fd.close();
  });

  it('is in front as sysfs says', () => {
    const { active, allocated } = front.state();
    expect(`tty${active}`).toBe(readFileSync(ACTIVE, 'utf8').trim());
    expect(allocated).toContain(active);
  });

  it('is not given as free while it is open', () => {
    const free = front.free()!;
    expect(free).toBeGreaterThanOrEqual(1);
    expect(free).toBeLessThanOrEqual(MAX_NR_CONSOLES);
    expect(free).not.toBe(front.state().active);
    expect(free).not.toBe(number);
    expect(() => front.disallocate(number)).toThrow('EBUSY: ioctl(VT_DISALLOCATE) /dev/tty0');
  });

  it('keeps the process mode that it is given, and gives it up', () => {
    expect(vt.mode().mode).toBe(VT.AUTO);
    const mode = { mode: VT.PROCESS, waitv: 0, relsig: 10, acqsig: 12, frsig: 0 };
    vt.setMode(mode);
    expect(vt.mode()).toEqual(mode);
    vt.setMode({ mode: VT.AUTO });
    expect(vt.mode()).toEqual({ mode: VT.AUTO, waitv: 0, relsig: 0, acqsig: 0, frsig: 0 });
  });

  it('is not released when nobody asked for it', () => {
    expect(() => vt.release(true)).toThrow('EINVAL: ioctl(VT_RELDISP)');
    vt.setMode({ mode: VT.PROCESS, relsig: 10, acqsig: 12 });
    expect(() => vt.release(true)).toThrow(`EINVAL: ioctl(VT_RELDISP) /dev/tty${number}`);
  });

  it('switches its screen between text and graphics', () => {
    expect(vt.displayMode()).toBe(KD.TEXT);
    vt.setDisplayMode(KD.GRAPHICS);
    expect(vt.displayMode()).toBe(KD.GRAPHICS);
  });

  it('switches its keyboard off', () => {
    expect(vt.keyboardMode()).toBe(K.UNICODE);
    vt.setKeyboardMode(K.OFF);
    expect(vt.keyboardMode()).toBe(K.OFF);
  });

  it('has locks of its own', () => {
    const before = vt.locks();
    vt.setLocks(before ^ 2);
    expect(vt.locks()).toBe(before ^ 2);
    vt.setLocks(before);
  });

  it('tells what a key means', () => {
    // linux/keyboard.h: KT_LATIN and KT_LETTER are types 0 and 11; K(type, value) is type << 8 | value. evdev's KEY_A is 30.
    expect(vt.keyboardEntry(K_TABLE.NORMTAB, 30) & 0xff).toBe('a'.charCodeAt(0));
    expect(vt.keyboardEntry(K_TABLE.SHIFTTAB, 30) & 0xff).toBe('A'.charCodeAt(0));
  });

  it('is waited for no longer than until it is in front', () => {
    front.waitActive(front.state().active);
    expect(() => front.waitActive(MAX_NR_CONSOLES + 1)).toThrow('ENXIO: ioctl(VT_WAITACTIVE) /dev/tty0');
    expect(() => front.activate(0)).toThrow(SystemError);
  });
});

it('what is no VT says so', () => {
  using fd = Fd.open('/dev/null', constants.O_RDWR);
  expect(() => new Vt(fd).mode()).toThrow('ENOTTY: ioctl(VT_GETMODE) /dev/null');
});
