import {
  WlCompositorResource,
  WlSeatResource,
  WlShmResource,
  WlSubcompositorResource,
  WpViewporterResource,
  XdgWmBaseResource,
} from '@switchyard/wayland';
import type { Compositor } from './Compositor.js';
import { XdgWmBase } from './shell/XdgWmBase.js';
import { Shm } from './shm/Shm.js';
import { ClientRegion } from './surface/ClientRegion.js';
import { refusedSurface } from './surface/RefusedSurface.js';
import { Subcompositor } from './surface/Subcompositor.js';
import { Viewporter } from './surface/Viewport.js';

/**
 * Popups that move (3) are of use. Of 4 and 5 only advice comes, and programs written against older versions that bind
 * what is offered abort on an event that they have no handler for (weston-presentation-shm).
 */
const XDG_WM_BASE_VERSION = 3;

/** Everything that clients find in the registry, in the order in which they find it. */
export function addGlobals(compositor: Compositor): void {
  const { display, outputs, seat, options } = compositor;

  display.addGlobal(WlCompositorResource, 6, (resource) => {
    resource.implement({
      createSurface(_, id) {
        const surface = compositor.createSurface(resource.client, id);
        id.implement(surface ?? refusedSurface);
      },
      createRegion(_, id) {
        id.implement(new ClientRegion());
      },
    });
  });
  display.addGlobal(WlSubcompositorResource, 1, (resource) => resource.implement(new Subcompositor()));
  const shm = new Shm(options.sealing, (resource) => compositor.stateOf(resource.client), options.log);
  display.addGlobal(WlShmResource, 2, (resource) => shm.bind(resource));
  for (const output of outputs.list) compositor.outputGlobals.offer(output);
  display.addGlobal(WlSeatResource, 9, (resource) => seat.bind(resource));
  display.addGlobal(XdgWmBaseResource, XDG_WM_BASE_VERSION, (resource) => {
    resource.implement(new XdgWmBase(resource, compositor.stateOf(resource.client)));
  });
  display.addGlobal(WpViewporterResource, 1, (resource) => resource.implement(new Viewporter()));
}
