import type { CallContext, Connection } from '@switchyard/dbus';
import { login1, seatPath, sessionPath, userPath } from '@switchyard/seat';
import { deviceManagerInterface } from './DeviceManagerInterface.js';
import type { LoginService } from './LoginService.js';
import { managerInterface } from './ManagerInterface.js';
import type { Seat } from './Seat.js';
import { seatInterface } from './SeatInterface.js';
import { callersSeat, callersSession, callersUser, displaySession } from './Self.js';
import type { Session } from './Session.js';
import { sessionInterface } from './SessionInterface.js';
import { switchyardSessionInterface } from './SwitchyardSessionInterface.js';
import type { User } from './User.js';
import { userInterface } from './UserInterface.js';

/** The session manager's objects on the bus: itself, each seat, session and user, and those that mean the caller's own. */
export class LoginObjects {
  readonly #service: LoginService;
  #connection: Connection | undefined;

  constructor(service: LoginService) {
    this.#service = service;
  }

  /** Exports all that there is. */
  connected(connection: Connection): void {
    this.#connection = connection;
    const service = this.#service;
    const { manager } = service;
    connection.export(login1.path, managerInterface(service));
    connection.export(login1.path, deviceManagerInterface(service));
    for (const seat of manager.seats) this.addSeat(seat);
    for (const session of manager.sessions) this.addSession(session);
    for (const user of manager.users) this.addUser(user);
    for (const [path, find] of [
      ['session/self', callersSession],
      ['session/auto', displaySession],
    ] as const) {
      const resolve = (context?: CallContext) => find(manager, context);
      connection.export(`${login1.path}/${path}`, sessionInterface(service, resolve));
      connection.export(`${login1.path}/${path}`, switchyardSessionInterface(service, resolve));
    }
    for (const path of ['seat/self', 'seat/auto']) {
      connection.export(
        `${login1.path}/${path}`,
        seatInterface(service, (context) => callersSeat(manager, context)),
      );
    }
    connection.export(
      `${login1.path}/user/self`,
      userInterface(service, (context) => callersUser(manager, context)),
    );
  }

  lost(): void {
    this.#connection = undefined;
  }

  addSeat(seat: Seat): void {
    this.#connection?.export(
      seatPath(seat.id),
      seatInterface(this.#service, () => seat),
    );
  }

  addSession(session: Session): void {
    const path = sessionPath(session.id);
    this.#connection?.export(
      path,
      sessionInterface(this.#service, () => session),
    );
    this.#connection?.export(
      path,
      switchyardSessionInterface(this.#service, () => session),
    );
  }

  addUser(user: User): void {
    this.#connection?.export(
      userPath(user.uid),
      userInterface(this.#service, () => user),
    );
  }

  remove(path: string): void {
    this.#connection?.unexport(path);
  }
}
