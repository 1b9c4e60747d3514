import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

/** Makes each start of Node take three times as long, where whoever runs the benchmark has it; no peer looks at it. */
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;

/** Processes that a stack consists of: what they cost together, and their end. */
export class Processes {
  #roots = [];

  /** Starts a program; its output is dropped unless `stdio` says otherwise. */
  start(command, args, { env = {}, cwd, stdio = ['ignore', 'ignore', 'ignore'] } = {}) {
    // A session of its own, as whatever starts such servers gives it: the kernel shares CPU time out among sessions.
    const child = spawn(command, args, { env: { ...environment, ...env }, cwd, stdio, detached: true });
    child.on('error', (error) => {
      throw error;
    });
    this.#roots.push(child);
    return child;
  }

  /** CPU milliseconds so far and bytes of memory now, of all processes but those whose name is in `without`. */
  cost(without = new Set()) {
    const processes = readProcesses();
    const own = new Set(this.#roots.map((child) => child.pid));
    for (let grown = true; grown; ) {
      grown = false;
      for (const { pid, parent } of processes)
        if (!own.has(pid) && own.has(parent)) {
          own.add(pid);
          grown = true;
        }
    }
    const cost = { cpu: 0, rss: 0, pss: 0 };
    for (const { pid, name, cpu } of processes) {
      if (!own.has(pid) || without.has(name)) continue;
      const { rss, pss } = memoryOf(pid);
      cost.cpu += cpu;
      cost.rss += rss;
      cost.pss += pss;
    }
    return cost;
  }

  /** TERM, and KILL to what is left after two seconds; the last started first. */
  async stop() {
    for (const child of this.#roots.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const hurry = setTimeout(() => child.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(hurry);
    }
  }
}

function readProcesses() {
  const processes = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    let text;
    try {
      text = readFileSync(`/proc/${entry}/stat`, 'latin1');
    } catch {
      continue; // It has ended.
    }
    // proc(5): pid (name) state ppid … utime and stime are fields 14 and 15, in ticks of 10 ms.
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    processes.push({
      pid: Number(entry),
      name,
      parent: Number(fields[1]),
      cpu: (Number(fields[11]) + Number(fields[12])) * 10,
    });
  }
  return processes;
}

function memoryOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
    return { rss: field('Rss'), pss: field('Pss') };
  } catch {
    return { rss: 0, pss: 0 };
  }
}
