/** As strtol(3) reads it, with which dbus-daemon does: octal and hexadecimal too, and what follows the digits is ignored. */
export function numberAtStart(text: string): number | undefined {
  const [, hexadecimal, octal, decimal] = /^\s*\+?(?:0x([0-9a-f]+)|(0[0-7]*)|([1-9]\d*))/i.exec(text) ?? [];
  const value =
    hexadecimal !== undefined
      ? Number.parseInt(hexadecimal, 16)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : Number(decimal);
  return Number.isSafeInteger(value) ? value : undefined;
}
