import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isRunning } from '@switchyard/runtime';
import { describe, expect, it, vi } from 'vitest';
import { endProcesses, treeProcesses, treeVariable } from './Descendants.js';

describe('the processes of a tree', () => {
  it('are found by their mark and end, also those that ignore TERM or are stopped', async () => {
    const tree = randomUUID();
    const child = spawn('/bin/sh', ['-c', 'trap "" TERM; sleep 1000 & sleep 1000'], {
      env: { PATH: process.env['PATH'], [treeVariable]: tree },
      stdio: 'ignore',
    });
    // Other tests' children are this process's descendants too.
    const marked = () => treeProcesses(tree).filter(({ pid }) => carries(pid, tree));
    await vi.waitFor(() => expect(marked()).toHaveLength(3), { timeout: 20_000 });
    process.kill(marked().find(({ pid }) => pid !== child.pid)!.pid, 'SIGSTOP');
    await endProcesses(marked);
    expect(marked()).toEqual([]);
  });

  it('are found without their mark while they descend from this process', async () => {
    const child = spawn('sleep', ['1000'], { env: {}, stdio: 'ignore' });
    const ours = () => treeProcesses(randomUUID()).filter(({ pid }) => pid === child.pid);
    expect(ours()).toHaveLength(1);
    await endProcesses(ours);
    // One that has ended is there until it is buried.
    expect(ours().filter(isRunning)).toEqual([]);
  });
});

function carries(pid: number, tree: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(tree);
  } catch {
    return false;
  }
}
