export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A monitor's place among all of a seat. */
export interface MonitorPlace<Monitor> extends Size {
  readonly monitor: Monitor;
  readonly x: number;
}

/**
 * Where monitors are: side by side from the left to the right, top edges level, as services/display has them. In pixels
 * of one space.
 */
export function layOut<Monitor>(
  monitors: readonly Monitor[],
  sizeOf: (monitor: Monitor) => Size,
): MonitorPlace<Monitor>[] {
  let x = 0;
  return monitors.map((monitor) => {
    const { width, height } = sizeOf(monitor);
    const place = { monitor, x, width, height };
    x += width;
    return place;
  });
}
