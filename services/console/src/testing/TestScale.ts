import { type Display, WpFractionalScaleManagerV1Resource, WpViewporterResource } from '@switchyard/wayland';

/** A display whose pixels are as small as it likes: what it tells its client, and how large that then shows its buffers. */
export class TestScale {
  /** Surface units, as the client has said last. */
  destination: readonly [width: number, height: number] | undefined;

  /** `scale`: in 120ths. */
  constructor(display: Display, scale: number) {
    display.addGlobal(WpFractionalScaleManagerV1Resource, 1, (manager) =>
      manager.implement({
        destroy() {},
        getFractionalScale: (_, resource) => {
          resource.implement({ destroy() {} });
          resource.sendPreferredScale(scale);
        },
      }),
    );
    display.addGlobal(WpViewporterResource, 1, (viewporter) =>
      viewporter.implement({
        destroy() {},
        getViewport: (_, viewport) =>
          void viewport.implement({
            destroy() {},
            setSource() {},
            setDestination: (_viewport, width, height) => {
              this.destination = [width, height];
            },
          }),
      }),
    );
  }
}
