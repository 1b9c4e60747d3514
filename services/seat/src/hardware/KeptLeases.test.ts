import { Fd } from '@switchyard/sys';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileKeeper } from '../FileKeeper.js';
import { KeptLeases } from './KeptLeases.js';

const O_RDONLY = 0;
const card = { major: 226, minor: 0 };

/** What lies in the store; `restarted` is what the next manager finds there. */
class Shelf implements FileKeeper {
  readonly kept = new Map<string, Fd>();
  readonly #found = new Map<string, Fd>();

  put(name: string, fd: Fd): void {
    this.remove(name);
    this.kept.set(name, fd.dup());
  }
  remove(name: string): void {
    this.kept.get(name)?.close();
    this.kept.delete(name);
  }
  get left(): readonly string[] {
    return [...this.#found.keys()];
  }
  has(name: string): boolean {
    return this.#found.has(name);
  }
  take(name: string): Fd | undefined {
    const fd = this.#found.get(name);
    this.#found.delete(name);
    return fd;
  }
  restarted(): void {
    for (const [name, fd] of this.kept) this.#found.set(name, fd.dup());
  }
  close(): void {
    for (const fd of [...this.kept.values(), ...this.#found.values()]) fd.close();
  }
}

let shelf: Shelf;
let file: Fd;
beforeEach(() => {
  shelf = new Shelf();
  file = Fd.open('/dev/null', O_RDONLY);
});
afterEach(() => {
  shelf.close();
  file.close();
});

test('the next manager finds the card’s file, the console’s pictures, and whose lease has which number', () => {
  const before = new KeptLeases(shelf, card);
  before.putCard(file, new Set([40, 41]));
  const leases = [
    { session: 'c1', seat: 'seat0', lessee: 1 },
    { session: 'c7', seat: 'seat1', lessee: 12 },
  ];
  for (const lease of leases) before.put(lease, file);
  shelf.restarted();

  const after = new KeptLeases(shelf, card);
  expect(new KeptLeases(shelf, { major: 226, minor: 10 }).takeCard()).toBeUndefined();
  expect(new KeptLeases(shelf, { major: 226, minor: 10 }).left()).toEqual([]);
  const found = after.takeCard()!;
  found.fd.close();
  expect(found.console).toEqual(new Set([40, 41]));
  expect(after.takeCard()).toBeUndefined();
  expect(after.left()).toEqual(leases);
});

test('a card is kept once, under what is known of its console now; and not at all when nobody shares it any more', () => {
  const leases = new KeptLeases(shelf, card);
  leases.putCard(file, new Set());
  leases.putCard(file, new Set([7]));
  leases.putCard(file, new Set([7]));
  expect(shelf.kept.size).toBe(1);
  shelf.restarted();
  new KeptLeases(shelf, card).endCard();
  expect([shelf.kept.size, shelf.left]).toEqual([0, []]);
});

test('a lease that has ended is kept no more', () => {
  const leases = new KeptLeases(shelf, card);
  const lease = { session: 'c1', seat: 'seat0', lessee: 3 };
  leases.put(lease, file);
  leases.remove(lease);
  expect(shelf.kept.size).toBe(0);
});
