import { closeSync, constants, openSync, readSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAlarm, parseKernelRecord } from './KernelRecord.js';

const parse = (text: string) => parseKernelRecord(Buffer.from(text, 'latin1'));

describe('a record of /dev/kmsg', () => {
  it('has level, facility, sequence, time and text', () => {
    expect(parse('30,339,5140900,-;systemd-udevd: started\n')).toEqual({
      level: 6,
      facility: 3,
      sequence: 339,
      microseconds: 5_140_900,
      continues: false,
      text: 'systemd-udevd: started',
      dictionary: new Map(),
    });
  });

  // Documentation/ABI/testing/dev-kmsg has this record.
  it('has a dictionary behind its text', () => {
    const record = parse(
      '7,160,424069,-;pci_root PNP0A03:00: host bridge window\n SUBSYSTEM=acpi\n DEVICE=+acpi:PNP0A03:00\n',
    );
    expect([...record!.dictionary]).toEqual([
      ['SUBSYSTEM', 'acpi'],
      ['DEVICE', '+acpi:PNP0A03:00'],
    ]);
  });

  it('goes on with the line before it when it says so, and knows flags of later kernels', () => {
    expect(parse('6,340,5140900,+;and more\n')?.continues).toBe(true);
    expect(parse('6,340,5140900,c;begins\n')?.continues).toBe(false);
    expect(parse('6,340,5140900,-,caller=T1;text\n')?.text).toBe('text');
  });

  it('has escaped bytes, which are UTF-8', () => {
    expect(parse('6,1,1,-;gr\\xc3\\xbc\\xc3\\x9fe \\x5c \\x1b[31m; tab\\x09\n')?.text).toBe(
      'grüße \\ \x1b[31m; tab\t',
    );
  });

  it('is undefined for what is none', () => {
    for (const text of [
      '',
      ';',
      'a,1,1,-;x',
      '6,1;x',
      '6,-1,1,-;x',
      '6,1,1,-',
      '6,99999999999999999999,1,-;x',
    ]) {
      expect(parse(text)).toBeUndefined();
    }
  });

  it('can be of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const record = parseKernelRecord(bytes);
        if (record) expect(record.level).toBeLessThan(8);
      }),
    );
    const header = fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.constantFrom('-', 'c', '+', '-,caller=C0'));
    fc.assert(
      fc.property(header, fc.string({ unit: 'binary-ascii' }), ([a, b, c, flags], text) => {
        const record = parse(`${a},${b},${c},${flags};${text}`);
        expect(record).toMatchObject({ level: a & 7, facility: a >>> 3, sequence: b, microseconds: c });
      }),
    );
  });

  it('is understood as this kernel writes it', () => {
    const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(8192);
    let count = 0;
    try {
      for (; count < 1000; count++) {
        const record = parseKernelRecord(bytes.subarray(0, readSync(fd, bytes)));
        expect(record?.text).toBeDefined();
      }
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toMatch(/EAGAIN|EPIPE/);
    } finally {
      closeSync(fd);
    }
    expect(count).toBeGreaterThan(0);
  });
});

describe('an alarm', () => {
  const record = (priority: number, text: string) => parse(`${priority},1,1,-;${text}\n`)!;

  it('is what the kernel says in trouble, and any emergency', () => {
    for (const text of [
      'BUG: kernel NULL pointer dereference, address: 0000000000000000',
      'Oops: 0000 [#1] PREEMPT SMP PTI',
      'Kernel panic - not syncing: Fatal exception',
      'watchdog: BUG: soft lockup - CPU#1 stuck for 22s!',
      'general protection fault, probably for non-canonical address',
    ]) {
      expect(isAlarm(record(1, text))).toBe(true);
    }
    expect(isAlarm(record(8, 'from a program'))).toBe(true);
  });

  it('is nothing else, nor what others write in the same words', () => {
    expect(isAlarm(record(4, 'usb 1-1: device descriptor read error'))).toBe(false);
    expect(isAlarm(record(6, 'a driver, DEBUG: fine'))).toBe(false);
    expect(isAlarm(record(13, 'BUG: says a program'))).toBe(false);
  });
});
