import { Keymap } from '@switchyard/input';
import { InvalidArgumentError } from 'commander';

/** XKB's names of a layout and its variant. */
function layoutNames(text: string): { layout: string; variant: string } {
  const [, layout = '', variant = ''] = /^([A-Za-z0-9_,-]+)(?:\(([A-Za-z0-9_,-]+)\))?$/.exec(text) ?? [];
  return { layout, variant };
}

/** XKB's own way: the display takes it, and so does every program of the sessions that asks XKB. */
export function useLayout(text: string): void {
  const { layout, variant } = layoutNames(text);
  process.env['XKB_DEFAULT_LAYOUT'] = layout;
  process.env['XKB_DEFAULT_VARIANT'] = variant;
}

/** Refuses what is no layout. */
export function keyboardLayout(text: string): string {
  const names = layoutNames(text);
  if (names.layout === '') throw new InvalidArgumentError('a layout looks like de or de(nodeadkeys).');
  try {
    Keymap.fromNames(names)[Symbol.dispose]();
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return text;
}
