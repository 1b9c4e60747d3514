import {
  ExtSessionLockSurfaceV1Error,
  type ExtSessionLockSurfaceV1Requests,
  type ExtSessionLockSurfaceV1Resource,
} from '@switchyard/wayland';
import type { Output } from '../output/Output.js';
import type { Surface } from '../surface/Surface.js';
import type { SurfaceRole } from '../surface/SurfaceRole.js';
import type { SurfaceState } from '../surface/SurfaceState.js';

/** Configures that a client may leave unanswered: one comes with every change of the screen's size. */
const maxUnanswered = 32;

interface Configure {
  readonly serial: number;
  readonly width: number;
  readonly height: number;
}

/** An ext_session_lock_surface_v1: what a locker shows. It has the output's size, exactly. */
export class LockSurface implements ExtSessionLockSurfaceV1Requests, SurfaceRole {
  readonly name = 'lock surface';
  readonly surface: Surface;
  readonly #resource: ExtSessionLockSurfaceV1Resource;
  readonly #output: Output;
  readonly #changed: () => void;
  readonly #sent: Configure[] = [];
  #acked: Configure | undefined;
  #shown = false;

  /** `changed`: there is something else to be seen. */
  constructor(
    resource: ExtSessionLockSurfaceV1Resource,
    surface: Surface,
    output: Output,
    changed: () => void,
  ) {
    this.#resource = resource;
    this.surface = surface;
    this.#output = output;
    this.#changed = changed;
    surface.setRole(this);
    const stop = output.onSize(() => this.#configure());
    resource.onDestroy(() => {
      stop();
      if (surface.role === this) surface.role = undefined;
    });
    this.#configure();
  }

  get mapped(): boolean {
    return this.#acked !== undefined && this.#resource.alive;
  }

  // ---- SurfaceRole

  checkCommit(pending: SurfaceState): boolean {
    const { commit_before_first_ack, null_buffer } = ExtSessionLockSurfaceV1Error;
    if (!this.#acked) {
      this.#resource.postError(commit_before_first_ack, 'the first configure is not acknowledged');
      return false;
    }
    if (pending.buffer !== null && (pending.buffer || this.surface.pixels)) return true;
    this.#resource.postError(null_buffer, 'a lock surface has a buffer');
    return false;
  }

  applied(): void {
    const { width, height } = this.surface;
    const wanted = this.#acked!;
    if (width !== wanted.width || height !== wanted.height) {
      const text = `${width}×${height} instead of ${wanted.width}×${wanted.height}`;
      this.#resource.postError(ExtSessionLockSurfaceV1Error.dimensions_mismatch, text);
      return;
    }
    if (this.#shown) return;
    this.#shown = true;
    this.#changed();
  }

  surfaceDestroyed(): void {
    this.#changed();
  }

  // ---- requests

  ackConfigure(resource: ExtSessionLockSurfaceV1Resource, serial: number): void {
    const index = this.#sent.findIndex((configure) => configure.serial === serial);
    if (index < 0) {
      const text = `${serial} is no configure that waits for an answer`;
      resource.postError(ExtSessionLockSurfaceV1Error.invalid_serial, text);
      return;
    }
    this.#acked = this.#sent[index];
    this.#sent.splice(0, index + 1);
  }

  destroy(): void {}

  #configure(): void {
    const { width, height } = this.#output;
    const serial = this.#resource.client.display.nextSerial();
    this.#sent.push({ serial, width, height });
    // A client that answers none of so many answers the old ones no more.
    if (this.#sent.length > maxUnanswered) this.#sent.shift();
    this.#resource.sendConfigure(serial, width, height);
  }
}

/** Stands for one that was refused; its client has been ended. */
export const refusedLockSurface: ExtSessionLockSurfaceV1Requests = { ackConfigure() {}, destroy() {} };
