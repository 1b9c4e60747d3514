/** In 120ths: half as large to four times as large as at 1. */
export const SCALE_MIN = 60;
export const SCALE_MAX = 480;
/** A scale of 1. */
export const SCALE_UNIT = 120;

export interface MonitorSize {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** In 120ths. */
  readonly scale: number;
}

/** A size as people write it: `1280x720`, or `2560x1440@2` for a screen of small pixels. Undefined when it is none. */
export function parseMonitorSize(text: string): MonitorSize | undefined {
  const [, width, height, factor = '1'] = /^(\d{1,5})x(\d{1,5})(?:@(\d(?:\.\d{1,3})?))?$/.exec(text) ?? [];
  const scale = Math.round(Number(factor) * SCALE_UNIT);
  if (width === undefined || scale < SCALE_MIN || scale > SCALE_MAX) return undefined;
  return { width: Number(width), height: Number(height), scale };
}
