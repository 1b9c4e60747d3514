import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseUdevRecord } from './UdevRecord.js';

/** Of udevd 252, for a card. */
const card = `S:dri/by-path/pci-0000:00:10.0-card
I:4118878
E:ID_PATH=pci-0000:00:10.0
E:ID_PATH_TAG=pci-0000_00_10_0
E:ID_FOR_SEAT=drm-pci-0000_00_10_0
G:master-of-seat
G:uaccess
G:seat
Q:master-of-seat
Q:seat
V:1
`;

test('properties and current tags are read', () => {
  const record = parseUdevRecord(card);
  expect(record?.properties.get('ID_PATH')).toBe('pci-0000:00:10.0');
  expect([...record!.tags]).toEqual(['master-of-seat', 'seat']);
});

test('of an udevd that has no current tags all tags count', () => {
  expect([...parseUdevRecord('G:seat\nE:ID_SEAT=seat1\n')!.tags]).toEqual(['seat']);
});

test('a value has what stands behind the first equals sign', () => {
  expect(parseUdevRecord('E:A=b=c\nE:=x\nE:none\nEA=b\n')?.properties).toEqual(new Map([['A', 'b=c']]));
});

test('too much is nothing, and nothing breaks it', () => {
  expect(parseUdevRecord('E:A=b\n'.repeat(100_000))).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), fc.nat(card.length), (noise, at) => {
      const record = parseUdevRecord(card.slice(0, at) + noise + card.slice(at));
      expect(record?.properties.size).toBeLessThanOrEqual(4 + noise.split('\n').length);
    }),
  );
});
