import type { Area } from '../DirtyTiles.js';
import { layOut, type Size } from '../MonitorLayout.js';
import { MONITORS_MAX, type Monitors } from '../Monitors.js';
import type { SeatViewer } from '../SeatViewer.js';
import type { WebMonitor } from '../WebMonitor.js';
import { SIZE_MAX, SIZE_MIN } from '../wire/Control.js';
import { SizeStatus } from './Messages.js';

/**
 * The monitors' sizes that a client's screens ask for, from the left to the right; undefined where monitors cannot
 * stand so: they are side by side, top edges level, and nothing is between them.
 */
export function wantedSizes(whole: Size, screens: readonly Area[]): Size[] | undefined {
  const sorted = [...screens].sort((a, b) => a.x - b.x);
  const places = layOut(sorted, (screen) => screen);
  const fits = places.every(({ monitor, x }) => monitor.x === x && monitor.y === 0);
  const sides = sorted.flatMap(({ width, height }) => [width, height]);
  const width = sorted.reduce((sum, screen) => sum + screen.width, 0);
  const height = Math.max(...sorted.map((screen) => screen.height));
  if (!fits || width !== whole.width || height !== whole.height) return undefined;
  return sides.every((side) => side >= SIZE_MIN && side <= SIZE_MAX) ? sorted : undefined;
}

/**
 * Makes the seat's monitors those that a viewer wants, as far as they are its own to plug in and to unplug: what a page
 * is in front of stays. `resize` is asked for those of another size. Returns ExtendedDesktopSize's word for it.
 */
export function setMonitors(
  monitors: Monitors,
  viewer: SeatViewer,
  wanted: readonly Size[],
  resize: (monitor: WebMonitor, size: Size) => void,
): number {
  const more = wanted.length - monitors.all.length;
  if (monitors.all.at(-1)!.number + more > MONITORS_MAX) return SizeStatus.noRoom;
  if (!monitors.release(monitors.all.slice(wanted.length), viewer)) return SizeStatus.prohibited;
  const before = monitors.all;
  for (const [index, monitor] of before.entries()) {
    const size = wanted[index]!;
    const { width, height } = monitor.picture;
    if (size.width !== width || size.height !== height) resize(monitor, size);
  }
  try {
    for (const size of wanted.slice(before.length)) {
      // Behind all that there are: a number between two would stand between them.
      const monitor = monitors.open(viewer, { number: monitors.all.at(-1)!.number + 1, ...size });
      monitors.hold(monitor, viewer);
    }
  } catch {
    return SizeStatus.prohibited;
  }
  return SizeStatus.done;
}
