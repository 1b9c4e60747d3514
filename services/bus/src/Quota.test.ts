import { describe, expect, it } from 'vitest';
import { Quotas } from './Quota.js';

const MiB = 1024 * 1024;
const holder = (uid: number, outgoingBytes = 0, outgoingFds = 0) => ({ uid, outgoingBytes, outgoingFds });

describe('a uid', () => {
  it('has 8192 connections at a time', () => {
    const quotas = new Quotas();
    for (let i = 0; i < 8192; i++) expect(quotas.connect(7)).toBe(true);
    expect(quotas.connect(7)).toBe(false);
    expect(quotas.connect(8)).toBe(true);
    quotas.disconnect(holder(7), 0);
    expect(quotas.connect(7)).toBe(true);
  });

  it('may have 256 MiB of unfinished messages on their way in', () => {
    const quotas = new Quotas();
    expect(quotas.mayHold(7, 0, 200 * MiB)).toBe(true);
    expect(quotas.mayHold(7, 0, 100 * MiB)).toBe(false);
    expect(quotas.mayHold(8, 0, 100 * MiB)).toBe(true);
    expect(quotas.mayHold(7, 200 * MiB, 0)).toBe(true);
    expect(quotas.mayHold(7, 0, 100 * MiB)).toBe(true);
  });

  it('may have 256 MiB and 4096 fds wait for connections that do not read', () => {
    const quotas = new Quotas();
    for (let i = 0; i < 4; i++) expect(quotas.hasRoom(holder(7, 60 * MiB), MiB, 0)).toBe(true);
    expect(quotas.hasRoom(holder(7), 20 * MiB, 0)).toBe(false);
    expect(quotas.hasRoom(holder(8), 20 * MiB, 0)).toBe(true);
    // Small messages to those that read go on.
    expect(quotas.hasRoom(holder(7), 1000, 1)).toBe(true);
  });

  it('is not held to what a connection has got rid of', () => {
    const quotas = new Quotas();
    const slow = Array.from({ length: 4 }, () => ({ ...holder(7, 60 * MiB) }));
    for (const one of slow) quotas.hasRoom(one, MiB, 0);
    expect(quotas.hasRoom(holder(7), 20 * MiB, 0)).toBe(false);
    slow[0]!.outgoingBytes = 0;
    expect(quotas.hasRoom(holder(7), 20 * MiB, 0)).toBe(true);
    quotas.connect(7);
    quotas.disconnect(slow[1]!, 0);
    expect(quotas.hasRoom(holder(7), 20 * MiB, 0)).toBe(true);
  });
});

describe('a connection', () => {
  it('may have 64 MiB and 1024 fds wait for it', () => {
    const quotas = new Quotas();
    expect(quotas.hasRoom(holder(7, 63 * MiB), MiB, 0)).toBe(true);
    expect(quotas.hasRoom(holder(7, 63 * MiB), MiB + 1, 0)).toBe(false);
    expect(quotas.hasRoom(holder(7, 0, 1000), 100, 24)).toBe(true);
    expect(quotas.hasRoom(holder(7, 0, 1000), 100, 25)).toBe(false);
  });

  it('gets a message of any length while nothing waits for it', () => {
    expect(new Quotas().hasRoom(holder(7), 128 * MiB, 0)).toBe(true);
  });
});
