import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimeDir } from '@switchyard/runtime';
import { Fifo } from './Fifo.js';
import { Leader } from './Leader.js';
import type { SeatManager } from './SeatManager.js';
import { Session } from './Session.js';
import { bootId, type SavedSession, type SavedState } from './StateStore.js';

export function snapshotState(manager: SeatManager): SavedState {
  const active: Record<string, string> = {};
  for (const seat of manager.seats) if (seat.active) active[seat.id] = seat.active.id;
  return {
    version: 2,
    boot: bootId(),
    nextSession: manager.nextSession,
    nextMinor: manager.devices.nextMinor,
    sessions: [...manager.sessions].map(saveSession),
    inhibitors: manager.inhibitors.save(),
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
    lastActive: session.lastActive,
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
  );
  session.lockedHint = saved.locked;
  session.lastActive = saved.lastActive;
  manager.sessions.add(session);
  manager.users.addSession(session);
  if (seat) {
    seat.sessions.push(session);
    seat.activations = Math.max(seat.activations, saved.lastActive);
  }
  return session;
}
