import { quoted } from './hostProgram.js';
import type { SessionOptions } from './SeatManager.js';

/** How a program comes to its devices; those of logind run in a login session. */
export type Backend = 'logind' | 'seatd';

/**
 * A real program that owns a screen: the background has its colour, and a shell that has the keyboard runs in it. What is
 * typed there can be seen by what it does.
 */
export interface Desktop {
  readonly name: string;
  readonly colour: number;
  readonly type: NonNullable<SessionOptions['type']>;
  /** For a shell, run as the session's user in his home. */
  readonly program: string;
  readonly backend: Backend;
  /** It is started from the VT that is in front; the others bring their own there. */
  readonly inFront?: true;
}

const hex = (colour: number): string => colour.toString(16).padStart(6, '0');

/** A file is made by a shell, so that a configuration can be written where the program reads it. */
const file = (path: string, text: string): string => `printf %s ${quoted(text)} > ${path}`;

/** No 3D in the guest; wlroots would also take cards on which it cannot draw. */
const wlroots = 'export WLR_RENDERER=pixman WLR_DRM_DEVICES=/dev/dri/card0 LIBGL_ALWAYS_SOFTWARE=1';

/** Debian's weston 10 has a launcher of its own for logind, and no libseat. */
export const weston: Desktop = {
  name: 'weston',
  colour: 0x603020,
  type: 'wayland',
  backend: 'logind',
  program: [
    file(
      'weston.ini',
      [
        '[core]\nidle-time=0\nrequire-input=false\nmodules=',
        `[shell]\nbackground-color=0xff${hex(0x603020)}\nlocking=false\npanel-position=none`,
        '[autolaunch]\npath=/usr/bin/foot\n',
      ].join('\n'),
    ),
    'exec weston --backend=drm-backend.so --use-pixman --drm-device=card0 --config=$HOME/weston.ini',
  ].join('\n'),
};

export const sway = (backend: Backend, colour = backend === 'logind' ? 0x204060 : 0x406020): Desktop => ({
  name: `sway on ${backend}`,
  colour,
  type: 'wayland',
  backend,
  program: [
    wlroots,
    `export LIBSEAT_BACKEND=${backend} LIBSEAT_LOGLEVEL=debug`,
    file(
      'sway.conf',
      `output * bg #${hex(colour)} solid_color\ngaps outer 200\ndefault_border none\nexec foot\n`,
    ),
    'exec sway -d -c sway.conf',
  ].join('\n'),
});

/** A terminal on the whole screen: its colour is the desktop's. */
export const cage = (backend: Backend): Desktop => ({
  name: `cage on ${backend}`,
  colour: backend === 'logind' ? 0x206040 : 0x402060,
  type: 'wayland',
  backend,
  program: [
    wlroots,
    `export LIBSEAT_BACKEND=${backend} LIBSEAT_LOGLEVEL=debug`,
    `exec cage -d -s -- foot -o colors.background=${hex(backend === 'logind' ? 0x206040 : 0x402060)} -o pad=0x0`,
  ].join('\n'),
});

/** Xorg without root: with a terminal in the middle, where the pointer is, since no window manager gives it the keyboard. */
export const xorg: Desktop = {
  name: 'Xorg',
  colour: 0x602060,
  type: 'x11',
  backend: 'logind',
  inFront: true,
  program: [
    file(
      'xorg.conf',
      [
        'Section "Device"\n Identifier "card"\n Driver "modesetting"',
        ' Option "kmsdev" "/dev/dri/card0"\n Option "AccelMethod" "none"\nEndSection',
        'Section "ServerFlags"\n Option "AutoAddGPU" "false"\nEndSection\n',
      ].join('\n'),
    ),
    file(
      'xinitrc',
      `xsetroot -solid '#${hex(0x602060)}'\nexec xterm -fa 'DejaVu Sans Mono' -fs 9 -geometry 70x20+260+200\n`,
    ),
    'exec xinit /bin/sh ./xinitrc -- /usr/lib/xorg/Xorg :9 vt$XDG_VTNR -keeptty -config xorg.conf -logfile xorg.log',
  ].join('\n'),
};

/** A shell on the kernel's own console, with its background coloured. */
export const textConsole: Desktop = {
  name: 'text console',
  colour: 0x0000aa,
  type: 'tty',
  backend: 'logind',
  inFront: true,
  program: "exec > /dev/tty 2>&1; printf '\\033[44m\\033[2J\\033[H'; exec bash --norc -i",
};
