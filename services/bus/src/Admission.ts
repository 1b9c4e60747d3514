import { DBusError, ErrorName } from '@switchyard/dbus';
import type { Socket } from '@switchyard/sys';
import type { BusSetup } from './BusSetup.js';
import type { Endpoint } from './extension/Endpoints.js';
import type { Limits } from './Limits.js';
import { identityOf, Peer, type PeerEvents } from './Peer.js';
import type { PeerTable } from './PeerTable.js';
import { Quotas } from './Quota.js';
import { ReadTurns } from './ReadTurns.js';

export type AdmissionOptions = {
  /** 32 hexadecimal digits. */
  guid: string;
  limits: Limits;
  /** As the configuration has it now. */
  setup: () => BusSetup;
  log: (what: string, about: Record<string, unknown>) => void;
};

/** Who may come in: connections at the door, and those who have said Hello, as many as the limits allow. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #limits: Limits;
  readonly #quotas: Quotas;
  readonly #turns = new ReadTurns();
  #unsettled = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#quotas = new Quotas(options.limits);
  }

  /** What connections have not said Hello yet. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** One of them has, or is not going to. */
  settled(): void {
    this.#unsettled--;
  }

  /** A new connection; the socket is the peer's, or closed when there is no room for one. */
  connect(socket: Socket, endpoint: Endpoint<Peer> | undefined, events: PeerEvents): Peer | undefined {
    const { uid } = socket.peer;
    const account =
      this.#unsettled < this.#limits.incompleteConnections ? this.#quotas.connect(uid) : undefined;
    if (!account) {
      this.#options.log('too many connections', { uid, unsettled: this.#unsettled });
      socket.close();
      return undefined;
    }
    this.#unsettled++;
    const { mechanisms } = this.#options.setup();
    const options = {
      guid: this.#options.guid,
      accepted: mechanisms.external && (endpoint !== undefined || this.#mayConnect(socket)),
      anonymous: mechanisms.anonymous && endpoint === undefined,
      endpoint,
      isTrusted: uid === 0 || uid === process.getuid?.(),
      quotas: this.#quotas,
      account,
      turns: this.#turns,
      limits: this.#limits,
    };
    return new Peer(socket, options, events);
  }

  /** Hello: gives the peer its unique name. Throws LimitsExceeded. */
  admit(peer: Peer, peers: PeerTable<Peer>): string {
    const { completedConnections, connectionsPerUser } = this.#limits;
    if (peers.size >= completedConnections)
      throw new DBusError(
        ErrorName.limitsExceeded,
        `The maximum number of active connections has been reached (max_completed_connections=${completedConnections})`,
      );
    if (peer.account.completed >= connectionsPerUser)
      throw new DBusError(
        ErrorName.limitsExceeded,
        `The maximum number of active connections for UID ${peer.uid} has been reached (max_connections_per_user=${connectionsPerUser})`,
      );
    peer.account.completed++;
    peer.policy = this.#options.setup().policy?.clientPolicy(peer.identity);
    peer.becomeActive(peers.add(peer));
    return peer.uniqueName;
  }

  #mayConnect(socket: Socket): boolean {
    const { policy } = this.#options.setup();
    const { uid } = socket.peer;
    return policy ? policy.mayConnect(identityOf(socket)) : uid === 0 || uid === process.getuid?.();
  }
}
