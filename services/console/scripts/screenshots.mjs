#!/usr/bin/env node
// Runs programs in the terminal and writes what it shows: node scripts/screenshots.mjs OUTDIR [NAME…]
//
// The display is the tests' own (src/testing/TestDisplay.ts); the pictures are what the terminal damaged and committed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { TestDisplay } from '../dist/testing/TestDisplay.js';

const KEY = { CTRL: 29, SHIFT: 42, B: 48, F: 33, O: 24, T: 20, DOWN: 108, PAGEUP: 104 };
const root = new URL('../../..', import.meta.url).pathname;
const colours = `printf '\\e[1mbold\\e[0m \\e[2mdim\\e[0m \\e[3mitalic\\e[0m \\e[1;3mbold italic\\e[0m \\e[4munderline\\e[0m \\e[4:2mdouble\\e[0m \\e[4:3;58;5;196mcurly\\e[0m \\e[4:4mdotted\\e[0m \\e[4:5mdashed\\e[0m \\e[9mstrike\\e[0m \\e[7minverse\\e[0m \\e[53moverline\\e[0m \\e]8;;https://example.org\\e\\\\link\\e]8;;\\e\\\\\\n\\n'
for i in 0 1 2 3 4 5 6 7; do printf "\\e[3\${i}m colour $i \\e[9\${i}m bright \\e[0m\\e[4\${i}m  back  \\e[10\${i}m bright \\e[0m\\n"; done
echo; for i in $(seq 16 231); do printf "\\e[48;5;\${i}m "; [ $(( (i-15) % 72 )) = 0 ] && printf '\\e[0m\\n'; done
for i in $(seq 232 255); do printf "\\e[48;5;\${i}m   "; done; printf '\\e[0m\\n'
for i in $(seq 0 71); do printf "\\e[48;2;$((i*255/71));$((255-i*255/71));128m "; done; printf '\\e[0m\\n\\n'
printf '┌──┬──┐ ╔══╦══╗ ╭──╮ ┏━━┳━━┓ ╓──╥──╖ ╒══╤══╕ ▀▄█▌▐░▒▓ ⣿⡇⠿⠛ \\ue0b0\\ue0b1\\ue0b2\\ue0b3\\n│  │  │ ║  ║  ║ │╱╲│ ┃  ┃  ┃ ║  ║  ║ │  │  │ ▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉ 🬀🬞🬹🬻\\n├──┼──┤ ╠══╬══╣ │╲╱│ ┣━━╋━━┫ ╟──╫──╢ ╞══╪══╡ ┄┅┆┇┈┉┊┋╌╍\\n└──┴──┘ ╚══╩══╝ ╰──╯ ┗━━┻━━┛ ╙──╨──╜ ╘══╧══╛ ◢◣◤◥ ●○◆◇ ★☆ ✓✗ →←↑↓ ∑∫√≠≈\\n'
printf 'Zürich naïve Ελληνικά Русский עברית العربية ไทย 漢字かな 한글 😀👍🏽👨‍👩‍👧‍👦🇩🇪❤️ e\\u0301 ﬁ ½ € \\ufffd\\n'`;

