import {
  DBusError,
  ErrorName,
  type Message,
  MessageFlag,
  MessageType,
  ProtocolError,
} from '@switchyard/dbus';
import { systemdName } from './activation/Activation.js';
import type { Bus } from './Bus.js';
import { type DriverMessage, driverError } from './Delivery.js';
import { driverInterfaces } from './DriverInterfaces.js';
import type { DriverInterface, DriverMethod } from './DriverMethod.js';
import { driverName, driverPath } from './DriverName.js';
import type { Peer } from './Peer.js';

/** The bus itself as an object on the bus. */
export class Driver {
  readonly #bus: Bus;
  readonly #interfaces: readonly DriverInterface[] = driverInterfaces;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Answers a call, or hands the caller its error: then it is false. */
  call(peer: Peer, message: Message): boolean {
    const answers = message.expectsReply;
    try {
      const method = this.#method(message);
      const args = argumentsOf(message, method);
      const call = { bus: this.#bus, peer, message };
      const result = method.call(call, ...(args as never[]));
      if (answers && result)
        this.#answer(peer, message, {
          type: MessageType.methodReturn,
          flags: MessageFlag.noReplyExpected,
          replySerial: message.serial,
          signature: method.out ?? '',
          body: result,
        });
      method.afterReply?.(call, ...(args as never[]));
      return true;
    } catch (error) {
      if (!(error instanceof DBusError)) throw error;
      if (answers) this.#answer(peer, message, driverError(message.serial, error));
      return false;
    }
  }

  #answer(peer: Peer, message: Message, answer: DriverMessage): void {
    const { delivery } = this.#bus;
    if (message.destination === undefined && peer.state !== 'greeting') delivery.answerLocally(peer, answer);
    else delivery.post(peer, answer);
  }

  /** Signals to the bus: systemd's, of a unit that it could not start. */
  hear(peer: Peer, message: Message): void {
    if (message.interface !== 'org.freedesktop.systemd1.Activator' || message.member !== 'ActivationFailure')
      return;
    // Anybody else would make others' calls fail.
    if (this.#bus.find(systemdName) !== peer || message.signature !== 'sss') return;
    const [unit, name, text] = message.body as [string, string, string];
    this.#bus.activation.unitFailed(unit, new DBusError(name, text));
  }

  #method(message: Message): DriverMethod {
    const member = message.member!;
    const wanted = message.interface;
    // Without a destination only Peer is served, by its name: such a call is meant for whoever is at the other end.
    if (message.destination === undefined && wanted !== 'org.freedesktop.DBus.Peer')
      throw new DBusError(ErrorName.unknownMethod, `${member} needs a destination`);
    const known = this.#interfaces.filter((one) => wanted === undefined || one.name === wanted);
    if (known.length === 0)
      throw new DBusError(ErrorName.unknownInterface, `${driverName} has no interface ${wanted}`);
    for (const one of known) {
      const method = Object.hasOwn(one.methods, member) ? one.methods[member]! : undefined;
      if (!method) continue;
      if ((method.onlyHere ?? one.onlyHere) && message.path !== driverPath)
        throw one.onlyHere
          ? new DBusError(ErrorName.unknownInterface, `Interface ${one.name} is only at ${driverPath}`)
          : new DBusError(ErrorName.accessDenied, `Method ${member} is only at ${driverPath}`);
      return method;
    }
    throw new DBusError(
      ErrorName.unknownMethod,
      `${driverName} has no method ${member} in ${wanted ?? 'any interface'}`,
    );
  }
}

function argumentsOf(message: Message, method: DriverMethod): unknown[] {
  const expected = method.in ?? '';
  if (message.signature !== expected)
    throw new DBusError(
      ErrorName.invalidArgs,
      `${message.member} takes '${expected}', not '${message.signature}'`,
    );
  try {
    return message.body;
  } catch (error) {
    if (error instanceof ProtocolError) throw new DBusError(ErrorName.invalidArgs, error.message);
    throw error;
  }
}
