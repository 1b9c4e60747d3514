import {
  type WlSurfaceResource,
  WpPresentationFeedbackKind,
  type WpPresentationFeedbackResource,
  type WpPresentationRequests,
  type WpPresentationResource,
} from '@switchyard/wayland';
import type { ClientState } from '../ClientState.js';
import { Surface } from '../surface/Surface.js';

const CLOCK_MONOTONIC = 1;
const nanoseconds = 1_000_000_000n;

/** The wp_presentation global: tells clients when their commits were on the screen. */
export class Presentation implements WpPresentationRequests {
  readonly #stateOf: (resource: WpPresentationResource) => ClientState;

  constructor(stateOf: (resource: WpPresentationResource) => ClientState) {
    this.#stateOf = stateOf;
  }

  bind(resource: WpPresentationResource): void {
    resource.implement(this).sendClockId(CLOCK_MONOTONIC);
  }

  feedback(
    resource: WpPresentationResource,
    surfaceResource: WlSurfaceResource,
    callback: WpPresentationFeedbackResource,
  ): void {
    const surface = surfaceResource.handler;
    if (!(surface instanceof Surface)) return;
    const { outputs } = this.#stateOf(resource);
    surface.pending.listeners.push({
      presented(time, refresh, sequence) {
        for (const output of outputs) callback.sendSyncOutput(output);
        const seconds = time / nanoseconds;
        callback.sendPresented(
          Number(seconds >> 32n),
          Number(seconds & 0xffffffffn),
          Number(time % nanoseconds),
          refresh,
          0,
          sequence,
          WpPresentationFeedbackKind.vsync,
        );
      },
      discarded: () => callback.sendDiscarded(),
    });
  }

  destroy(): void {}
}