/** How to bring each program to a state worth looking at. */
const scenes = {
  bash: {
    command: ['bash', '--norc'],
    async act(display) {
      display.type('ls --color=always -la /usr | head -30\n');
    },
  },
  colours: { command: ['bash', '-c', `${colours}; sleep 20`] },
  vim: {
    command: [
      'vim',
      '-n',
      '-c',
      'syntax on',
      '-c',
      'set number hlsearch',
      '-c',
      '/state',
      'services/console/src/Window.ts',
    ],
  },
  less: {
    command: ['less', '-N', 'ARCHITECTURE.md'],
    async act(display) {
      display.type('/provider\n');
    },
  },
  htop: {
    // A process namespace of its own: the picture shows the same processes everywhere.
    command: [
      'unshare',
      '--fork',
      '--pid',
      '--mount-proc',
      'sh',
      '-c',
      'sleep 99 & yes > /dev/null & vim -c "echo 1" /dev/null < /dev/null > /dev/null 2>&1 & htop',
    ],
    wait: 2500,
  },
  mc: {
    command: ['mc', '-u', '/usr', '/etc'],
    wait: 2500,
    async act(display) {
      await sleep(500);
      display.key(KEY.DOWN);
      display.key(KEY.DOWN);
    },
  },
  pictures: {
    command: [
      'bash',
      '-c',
      'chafa -f sixels -s 42x18 docs/images/console-mc.png; echo; chafa -f kitty -s 42x10 docs/images/console-colours.png; echo; echo "sixels above, the kitty protocol below"; sleep 20',
    ],
    wait: 2500,
  },
  fonts: {
    command: [
      'bash',
      '-c',
      `printf 'Nederlands Ελληνικά Русский 日本語 漢字かな 中文 한국어\\n😀 👍🏽 👨‍👩‍👧‍👦 🇩🇪 ❤️ 🚀 🦀 ✓ ✗ ★ → ∑ √ ≈\\n'; printf '\\e[1m漢字 bold\\e[0m \\e[3mitalic\\e[0m \\e[1;3mboth\\e[0m \\e[4:3;58;5;196mcurly\\e[0m \\e[34;42m\\ue0b0\\e[0m\\e[32m\\ue0b0\\e[0m ⣿⡇⠿ 🬀🬞🬹 ╭─╮\\n'; sleep 20`,
    ],
    wait: 2500,
  },
  tabs: {
    command: ['bash', '--norc'],
    wait: 1500,
    async act(display) {
      const both = (key) => display.key(KEY.CTRL, KEY.SHIFT, key);
      display.type("printf '\\e]2;build\\a'; ls --color=always /usr /etc | head -40\n");
      await sleep(500);
      both(KEY.T);
      await sleep(800);
      display.type("printf '\\e]2;logs\\a'\n");
      await sleep(500);
      both(KEY.T);
      await sleep(800);
      display.type(
        'printf \'\\e]2;notes\\a\'; for i in $(seq 300); do echo "$i: session c$((i % 7)) became active"; done\n',
      );
      await sleep(800);
      both(KEY.F);
      await sleep(200);
      display.type('session c3');
    },
  },
  links: {
    command: [
      'bash',
      '-c',
      'echo "See https://example.org/manual (and http://example.net/a_(b)), or write to mailto:someone@example.org."; printf "\\e]8;;https://example.com/hidden\\aa link with a name\\e]8;;\\a\\n"; sleep 20',
    ],
    async act(display) {
      display.key(KEY.CTRL, KEY.SHIFT, KEY.O);
    },
  },
  theme: {
    command: ['vim', '-n', '-c', 'syntax on', '-c', 'set background=light', 'services/console/src/Tabs.ts'],
    config: 'theme = "solarized-light"\nsize = 16\n[cursor]\nstyle = "bar"\n',
  },
  tmux: {
    command: ['tmux', '-L', `yard${process.pid}`, '-f', '/dev/null', 'new', 'bash', '--norc'],
    wait: 2000,
    async act(display) {
      // tmux takes keys that come within a millisecond for a paste, and binds none of them.
      const split = async (key) => {
        await sleep(300);
        display.key(KEY.CTRL, KEY.B);
        await sleep(50);
        display.type(key);
        await sleep(600);
      };
      await split('%');
      display.type('ls --color=always /usr /usr/lib/locale\n');
      await split('"');
      display.type('tput colors; date\n');
    },
  },
};

function png({ width, height, words }) {
  const canvas = createCanvas(width, height);
  const image = new ImageData(width, height);
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    image.data.set([(word >> 16) & 255, (word >> 8) & 255, word & 255, 255], 4 * at);
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas.toBuffer('image/png');
}

const [out = '.', ...names] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const size = {
  width: Number(process.env.WIDTH ?? 900),
  height: Number(process.env.HEIGHT ?? 540),
  scale: Number(process.env.SCALE ?? 1),
};
for (const name of names.length > 0 ? names : Object.keys(scenes)) {
  const scene = scenes[name];
  const directory = mkdtempSync(join(tmpdir(), 'console-'));
  if (scene.config) {
    mkdirSync(join(directory, 'switchyard'));
    writeFileSync(join(directory, 'switchyard/console.toml'), scene.config);
  }
  const display = new TestDisplay(join(directory, 'wayland'), size);
  const child = spawn(
    process.execPath,
    [
      new URL('../dist/main.js', import.meta.url).pathname,
      '--runtime-dir',
      directory,
      '--wayland-display',
      display.path,
      ...(process.env.FONT ? ['--font', process.env.FONT] : []),
      '--',
      ...scene.command,
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        HOME: process.env.FONT_HOME ?? root,
        XDG_CONFIG_HOME: directory,
        YARD_WAYLAND_DISPLAY: display.path,
        LANG: 'C.UTF-8',
        TMUX: '',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  await display.nextCommit();
  await sleep(700);
  await scene.act?.(display);
  await sleep(scene.wait ?? 1200);
  const file = join(out, `${name}.png`);
  writeFileSync(file, png(display.screen));
  process.stdout.write(`${file}: ${display.commits.length} frames\n`);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  display.destroy();
  rmSync(directory, { recursive: true });
}
