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
    const state = this.#stateOf(resource);
    surface.pending.listeners.push({
      presented(output, time, sequence) {
        for (const each of state.outputsOf(output)) callback.sendSyncOutput(each);
        const seconds = time / nanoseconds;
        callback.sendPresented(
          Number(seconds >> 32n),
          Number(seconds & 0xffffffffn),
          Number(time % nanoseconds),
          output.refreshNanoseconds,
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
