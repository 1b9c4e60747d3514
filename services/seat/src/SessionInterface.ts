import { join } from 'node:path';
import type { CallContext, Interface } from '@switchyard/dbus';
import { login1, userPath } from '@switchyard/seat';
import { type Fd, monotonicNow, SystemError } from '@switchyard/sys';
import { checkBrightness, setBrightness } from './Brightness.js';
import { BusController } from './BusController.js';
import { Caller } from './Caller.js';
import { deviceKey } from './Device.js';
import { SysDevice } from './hardware/SysDevice.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import { seatReference } from './ObjectReference.js';
import { signalDescendants } from './ProcessTree.js';
import { propertiesOf, type Resolve } from './Resolve.js';
import type { Session } from './Session.js';
import { checkClass, checkDisplay, checkType } from './SessionRequest.js';
import { ttyName } from './Tty.js';
import { isTerminalError } from './vt/VtState.js';

/** audit(7): no audit session. */
const AUDIT_NONE = 4294967295;
/** Real-time signals end at 64. */
const SIGNAL_MAX = 64;

/** org.freedesktop.login1.Session. `resolve` gives the session that the object is, for "self" by the caller. */
export function sessionInterface(service: LoginService, resolve: Resolve<Session>): Interface {
  const { manager } = service;
  const { sysfs } = service.power.options;
  const owned = async (context: CallContext, what: string): Promise<Session> => {
    const session = await resolve(context);
    (await Caller.of(context)).requireOwner(session, what);
    // It may have ended while the bus told who calls.
    return manager.sessions.require(session.id);
  };
  const controlled = async (context: CallContext): Promise<Session> => {
    const session = await resolve(context);
    session.requireController(context.sender);
    return session;
  };
  const property = propertiesOf(resolve);

  return {
    name: login1.session,
    methods: {
      Activate: {
        call: async (context: CallContext) => {
          const session = await resolve(context);
          const caller = await Caller.of(context);
          if (session.seat) caller.requireMayActivate(session.seat, session);
          await service.activate(session, context.sender);
        },
      },
      Lock: {
        call: async (context: CallContext) => lockSession(service, await owned(context, 'Lock'), true),
      },
      Unlock: {
        call: async (context: CallContext) => lockSession(service, await owned(context, 'Unlock'), false),
      },
      Terminate: {
        call: async (context: CallContext) => manager.terminate(await owned(context, 'Terminate')),
      },
      Kill: {
        in: 'si',
        inNames: ['who', 'signal_number'],
        call: async (context: CallContext, who: string, signal: number) =>
          killSession(await owned(context, 'Kill'), who, signal),
      },
      SetIdleHint: {
        in: 'b',
        inNames: ['idle'],
        call: async (context: CallContext, idle: boolean) => {
          const session = await owned(context, 'SetIdleHint');
          if (!session.graphical || !session.canIdle) {
            throw loginError.notSupported('Idle hints are for graphical sessions of users');
          }
          if (session.idleHint === idle) return;
          session.idleHint = idle;
          session.idleSince = [BigInt(Date.now()) * 1000n, monotonicNow() / 1000n];
          service.signals.idleHintChanged(session);
        },
      },
      SetLockedHint: {
        in: 'b',
        inNames: ['locked'],
        call: async (context: CallContext, locked: boolean) => {
          const session = await owned(context, 'SetLockedHint');
          if (session.lockedHint === locked) return;
          session.lockedHint = locked;
          manager.sessionChanged(session, 'LockedHint');
        },
      },
      SetType: {
        in: 's',
        inNames: ['type'],
        call: async (context: CallContext, type: string) => {
          const session = await controlled(context);
          session.type = checkType(type);
          manager.sessionChanged(session, 'Type');
        },
      },
      SetDisplay: {
        in: 's',
        inNames: ['display'],
        call: async (context: CallContext, display: string) => {
          const session = await controlled(context);
          if (!session.graphical) throw loginError.notSupported('Only a graphical session has a display');
          session.display = checkDisplay(display);
          manager.sessionChanged(session, 'Display');
        },
      },
      SetClass: {
        in: 's',
        inNames: ['class'],
        call: async (context: CallContext, wanted: string) => {
          const session = await owned(context, 'SetClass');
          const name = checkClass(wanted);
          if (name === session.class) return;
          if (session.class !== 'user-incomplete' || name !== 'user') {
            throw loginError.invalid("Only moving from 'user-incomplete' to 'user' is permitted");
          }
          session.class = name;
          manager.sessionChanged(session, 'Class');
        },
      },
      SetTTY: {
        in: 'h',
        inNames: ['tty_fd'],
        call: async (context: CallContext, fd: Fd) => {
          using tty = fd;
          const session = await controlled(context);
          session.tty = ttyName(tty);
          manager.sessionChanged(session, 'TTY');
        },
      },
      SetBrightness: {
        in: 'ssu',
        inNames: ['subsystem', 'name', 'brightness'],
        call: async (context: CallContext, subsystem: string, name: string, value: number) => {
          checkBrightness(subsystem, name);
          const session = await resolve(context);
          if (!session.seat) throw loginError.notYourDevice('Your session has no seat');
          const light = SysDevice.at(sysfs, join(sysfs, 'class', subsystem, name));
          // Without hardware of our own, and for what is not there, as for all that nobody has assigned.
          const seat = (light && service.hardware?.seatOf(light)) ?? 'seat0';
          if (session.seat.id !== seat) {
            throw loginError.notYourDevice(`Device ${subsystem}:${name} not on your seat`);
          }
          if (!session.active) throw loginError.notYourDevice('Session is not in foreground');
          await owned(context, 'SetBrightness');
          await setBrightness(sysfs, subsystem, name, value);
        },
      },
      TakeControl: {
        in: 'b',
        inNames: ['force'],
        call: async (context: CallContext, force: boolean) => {
          const session = await owned(context, 'TakeControl');
          if (force) (await Caller.of(context)).requirePrivileged('TakeControl by force');
          service.requireCurrent(context);
          try {
            session.takeControl(new BusController(context.connection, context.sender), force);
          } catch (error) {
            throw isTerminalError(error) ? loginError.errno(error.code ?? 'EIO', error.message) : error;
          }
          // A manager that comes after this one must know whom to ask.
          manager.flush();
          service.watchPeer(context.sender);
        },
      },
      ReleaseControl: {
        call: async (context: CallContext) => {
          const session = await controlled(context);
          manager.dropControl(session);
        },
      },
      TakeDevice: {
        in: 'uu',
        out: 'hb',
        inNames: ['major', 'minor'],
        outNames: ['fd', 'inactive'],
        call: async (context: CallContext, major: number, minor: number) => {
          const session = await controlled(context);
          const device = manager.devices.get(major, minor, session.seat?.id);
          if (!device?.usable) throw loginError.noDevice(deviceKey(major, minor));
          if (device.seat !== session.seat?.id) {
            throw loginError.accessDenied(`Device ${device.key} is on ${device.seat}, the session is not`);
          }
          manager.touchLater();
          try {
            const { end, inactive } = session.takeDevice(device);
            return [end, inactive];
          } catch (error) {
            throw error instanceof SystemError ? loginError.ofSystem(error) : error;
          }
        },
      },
      ReleaseDevice: {
        in: 'uu',
        inNames: ['major', 'minor'],
        call: async (context: CallContext, major: number, minor: number) => {
          (await controlled(context)).releaseDevice(major, minor);
          manager.touchLater();
        },
      },
      PauseDeviceComplete: {
        in: 'uu',
        inNames: ['major', 'minor'],
        call: async (context: CallContext, major: number, minor: number) =>
          (await controlled(context)).completePause(major, minor),
      },
    },
    properties: {
      Id: property('s', 'const', (session) => session.id),
      User: property('(uo)', 'const', (session) => [session.uid, userPath(session.uid)]),
      Name: property('s', 'const', (session) => session.identity.user),
      Timestamp: property('t', 'const', (session) => session.identity.timestamp),
      TimestampMonotonic: property('t', 'const', (session) => session.identity.timestampMonotonic),
      VTNr: property('u', 'const', (session) => session.vt ?? 0),
      Seat: property('(so)', 'const', (session) => seatReference(session.seat)),
      TTY: property('s', 'true', (session) => session.tty),
      Display: property('s', 'true', (session) => session.display),
      Remote: property('b', 'const', (session) => session.identity.remote),
      RemoteHost: property('s', 'const', (session) => session.identity.remoteHost),
      RemoteUser: property('s', 'const', (session) => session.identity.remoteUser),
      Service: property('s', 'const', (session) => session.identity.service),
      Desktop: property('s', 'const', (session) => session.identity.desktop),
      Scope: property('s', 'const', (session) => `session-${session.id}.scope`),
      Leader: property('u', 'const', (session) => session.leader.pid),
      Audit: property('u', 'const', () => AUDIT_NONE),
      Type: property('s', 'true', (session) => session.type),
      Class: property('s', 'true', (session) => session.class),
      CanIdle: property('b', 'const', (session) => session.canIdle),
      CanLock: property('b', 'const', (session) => session.canLock),
      Active: property('b', 'true', (session) => session.active),
      State: property('s', 'true', (session) => session.state),
      IdleHint: property('b', 'true', (session) => session.idleHint),
      IdleSinceHint: property('t', 'true', (session) => session.idleSince[0]),
      IdleSinceHintMonotonic: property('t', 'true', (session) => session.idleSince[1]),
      LockedHint: property('b', 'true', (session) => session.lockedHint),
    },
    signals: {
      PauseDevice: { args: 'uus', names: ['major', 'minor', 'type'] },
      ResumeDevice: { args: 'uuh', names: ['major', 'minor', 'fd'] },
      Lock: { args: '' },
      Unlock: { args: '' },
    },
  };
}

/** Throws NotSupported for what is nobody's desktop. */
export function lockSession(service: LoginService, session: Session, locked: boolean): void {
  if (!session.canLock) {
    throw loginError.notSupported(`A session of class ${session.class} cannot be locked`);
  }
  service.announceLock(session, locked);
}

/** `who`: "leader", or "all" (also "") for its control group, or where it has none its descendants, too. Throws InvalidArgs. */
export function killSession(session: Session, who: string, signal: number): void {
  if (who !== 'leader' && who !== 'all' && who !== '') {
    throw loginError.invalid(`Kill whom? "leader" or "all", not "${who}"`);
  }
  if (signal < 1 || signal > SIGNAL_MAX) throw loginError.invalid(`Signal ${signal} is not 1…${SIGNAL_MAX}`);
  if (who !== 'leader' && session.scope) {
    session.scope.signal(signal);
    return;
  }
  if (who !== 'leader') signalDescendants(session.leader.pid, signal);
  session.leader.signal(signal);
}
