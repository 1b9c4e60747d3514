import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a mains supply is online (Documentation/ABI/testing/sysfs-class-power); without one, unless a battery discharges. */
export function onExternalPower(sysfs: string): boolean {
  const directory = join(sysfs, 'class/power_supply');
  let supplies: string[];
  try {
    supplies = readdirSync(directory);
  } catch {
    return true;
  }
  const attribute = (supply: string, name: string): string => {
    try {
      return readFileSync(join(directory, supply, name), 'latin1').trim();
    } catch {
      return '';
    }
  };
  const mains = supplies.filter((supply) => /^(Mains|USB)$/.test(attribute(supply, 'type')));
  if (mains.some((supply) => attribute(supply, 'online') === '1')) return true;
  return mains.length === 0 && !supplies.some((supply) => attribute(supply, 'status') === 'Discharging');
}
