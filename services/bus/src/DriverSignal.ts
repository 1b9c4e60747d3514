import { MessageType } from '@switchyard/dbus';
import { driverName, driverPath } from './DriverName.js';
import type { IndexedSubject } from './MatchIndex.js';

/** A signal of the driver's as match rules see it, before anybody has put it into bytes. */
export class DriverSignal implements IndexedSubject {
  readonly type = MessageType.signal;
  readonly sender = driverName;
  readonly interface = driverName;
  readonly path = driverPath;
  readonly member: string;
  readonly #body: readonly unknown[];

  /** The body's strings are strings, and none of it an object path. */
  constructor(member: string, body: readonly unknown[]) {
    this.member = member;
    this.#body = body;
  }

  isFrom(name: string): boolean {
    return name === driverName;
  }

  isFor(): boolean {
    return false;
  }

  argument(n: number): { value: string; isPath: boolean } | undefined {
    const value = this.#body[n];
    return typeof value === 'string' ? { value, isPath: false } : undefined;
  }
}
