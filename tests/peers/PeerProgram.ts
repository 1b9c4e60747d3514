import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Daemon, DaemonFolder } from './DaemonFolder.js';
import { knownDifferences } from './knownDifferences.js';

/** What each case of a program came to. */
export type Cases = Record<string, 'ok' | 'not ok' | 'skipped'>;

/** A program of somebody's test suite that starts `dbus-daemon`, or wants to be run under one. */
export type PeerProgram = {
  name: string;
  command: string[];
  /** `daemon`: the path of a program that is a bus. */
  environment?: (daemon: string) => NodeJS.ProcessEnv;
  /** How its output tells of its cases; default TAP. What it ends with is a case of its own. */
  cases?: (output: string) => Cases;
  /** It is run with a bus as its session and its system bus, and does not start one itself. */
  underBus?: boolean;
  /** It starts buses as other users than ours. */
  otherUsers?: boolean;
};

export type Run = { cases: Cases; output: string; starts: number };

/** Several suites race with themselves, on any bus: what fails now and then on the reference may fail on ours. */
const tries = 3;
/** What GLib says when two threads did all that it asked and met too seldom: that is chance, on either bus. */
const lostNoRace = 'Failed to reproduce race';
/** automake's, meson's and systemd's "cannot be run here". */
const skippedStatus = 77;
/** The longest of them sleeps for 8 s on the reference. */
const hangsAfter = 120_000;

/** Runs a program on both buses, and demands that what passes on the reference passes on ours. */
export async function expectSameSuccess(program: PeerProgram): Promise<void> {
  let [reference, ours] = await Promise.all([run(program, 'reference'), run(program, 'ours')]);
  const passes = new Set(passedCases(reference));
  for (let i = 1; i < tries && missing(passes, ours).length > 0; i++) {
    // One after the other, so that they do not disturb each other.
    reference = await run(program, 'reference');
    for (const one of passedCases(reference)) passes.add(one);
    const again = await run(program, 'ours');
    const cases = { ...ours.cases };
    for (const [one, verdict] of Object.entries(again.cases)) if (cases[one] !== 'ok') cases[one] = verdict;
    ours = { ...again, cases };
  }
  expect(passes.size, `nothing passes on the reference:\n${reference.output}`).toBeGreaterThan(1);
  expect(reference.starts, 'the program starts no bus').toBeGreaterThan(0);
  expect(ours.starts, 'the program started another bus').toBeGreaterThan(0);
  const known = knownDifferences.filter((one) => one.program === program.name).map((one) => one.case);
  const differs = missing(passes, ours).filter((one) => !known.includes(one));
  expect(differs, ours.output).toEqual([]);
  // What is listed and passes is to be taken off the list.
  expect(known.filter((one) => ours.cases[one] === 'ok')).toEqual([]);
}

const passedCases = ({ cases }: Run) => Object.keys(cases).filter((one) => cases[one] === 'ok');
const missing = (passes: Set<string>, { cases }: Run) => [...passes].filter((one) => cases[one] !== 'ok');

async function run(program: PeerProgram, daemon: Daemon): Promise<Run> {
  using folder = new DaemonFolder(daemon, program.otherUsers);
  const home = mkdtempSync(join(tmpdir(), 'peer-'));
  const {
    DBUS_SESSION_BUS_ADDRESS: _session,
    DBUS_SYSTEM_BUS_ADDRESS: _system,
    DISPLAY: _display,
    ...inherited
  } = process.env;
  const command = program.underBus ? [...underBus, ...program.command] : program.command;
  const child = spawn(command[0]!, command.slice(1), {
    // A failing program leaves its buses behind: they end with their group.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: home,
    env: {
      ...inherited,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      PATH: `${folder.path}:${process.env['PATH']}`,
      ...program.environment?.(folder.program),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes));
  const endGroup = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Nothing is left.
    }
  };
  const hangs = setTimeout(endGroup, hangsAfter);
  const ended = await new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  clearTimeout(hangs);
  endGroup();
  // Its last words may be on their way still; a daemon that left its group may hold the pipe for ever.
  if (!child.stdout.closed || !child.stderr.closed)
    await Promise.race([once(child, 'close'), sleep(2000, undefined, { ref: false })]);
  const cases = (program.cases ?? tapCases)(output);
  cases['its end'] = ended === 0 ? 'ok' : ended === skippedStatus ? 'skipped' : 'not ok';
  const { starts } = folder;
  rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  return { cases, output: `${output}\nended with ${String(ended)}`, starts };
}

const underBus = [
  'dbus-run-session',
  '--',
  'sh',
  '-c',
  'DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec "$@"',
  'sh',
];

/** The Test Anything Protocol. */
function tapCases(output: string): Cases {
  const cases: Cases = {};
  for (const line of output.split('\n')) {
    const [, verdict, name, skipped] = /^(ok|not ok) \d+(?: -)? ?(.*?)( ?# SKIP.*)?$/.exec(line) ?? [];
    const isSkipped = skipped !== undefined && !skipped.includes(lostNoRace);
    if (name !== undefined) cases[name] = isSkipped ? 'skipped' : (verdict as 'ok' | 'not ok');
  }
  return cases;
}
