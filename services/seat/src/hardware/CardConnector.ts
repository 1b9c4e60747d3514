import type { SysDevice } from './SysDevice.js';

/** A connector of a card as sysfs has it. */
export interface CardConnector {
  /** `HDMI-A-1` */
  readonly name: string;
  readonly connected: boolean;
}

/** `card` is a card's own device, whose children its connectors are: `card0-HDMI-A-1`. */
export function cardConnectors(card: SysDevice): CardConnector[] {
  const prefix = `${card.name}-`;
  return card.children().flatMap((child) => {
    const status = child.startsWith(prefix) ? card.attribute(`${child}/status`) : undefined;
    return status === undefined
      ? []
      : [{ name: child.slice(prefix.length), connected: status === 'connected' }];
  });
}
