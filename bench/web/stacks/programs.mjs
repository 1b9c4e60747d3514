import { spawnSync } from 'node:child_process';

/** mpv in all stacks: nothing but the picture, over and over. */
export const mpvOptions = [
  '--no-config',
  '--no-audio',
  '--loop-file=inf',
  '--osd-level=0',
  '--really-quiet',
  '--no-osc',
];

/** foot that fills the screen, with a shell. */
export const foot = ['foot', '--fullscreen', '--font=DejaVu Sans Mono:size=10', '-o', 'cursor.blink=no'];
export const shell = ['bash', '--norc'];

/** The first of `programs` that is not installed. */
export const missing = (programs) =>
  programs.find((program) => spawnSync('which', [program], { stdio: 'ignore' }).status !== 0);
