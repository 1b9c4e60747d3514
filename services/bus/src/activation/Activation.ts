import { DBusError, ErrorName, Frame, MessageFlag, MessageType } from '@switchyard/dbus';
import type { Fd } from '@switchyard/sys';
import type { DriverMessage } from '../Delivery.js';
import { driverPath } from '../DriverName.js';
import type { Limits } from '../Limits.js';
import { splitCommandLine } from './commandLine.js';
import type { ServiceFile } from './ServiceFile.js';
import type { ServiceIndex } from './ServiceIndex.js';
import { launch } from './ServiceProcess.js';
import { spawnError } from './SpawnError.js';

/** What may wait for services from connections of one uid, in all. */
const maximumWaitingMessages = 4096;
const maximumWaitingBytes = 64 * 1024 * 1024;
const maximumWaitingFds = 253;
/** Messages that wait for systemd: a request each for the services that may be pending, and some environment. */
const maximumForSystemd = 1024;
/** Bytes of services' environment: exec fails beyond 2 MiB together with the arguments. */
const maximumEnvironment = 1024 * 1024;

export const systemdName = 'org.freedesktop.systemd1';
export const startReply = { success: 1, alreadyRunning: 2 } as const;

/** A connection as activation sees it. */
export interface ActivationPeer {
  readonly uniqueName: string;
  readonly uid: number;
  readonly state: string;
}

/** What activation needs of its bus. */
export type ActivationParts<Peer> = {
  limits: Pick<Limits, 'serviceStartTimeout' | 'pendingServiceStarts'>;
  owner(name: string): Peer | undefined;
  /** `isShown`: monitors have seen it. */
  post(peer: Peer, message: DriverMessage, isShown: boolean): void;
  /** Monitors see what waits for its receiver. */
  show(message: DriverMessage): void;
  postError(peer: Peer, serial: number, error: DBusError): void;
  /** Monitors see why a message that wants no answer was lost. */
  showError(peer: Peer, serial: number, error: DBusError): void;
  /** A message whose receiver is there now. The fds stay the caller's. */
  forward(peer: Peer, frame: Frame, fds: Fd[]): void;
  log(what: string): void;
};

/** How this bus starts services; what a configuration says of it. */
export type ActivationSetup = {
  services: ServiceIndex;
  /** Units are started by systemd, which is or will be on this bus. */
  systemd: boolean;
  /** dbus-daemon-launch-helper, which starts services as their own users. */
  helper: string | undefined;
  /** For services that we start ourselves. */
  environment: Map<string, string>;
  /** Whose identity a service gets; undefined: ours. */
  userOf(service: ServiceFile): { name: string; uid: number; gid: number } | undefined;
};

/** Who waits for a service: a StartServiceByName, or a message for it. */
type Waiter<Peer> = { peer: Peer } & (
  | { kind: 'call'; serial: number; answers: boolean }
  | { kind: 'message'; bytes: Buffer; fds: Fd[]; serial: number; answers: boolean }
);

/**
 *   pending ──its name gets an owner──▶ done: the callers are told, the messages delivered
 *      └── exit with failure, no time left, systemd's ActivationFailure ──▶ failed: all are told why
 */
type Pending<Peer> = {
  service: ServiceFile;
  waiters: Waiter<Peer>[];
  timer: NodeJS.Timeout;
};

type Waiting = { messages: number; bytes: number; fds: number };

/** Starts the services whose names are asked for, and keeps what was sent to them until they are there. */
export class Activation<Peer extends ActivationPeer> {
  readonly #parts: ActivationParts<Peer>;
  readonly #pending = new Map<string, Pending<Peer>>();
  readonly #waiting = new Map<number, Waiting>();
  /** What systemd is to be told once it is on the bus, by the unit that it is about; "" for those that are about none. */
  readonly #forSystemd: { unit: string; message: DriverMessage }[] = [];
  setup: ActivationSetup;

  constructor(parts: ActivationParts<Peer>, setup: ActivationSetup) {
    this.#parts = parts;
    this.setup = setup;
  }

  names(): string[] {
    return this.setup.services.names();
  }

  find(name: string): ServiceFile {
    const service = this.setup.services.find(name);
    if (!service)
      throw new DBusError(
        ErrorName.serviceUnknown,
        `The name ${name} was not provided by any .service files`,
      );
    return service;
  }

  /** StartServiceByName for a name without an owner: answered later. Throws DBusError. */
  start(peer: Peer, serial: number, answers: boolean, name: string): void {
    this.#wait(this.find(name), { kind: 'call', peer, serial, answers });
  }

