import type { RuntimeDir } from '@switchyard/runtime';
import type { KernelVts } from './vt/KernelVts.js';

/** Where a manager keeps what it knows, and how patient it is. */
export interface SeatManagerOptions {
  readonly dir: RuntimeDir;
  /** What is to survive a restart; and who lingers. */
  readonly stateDir: string;
  /** How long a session may take to give its devices up, in ms; 0 forces at once. */
  readonly grace: number;
  /** Chords that call for the emergency session, like `ctrl+alt+shift+esc`. */
  readonly attention: readonly string[];
  /** What is run for it, by a shell; undefined: nothing. */
  readonly emergencyCommand: string | undefined;
  /** What a shell runs as the lock screen of a session; undefined: sessions lock themselves. */
  readonly lockCommand: string | undefined;
  /** How long a seat may be left alone before what is in front of it is locked, in ms; 0: for ever. */
  readonly lockAfter: number;
  /** Seats that are there also without devices and sessions. */
  readonly permanentSeats: readonly string[];
  /** The control group below which sessions get theirs; undefined: they have none. */
  readonly cgroupRoot: string | undefined;
  /** What is left of a session when it ends is killed, unless it is root's. */
  readonly killUserProcesses: boolean;
  /** Runtime directories of users are PREFIX/UID. */
  readonly runtimePrefix: string;
  /** The machine's VTs, which are seat0's; undefined: they are left alone. */
  readonly vts: KernelVts | undefined;
  /** What a shell runs for a login prompt on one of the first `autoVts` VTs; undefined: there are none. */
  readonly getty: string | undefined;
  readonly autoVts: number;
  /** What puts the VTs back when this process is killed. */
  readonly restoreCommand: readonly string[];
}
