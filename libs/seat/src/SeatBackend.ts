import type { Fd } from '@switchyard/sys';

/** A device that a backend has opened. What else it knows of it is its own. */
export interface BackendDevice {
  readonly path: string;
}

/** What a backend tells. Each of them concerns devices that open() gave and nobody closed. */
export interface SeatBackendEvents {
  /** The session has the seat. */
  enabled(): void;
  /** The session is to leave the seat, or has left it by force: acknowledge() is waited for. */
  disabling(): void;
  /**
   * The device works again, after enabled(): by a new file, or by the one that there is. The fd is the receiver's.
   */
  resumed(device: BackendDevice, fd: Fd | undefined): void;
  /** The device will not come back. */
  gone(device: BackendDevice): void;
  /** The end, without anybody here having asked for it. */
  closed(error: Error): void;
}

/** A way to the seat that this process's session is on. */
export interface SeatBackend {
  /** Of the seat. */
  readonly seat: string;
  /** Rejects with SystemError or DBusError. While the session is not active: EPERM. */
  open(path: string): Promise<{ device: BackendDevice; fd: Fd }>;
  close(device: BackendDevice): Promise<void>;
  /** What was asked for by disabling() is done. */
  acknowledge(): void;
  /** Resolves when the request is on its way; the switch itself is told by disabling(). */
  switchSession(number: number): Promise<void>;
  /** Everything is given back. Nothing is told any more. Idempotent. */
  leave(): Promise<void>;
}

/** A graphics card, whose file works again after a pause; files of all other devices are dead for good. */
export function resumesInPlace(path: string): boolean {
  return path.startsWith('/dev/dri/');
}
