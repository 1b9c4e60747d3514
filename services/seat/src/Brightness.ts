import { constants, existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loginError } from './LoginError.js';

/** Devices of a class in sysfs: no path out of it. */
const NAME = /^(?!\.{1,2}$)[^/\0]{1,255}$/;

/**
 * Writes a backlight's or LED's brightness. The kernel checks the value; keyboards' lights take their time, hence not
 * synchronously. Throws InvalidArgs, and System.Error.ENODEV when there is none of this name.
 */
export async function setBrightness(
  sysfs: string,
  subsystem: string,
  name: string,
  value: number,
): Promise<void> {
  checkBrightness(subsystem, name);
  const device = join(sysfs, 'class', subsystem, name);
  if (!existsSync(device)) throw loginError.errno('ENODEV', `There is no ${subsystem} device ${name}`);
  try {
    await writeFile(join(device, 'brightness'), `${value}\n`, {
      flag: constants.O_WRONLY | constants.O_NOFOLLOW,
    });
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException;
    throw code === 'EINVAL' ? loginError.invalid(message) : loginError.errno(code, message);
  }
}

/** Throws InvalidArgs. */
export function checkBrightness(subsystem: string, name: string): void {
  if (subsystem !== 'backlight' && subsystem !== 'leds') {
    throw loginError.invalid(
      `Subsystem type ${subsystem} not supported, must be one of 'backlight' or 'leds'.`,
    );
  }
  if (!NAME.test(name)) throw loginError.invalid(`Not a valid device name ${name}, refusing.`);
}