  /** Keeps a message for a service that this starts; takes the fds out of `fds`. Throws DBusError. */
  queue(peer: Peer, service: ServiceFile, frame: Frame, fds: Fd[]): void {
    const waiting = this.#waiting.get(peer.uid) ?? { messages: 0, bytes: 0, fds: 0 };
    if (
      waiting.messages >= maximumWaitingMessages ||
      waiting.bytes + frame.length > maximumWaitingBytes ||
      waiting.fds + fds.length > maximumWaitingFds
    )
      throw new DBusError(
        ErrorName.limitsExceeded,
        `Too much waits for services to be started from uid ${peer.uid}`,
      );
    const bytes = Buffer.from(frame.bytes.subarray(frame.start, frame.start + frame.length));
    const kept = fds.splice(0);
    const answers = frame.type === MessageType.methodCall && !(frame.flags & MessageFlag.noReplyExpected);
    const waiter: Waiter<Peer> = { kind: 'message', peer, bytes, fds: kept, serial: frame.serial, answers };
    this.#count(waiter, 1);
    try {
      this.#wait(service, waiter);
    } catch (error) {
      this.#release(waiter);
      throw error;
    }
  }

  /** A name has an owner: who waited for it is served, in order. */
  appeared(name: string): void {
    if (name === systemdName)
      for (const { message } of this.#forSystemd.splice(0))
        this.#parts.post(this.#parts.owner(name)!, message, true);
    const pending = this.#end(name);
    if (!pending) return;
    this.#parts.log(`Successfully activated service '${name}'`);
    for (const waiter of pending.waiters) {
      if (waiter.peer.state === 'active')
        if (waiter.kind === 'call') this.#answer(waiter, startReply.success);
        else {
          const frame = new Frame();
          frame.parse(waiter.bytes, 0, waiter.bytes.length);
          this.#parts.forward(waiter.peer, frame, waiter.fds);
        }
      this.#release(waiter);
    }
  }

  /** A connection has ended: what it sent is not delivered any more. What it started is still started. */
  gone(peer: Peer): void {
    for (const pending of this.#pending.values())
      pending.waiters = pending.waiters.filter((waiter) => {
        if (waiter.peer !== peer) return true;
        this.#release(waiter);
        return false;
      });
  }

  /** systemd could not start a unit, and says why. */
  unitFailed(unit: string, error: DBusError): void {
    for (const [name, { service }] of [...this.#pending])
      if (service.systemdService === unit) this.#fail(name, error);
  }

  /** UpdateActivationEnvironment: for services that are started from now on. systemd hears of it. Throws DBusError. */
  updateEnvironment(variables: ReadonlyMap<string, string>): void {
    const { environment, systemd } = this.setup;
    for (const name of variables.keys())
      if (name === '' || name.includes('='))
        throw new DBusError(
          ErrorName.invalidArgs,
          `Not the name of an environment variable: ${JSON.stringify(name)}`,
        );
    const sizes = [...environment, ...variables].map(([name, value]) => name.length + value.length + 2);
    if (sizes.reduce((all, one) => all + one, 0) > maximumEnvironment)
      throw new DBusError(ErrorName.limitsExceeded, `An environment has at most ${maximumEnvironment} bytes`);
    for (const [name, value] of variables) environment.set(name, value);
    if (!systemd) return;
    this.#tell('', {
      type: MessageType.methodCall,
      flags: MessageFlag.noReplyExpected,
      // The unique name, if it is there.
      destination: this.#parts.owner(systemdName)?.uniqueName ?? systemdName,
      path: '/org/freedesktop/systemd1',
      interface: 'org.freedesktop.systemd1.Manager',
      member: 'SetEnvironment',
      signature: 'as',
      body: [[...variables].map(([name, value]) => `${name}=${value}`)],
    });
  }

  close(): void {
    for (const name of [...this.#pending.keys()])
      for (const waiter of this.#end(name)!.waiters) this.#release(waiter);
  }

  #wait(service: ServiceFile, waiter: Waiter<Peer>): void {
    const known = this.#pending.get(service.name);
    if (known) {
      known.waiters.push(waiter);
      return;
    }
    const { pendingServiceStarts, serviceStartTimeout } = this.#parts.limits;
    const { name } = service;
    if (this.#pending.size >= pendingServiceStarts)
      throw new DBusError(
        ErrorName.limitsExceeded,
        `The maximum number of pending activations has been reached, activation of ${name} failed (max_pending_service_starts=${pendingServiceStarts})`,
      );
    const timer = setTimeout(
      () =>
        this.#fail(
          name,
          new DBusError(
            'org.freedesktop.DBus.Error.TimedOut',
            `Failed to activate service '${name}': timed out (service_start_timeout=${serviceStartTimeout}ms)`,
          ),
        ),
      serviceStartTimeout,
    ).unref();
    this.#pending.set(name, { service, waiters: [waiter], timer });
    try {
      this.#begin(service, waiter.peer);
    } catch (error) {
      this.#end(name);
      throw error;
    }
  }

  #begin(service: ServiceFile, peer: Peer): void {
    const { name, systemdService, exec } = service;
    const { systemd, helper, environment, userOf } = this.setup;
    if (systemd && name === systemdName) return; // It runs, and is going to connect.
    if (systemd && systemdService !== undefined) {
      this.#parts.log(
        `Activating via systemd: service name='${name}' unit='${systemdService}' requested by '${peer.uniqueName}'`,
      );
      this.#tell(systemdService, activationRequest(systemdService));
      return;
    }
    const user = helper === undefined ? userOf(service) : undefined;
    if (helper !== undefined && service.user === undefined)
      throw spawnError('FileInvalid', 'Cannot do system-bus activation with no user');
    let command: string[];
    try {
      command = helper === undefined ? splitCommandLine(exec) : [helper, name];
    } catch (error) {
      throw new DBusError(ErrorName.invalidArgs, (error as Error).message);
    }
    this.#parts.log(`Activating service name='${name}' requested by '${peer.uniqueName}'`);
    launch(
      { name, command, isHelper: helper !== undefined, environment: Object.fromEntries(environment), user },
      (error) => this.#fail(name, error, service),
    );
  }

  #tell(unit: string, message: DriverMessage): void {
    const systemd = this.#parts.owner(systemdName);
    if (systemd) this.#parts.post(systemd, message, false);
    else if (this.#forSystemd.length >= maximumForSystemd)
      throw new DBusError(ErrorName.limitsExceeded, 'Too much waits for systemd to come to the bus');
    else {
      this.#parts.show(message);
      this.#forSystemd.push({ unit, message });
    }
  }

  /** `service`: only if it is that start which waits, and not a later one. */
  #fail(name: string, error: DBusError, service?: ServiceFile): void {
    if (service && this.#pending.get(name)?.service !== service) return;
    const pending = this.#end(name);
    if (!pending) return;
    this.#parts.log(`Activated service '${name}' failed: ${error.message}`);
    for (const waiter of pending.waiters) {
      if (waiter.answers && waiter.peer.state === 'active')
        this.#parts.postError(waiter.peer, waiter.serial, error);
      else this.#parts.showError(waiter.peer, waiter.serial, error);
      this.#release(waiter);
    }
  }

  #end(name: string): Pending<Peer> | undefined {
    const pending = this.#pending.get(name);
    if (!pending) return undefined;
    clearTimeout(pending.timer);
    this.#pending.delete(name);
    const unit = pending.service.systemdService;
    const waiting = this.#forSystemd.findIndex((one) => one.unit === unit);
    if (waiting >= 0) this.#forSystemd.splice(waiting, 1);
    return pending;
  }

  #answer({ peer, serial, answers }: Waiter<Peer>, reply: number): void {
    if (!answers) return;
    const message = {
      type: MessageType.methodReturn,
      flags: MessageFlag.noReplyExpected,
      replySerial: serial,
      signature: 'u',
      body: [reply],
    };
    this.#parts.post(peer, message, false);
  }

  /** Closes the fds that were not sent on, and what the waiter counted for is free again. */
  #release(waiter: Waiter<Peer>): void {
    if (waiter.kind === 'call') return;
    this.#count(waiter, -1);
    for (const fd of waiter.fds.splice(0)) fd.close();
  }

  #count(waiter: Waiter<Peer>, sign: 1 | -1): void {
    if (waiter.kind === 'call') return;
    const { uid } = waiter.peer;
    const waiting = this.#waiting.get(uid) ?? { messages: 0, bytes: 0, fds: 0 };
    this.#waiting.set(uid, waiting);
    waiting.messages += sign;
    waiting.bytes += sign * waiter.bytes.length;
    waiting.fds += sign * waiter.fds.length;
    if (waiting.messages === 0) this.#waiting.delete(uid);
  }
}

/** systemd's own interface. */
function activationRequest(unit: string): DriverMessage {
  return {
    type: MessageType.signal,
    flags: MessageFlag.noReplyExpected,
    destination: systemdName,
    path: driverPath,
    interface: 'org.freedesktop.systemd1.Activator',
    member: 'ActivationRequest',
    signature: 's',
    body: [unit],
  };
}
