import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KernelLog, type LogEntry } from './KernelLog.js';

const patience = { timeout: 60_000, interval: 5 };
let log: KernelLog | undefined;
afterEach(() => log?.[Symbol.dispose]());

const textOf = (entry: LogEntry) => ('lost' in entry ? `lost ${entry.lost}` : entry.text);

describe('the kernel’s log', () => {
  it('has what was there before, and tells what comes as new', async () => {
    const fresh: LogEntry[] = [];
    let settled = 0;
    // Others may write into it at any time: this is what we know of.
    const before = `yard test ${randomUUID()}`;
    writeFileSync('/dev/kmsg', `<6>${before}\n`);
    log = KernelLog.open({
      added: (entry, old) => {
        if (!old) fresh.push(entry);
      },
      settled: () => settled++,
    });
    await vi.waitFor(() => expect(settled).toBeGreaterThan(0), patience);
    expect(log.entries.map(textOf)).toContain(before);
    expect(fresh.map(textOf)).not.toContain(before);
    const mark = `yard test ${randomUUID()}`;
    // Without a newline the kernel waits for the rest of the line.
    writeFileSync('/dev/kmsg', `<6>${mark}\n`);
    await vi.waitFor(() => expect(fresh.map(textOf)).toContain(mark), patience);
    expect(fresh.find((entry) => textOf(entry) === mark)).toMatchObject({ level: 6, facility: 1 });
  });

  it('says how many records were lost, and puts together what is one line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'yard-kmsg-'));
    const path = join(folder, 'kmsg');
    execFileSync('mkfifo', [path]);
    // Both ways, so that the reader finds a writer.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      log = KernelLog.open({ added: () => {}, settled: () => {} }, path);
      for (const [record, count] of [
        ['6,10,1,-;one\n', 1],
        ['6,11,2,c;two', 2],
        ['6,12,3,+; and a half\n', 2],
        ['6,20,4,-;three\n', 4],
        ['nonsense', 4],
        ['6,21,5,-;four\n', 5],
      ] as const) {
        writeSync(fd, record);
        // The device gives one record a read, a fifo whatever is there.
        await vi.waitFor(() => {
          expect(log!.entries).toHaveLength(count);
          expect(textOf(log!.entries.at(-1)!)).toMatch(record.includes('half') ? /half/ : /./);
        }, patience);
        await new Promise((resolve) => setTimeout(resolve, record === 'nonsense' ? 500 : 20));
      }
      expect(log.entries.map(textOf)).toEqual(['one', 'two and a half', 'lost 7', 'three', 'four']);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });
});
