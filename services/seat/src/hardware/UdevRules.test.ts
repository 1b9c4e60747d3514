import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uevents } from '@switchyard/sys';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SysDevice } from './SysDevice.js';
import { parseUdevRecord } from './UdevRecord.js';
import { trigger, UdevRules } from './UdevRules.js';
import { parseUevent } from './Uevent.js';

let directory: string;
let rules: UdevRules;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'yard-udev-'));
  rules = new UdevRules(directory, join(directory, 'run'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const named = (id: string) => parseUdevRecord(`E:ID_FOR_SEAT=${id}\n`);

test('an assignment is a rule of udev’s, under logind’s name, and one device has one', () => {
  expect(rules.assign(named('drm-pci-0000_00_11_0'), 'seat1')).toBe(true);
  expect(rules.assign(named('drm-pci-0000_00_11_0'), 'seat2')).toBe(true);
  expect(readdirSync(directory)).toEqual(['72-seat-drm-pci-0000_00_11_0.rules']);
  expect(readFileSync(join(directory, '72-seat-drm-pci-0000_00_11_0.rules'), 'utf8')).toBe(
    'TAG=="seat", ENV{ID_FOR_SEAT}=="drm-pci-0000_00_11_0", ENV{ID_SEAT}="seat2"\n',
  );
});

test('a device without a lasting name, or with one that is no file’s, has no rule', () => {
  expect(rules.assign(undefined, 'seat1')).toBe(false);
  expect(rules.assign(named('../../x'), 'seat1')).toBe(false);
  expect(rules.assign(named('a", RUN+="b'), 'seat1')).toBe(false);
  expect(readdirSync(directory)).toEqual([]);
});

test('flushing removes assignments and nothing else', () => {
  rules.assign(named('usb-1'), 'seat1');
  writeFileSync(join(directory, '72-seat.rules'), '');
  writeFileSync(join(directory, '70-mine.rules'), '');
  rules.flush();
  expect(readdirSync(directory)).toEqual(['70-mine.rules', '72-seat.rules']);
  new UdevRules(join(directory, 'none'), directory).flush();
});

test('udevd is told to name nobody on cards for as long as we run', () => {
  rules.guardCards();
  const [file] = readdirSync(join(directory, 'run'));
  expect(file).toBe('72-switchyard-cards.rules');
  expect(readFileSync(join(directory, 'run', file!), 'utf8')).toBe(
    'SUBSYSTEM=="drm", KERNEL=="card[0-9]*", TAG-="uaccess"\n',
  );
  rules.flush();
  expect(readdirSync(join(directory, 'run'))).toHaveLength(1);
  rules.unguardCards();
  rules.unguardCards();
  expect(readdirSync(join(directory, 'run'))).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)(
  'a triggered device says "change" to everyone who listens',
  async () => {
    const heard = await new Promise<string | undefined>((resolve) => {
      const uevents = Uevents.listen({
        message(bytes) {
          const uevent = parseUevent(bytes);
          if (!uevent?.devpath.endsWith('/mem/null')) return;
          uevents.close();
          resolve(uevent.action);
        },
        lost: () => {},
      });
      trigger(SysDevice.at('/sys', '/sys/class/mem/null')!);
    });
    expect(heard).toBe('change');
  },
);
