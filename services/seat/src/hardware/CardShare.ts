import type { Connector, Crtc, Resources } from '@switchyard/drm';

/** What is leased together: a seat's connectors, and CRTCs for as many of them as there are. */
export interface CardShare {
  readonly connectors: readonly Connector[];
  readonly crtcs: readonly Crtc[];
}

/**
 * Where a card has fewer CRTCs than connectors, monitors come before empty sockets, and the seat's own sockets after everybody's
 * monitors. `mine` are the seat's connectors, `waiting` those of seats that have no lease now, `taken` the CRTCs of those that have.
 */
export function shareOf(
  resources: Resources,
  mine: readonly Connector[],
  waiting: readonly Connector[],
  taken: ReadonlySet<number>,
): CardShare {
  const plugged = ({ connection }: Connector): boolean => connection === 'connected';
  const order = [
    ...mine.filter(plugged),
    ...waiting.filter(plugged),
    ...mine.filter((connector) => !plugged(connector)),
  ];
  let served: Connector[] = [];
  for (const connector of order) {
    const more = [...served, connector];
    if (resources.assignCrtcs(more, taken)) served = more;
  }
  const assigned = resources.assignCrtcs(served, taken) ?? new Map<Connector, Crtc>();
  return { connectors: mine, crtcs: mine.flatMap((connector) => assigned.get(connector) ?? []) };
}
