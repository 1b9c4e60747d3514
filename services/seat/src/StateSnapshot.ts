import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeDir } from '@switchyard/runtime';
import { deviceKey } from './Device.js';
import { VIRTUAL_MAJOR } from './DeviceRegistry.js';
import { Fifo } from './Fifo.js';
import { keptDevices, keptName } from './FileKeeper.js';
import { Leader } from './Leader.js';
import type { SeatManager } from './SeatManager.js';
import { Session } from './Session.js';
import { bootId, type SavedSession, type SavedState, type SavedVirtualDevice } from './StateStore.js';
import type { VirtualDevice } from './VirtualDevice.js';

export function snapshotState(manager: SeatManager): SavedState {
  const active: Record<string, string> = {};
  for (const seat of manager.seats) if (seat.active) active[seat.id] = seat.active.id;
  return {
    version: 3,
    boot: bootId(),
    nextSession: manager.nextSession,
    nextMinor: manager.devices.nextMinor,
    sessions: [...manager.sessions].map(saveSession),
    inhibitors: manager.inhibitors.save(),
    bus: manager.peers.bus,
    virtualDevices: [...manager.devices.virtual()].flatMap(saveVirtualDevice),
    seatdClients: manager.seatdClients(),
    schedule: manager.schedule ? { type: manager.schedule.type, at: `${manager.schedule.at}` } : null,
    active,
  };
}

/**
 * Puts back what lives: a session whose leader runs and whose fifo somebody still holds. Who was active is active
 * again; devices and controllers come back by themselves. Fifos of sessions that ended meanwhile are removed.
 */
export function restoreState(
  manager: SeatManager,
  saved: SavedState | undefined,
  dir: RuntimeDir,
): Session[] {
  const restored: Session[] = [];
  manager.inhibitors.restore(saved?.inhibitors ?? []);
  if (saved) {
    manager.nextSession = saved.nextSession;
    manager.devices.nextMinor = saved.nextMinor;
    manager.peers.bus = saved.bus;
    if (saved.schedule) manager.schedule = { type: saved.schedule.type, at: BigInt(saved.schedule.at) };
    for (const one of saved.sessions) {
      const session = restoreSession(manager, one);
      if (session) restored.push(session);
    }
    for (const seat of manager.seats) {
      const last = seat.sessions.find((session) => session.id === saved.active[seat.id]);
      if (last) seat.active = last;
      else if (saved.active[seat.id] !== undefined && seat.sessions[0]) {
        // The active one ended while nobody looked.
        seat.active = seat.sessions.reduce((a, b) => (b.lastActive > a.lastActive ? b : a));
      }
    }
    // What sessions had of them depends on who is active.
    for (const device of saved.virtualDevices) {
      if (revocable(manager, saved, device)) manager.restoreDevice(device);
    }
  }
  for (const file of readdirSync(dir.sessions)) {
    const number = /^c([0-9]+)\.ref$/.exec(file)?.[1];
    if (number === undefined) continue;
    // Should the state be lost: an id that somebody may still use for his session must not become another's.
    manager.nextSession = Math.max(manager.nextSession, Number(number) + 1);
    if (!manager.sessions.get(`c${number}`)) unlinkSync(join(dir.sessions, file));
  }
  return restored;
}

/**
 * All that sessions have open of it is in the store. Of another one its provider must close the channels, which it does
 * when it finds the device forgotten.
 */
function revocable({ files }: SeatManager, saved: SavedState, { seat, minor }: SavedVirtualDevice): boolean {
  const key = deviceKey(VIRTUAL_MAJOR, minor);
  return saved.sessions.every((session) => {
    const open = session.seat === seat && session.devices.some(([held, open]) => held === key && open);
    return !open || files.has(keptName(session.id, seat, key));
  });
}

/** Without a provider that could be found again it would be of no use. */
function saveVirtualDevice(device: VirtualDevice): SavedVirtualDevice[] {
  const { seat, minor, kind, name, properties } = device;
  const provider = device.provider?.name ?? device.formerProvider;
  if (provider === undefined) return [];
  const saved = [...properties].map(
    ([key, { signature, value }]) =>
      [
        key,
        signature,
        typeof value === 'bigint' ? `${value}` : (value as string | number | boolean),
      ] as const,
  );
  return [{ seat, minor, kind, name, properties: saved, provider }];
}

function saveSession(session: Session): SavedSession {
  const { identity, leader } = session;
  return {
    id: session.id,
    uid: session.uid,
    user: identity.user,
    leader: leader.pid,
    leaderStart: leader.startTime,
    seat: session.seat?.id ?? '',
    service: identity.service,
    class: session.class,
    type: session.type,
    originalType: identity.originalType,
    desktop: identity.desktop,
    tty: session.tty,
    vt: session.vt,
    display: session.display,
    title: session.title,
    remote: identity.remote,
    remoteUser: identity.remoteUser,
    remoteHost: identity.remoteHost,
    locked: session.lockedHint,
    guarded: session.guarded,
    standsFor: session.standsFor,
    lastActive: session.lastActive,
    controller: session.controller?.name ?? session.former?.controller ?? '',
    devices: [...session.heldDevices()].map(({ device, open }) => [device.key, open]),
    timestamp: `${identity.timestamp}`,
    timestampMonotonic: `${identity.timestampMonotonic}`,
  };
}

function restoreSession(manager: SeatManager, saved: SavedSession): Session | undefined {
  const leader = Leader.reopen(saved.leader, saved.leaderStart);
  if (!leader) return undefined;
  const fifo = Fifo.reopen(manager.fifoPath(saved.id));
  if (!fifo) {
    leader.close();
    return undefined;
  }
  const seat = saved.seat === '' ? undefined : manager.seats.ensure(saved.seat);
  const session = new Session(
    {
      id: saved.id,
      uid: saved.uid,
      user: saved.user,
      service: saved.service,
      desktop: saved.desktop,
      remote: saved.remote,
      remoteUser: saved.remoteUser,
      remoteHost: saved.remoteHost,
      timestamp: BigInt(saved.timestamp),
      timestampMonotonic: BigInt(saved.timestampMonotonic),
      originalType: saved.originalType,
    },
    seat,
    leader,
    fifo,
    { type: saved.type, class: saved.class, tty: saved.tty, title: saved.title, display: saved.display },
    seat?.vts ? saved.vt : undefined,
    saved.standsFor,
  );
  session.guarded = saved.guarded ?? false;
  session.lockedHint = saved.locked && !session.guarded;
  session.lastActive = saved.lastActive;
  session.files = manager.files;
  if (saved.controller !== '') {
    // A file that is not in the store can never be revoked: it is not taken for one that we gave out.
    const devices = saved.devices.filter(
      ([key, open]) => !open || manager.files.has(keptName(session.id, saved.seat, key)),
    );
    // The store is told at once, the file a little later.
    const kept = keptDevices(manager.files, session.id, saved.seat);
    session.former = {
      controller: saved.controller,
      devices: new Set([...devices.map(([key]) => key), ...kept]),
    };
  }
  manager.sessions.add(session);
  manager.users.addSession(session);
  if (seat) {
    seat.sessions.push(session);
    seat.activations = Math.max(seat.activations, saved.lastActive);
  }
  return session;
}
