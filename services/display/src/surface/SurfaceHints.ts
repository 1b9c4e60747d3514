import {
  type Resource,
  type WlSurfaceResource,
  WpContentTypeManagerV1Error,
  type WpContentTypeManagerV1Requests,
  type WpContentTypeManagerV1Resource,
  type WpContentTypeV1Resource,
  WpTearingControlManagerV1Error,
  type WpTearingControlManagerV1Requests,
  type WpTearingControlManagerV1Resource,
  type WpTearingControlV1Resource,
} from '@switchyard/wayland';

/** At most one object of a kind a surface, until the one or the other is destroyed. */
class OneASurface {
  readonly #taken = new Set<WlSurfaceResource>();

  /** False when there is one already. */
  take(surface: WlSurfaceResource, by: Resource): boolean {
    if (this.#taken.has(surface)) return false;
    this.#taken.add(surface);
    const forget = surface.onDestroy(() => this.#taken.delete(surface));
    by.onDestroy(() => {
      this.#taken.delete(surface);
      forget();
    });
    return true;
  }
}

/** The wp_content_type_manager_v1 global. Films, games and photos are shown alike here; how well is the page's decision. */
export class ContentTypes implements WpContentTypeManagerV1Requests {
  readonly #surfaces = new OneASurface();

  getSurfaceContentType(
    manager: WpContentTypeManagerV1Resource,
    id: WpContentTypeV1Resource,
    surface: WlSurfaceResource,
  ): void {
    id.implement({ setContentType() {}, destroy() {} });
    if (this.#surfaces.take(surface, id)) return;
    const { already_constructed } = WpContentTypeManagerV1Error;
    manager.postError(already_constructed, `${surface} has a content type already`);
  }

  destroy(): void {}
}

/** The wp_tearing_control_manager_v1 global. A frame is shown whole here, always: `async` is a hint that nothing follows from. */
export class TearingControls implements WpTearingControlManagerV1Requests {
  readonly #surfaces = new OneASurface();

  getTearingControl(
    manager: WpTearingControlManagerV1Resource,
    id: WpTearingControlV1Resource,
    surface: WlSurfaceResource,
  ): void {
    id.implement({ setPresentationHint() {}, destroy() {} });
    if (this.#surfaces.take(surface, id)) return;
    const { tearing_control_exists } = WpTearingControlManagerV1Error;
    manager.postError(tearing_control_exists, `${surface} has a tearing control already`);
  }

  destroy(): void {}
}
