#!/usr/bin/env node
/**
 * What a seat in the browser is like to use, beside its peers, in the same Chromium and the same minutes: they take turns, round by round
 * and key by key, in another order each round. None is configured for the benchmark beyond its screen's size; a peer that is not
 * installed is left out, and that is said.
 *
 *   npm run bench:web [-- --rounds N] [--starts N] [--peers xvnc,wayvnc,xpra,ttyd] [--only starts|terminals|videos] [--json FILE]
 *
 * start     from starting the server's first process until it answers, and until a terminal's first frame and a video's are on the canvas of a
 *           tab that was open before and at rest; the CPU of the stack's processes and of what they show until then. `--starts` times each
 * key       from keydown in the page to the echo's pixels on its canvas, of `cat` in a terminal that fills the screen
 * video     distinct frames a second of a full-screen clip, the torn ones, the wire's bytes, the servers' CPU (without the player's)
 * scroll    a terminal under `seq`: how often a second the page's picture changes, and the wire's bytes
 * idle      CPU, bytes on the wire and memory of all processes, terminal included, when nothing happens
 */

import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { clip } from './clips.mjs';
import { measureTerminals, measureVideo } from './measures.mjs';
import { Switchyard, SwitchyardFoot } from './stacks/Switchyard.mjs';
import { Ttyd } from './stacks/Ttyd.mjs';
import { Wayvnc } from './stacks/Wayvnc.mjs';
import { Xpra } from './stacks/Xpra.mjs';
import { Xvnc } from './stacks/Xvnc.mjs';
import { measureStart } from './starts.mjs';
import { summarize, table } from './table.mjs';

const peers = { xvnc: Xvnc, wayvnc: Wayvnc, xpra: Xpra, ttyd: Ttyd };
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    starts: { type: 'string', default: '10' },
    peers: { type: 'string', default: Object.keys(peers).join() },
    only: { type: 'string' },
    json: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const say = (text) => process.stderr.write(text);

const stacks = [Switchyard, SwitchyardFoot, ...values.peers.split(',').filter(Boolean).map(peerNamed)].filter(
  (Stack) => {
    const program = Stack.missing();
    if (program !== undefined) say(`without ${Stack.title}: ${program} is not installed\n`);
    return program === undefined;
  },
);

function peerNamed(name) {
  const Stack = peers[name];
  if (Stack === undefined) throw new Error(`${name} is none of ${Object.keys(peers).join(', ')}`);
  return Stack;
}

/** `list` from its nth on, and then those before. */
const turned = (list, n) => [...list.slice(n % list.length), ...list.slice(0, n % list.length)];

const runs = new Map(
  stacks.map((Stack) => [Stack, { prompts: [], films: [], terminal: [], animation: [], natural: [] }]),
);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const loads = [];
clip('animation');
clip('natural');
/** One by one, in another order each time: whatever else the machine does hits all alike. */
async function measureStarts() {
  for (let n = 0; n < Number(values.starts); n++) {
    say(`${n === 0 ? 'starts:' : ''} ${n + 1}`);
    for (const Stack of turned(stacks, n)) {
      runs.get(Stack).prompts.push(await measureStart(browser, Stack, 'terminal'));
      if (!Stack.terminalOnly) runs.get(Stack).films.push(await measureStart(browser, Stack, 'video'));
    }
  }
  say('\n');
}

if (values.only === undefined || values.only === 'starts') await measureStarts();
for (let round = 0; round < (values.only === 'starts' ? 0 : rounds); round++) {
  const order = turned(stacks, round);
  loads.push(loadavg()[0]);
  say(`round ${round + 1}/${rounds}:`);
  if (values.only === undefined || values.only === 'terminals') {
    say(' terminals');
    for (const [Stack, measured] of await measureTerminals(browser, order))
      runs.get(Stack).terminal.push(measured);
  }
  if (values.only === undefined || values.only === 'videos')
    for (const name of ['animation', 'natural'])
      for (const Stack of order) {
        if (Stack.terminalOnly) continue;
        say(`, ${name} on ${Stack.title}`);
        runs.get(Stack)[name].push(await measureVideo(browser, Stack, name));
      }
  say('\n');
}
await browser.close();

const columns = stacks.map((Stack) => [Stack.title, summarize(runs.get(Stack))]);
process.stdout.write(table(columns));
process.stdout.write(
  `\n${values.starts} starts and ${rounds} rounds; load average at their beginnings, and now: ${[...loads, loadavg()[0]].map((load) => load.toFixed(1)).join(', ')}\n`,
);
if (values.json !== undefined)
  writeFileSync(values.json, JSON.stringify({ rounds, loads, stacks: Object.fromEntries(columns) }, null, 2));
