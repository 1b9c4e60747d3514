import type { Connector, Crtc, Resources } from '@switchyard/drm';

/** What is leased together: a seat's connectors, and CRTCs for as many of them as there are. */
export interface CardShare {
  readonly connectors: readonly Connector[];
  readonly crtcs: readonly Crtc[];
}

/** `mine` are the seat's connectors, `waiting` those of seats that have no lease now, `taken` the CRTCs of those that have. */
export function shareOf(
  resources: Resources,
  mine: readonly Connector[],
  waiting: readonly Connector[],
  taken: ReadonlySet<number>,
): CardShare {
  const served = chooseServed(
    mine,
    waiting,
    ({ connection }) => connection === 'connected',
    (connectors) => resources.assignCrtcs(connectors, taken) !== undefined,
  );
  const assigned = resources.assignCrtcs(served, taken) ?? new Map<Connector, Crtc>();
  return { connectors: mine, crtcs: mine.flatMap((connector) => assigned.get(connector) ?? []) };
}

/**
 * Who gets a CRTC where there are fewer than connectors: monitors come before empty sockets, one's own before those that wait, and
 * one's own sockets after everybody's monitors. `fit`: there are CRTCs for all of these.
 */
export function chooseServed<Socket>(
  mine: readonly Socket[],
  waiting: readonly Socket[],
  plugged: (socket: Socket) => boolean,
  fit: (sockets: readonly Socket[]) => boolean,
): Socket[] {
  const order = [
    ...mine.filter(plugged),
    ...waiting.filter(plugged),
    ...mine.filter((socket) => !plugged(socket)),
  ];
  let served: Socket[] = [];
  for (const socket of order) {
    const more = [...served, socket];
    if (fit(more)) served = more;
  }
  return served;
}
