import {
  ExtDataControlManagerV1Resource,
  ExtForeignToplevelImageCaptureSourceManagerV1Resource,
  ExtForeignToplevelListV1Resource,
  ExtImageCopyCaptureManagerV1Resource,
  ExtOutputImageCaptureSourceManagerV1Resource,
  ExtSessionLockManagerV1Resource,
  type Resource,
  type ResourceClass,
  ZwlrDataControlManagerV1Resource,
  ZwlrScreencopyManagerV1Resource,
  ZwlrVirtualPointerManagerV1Resource,
  ZwpInputMethodManagerV2Resource,
  ZwpVirtualKeyboardManagerV1Resource,
} from '@switchyard/wayland';
import type { ClientState } from './ClientState.js';
import type { Compositor } from './Compositor.js';
import { OutputSources, ToplevelSources } from './capture/CaptureSources.js';
import { ImageCopyCapture } from './capture/ImageCopyCapture.js';
import { Screencopy } from './capture/Screencopy.js';
import { ToplevelList } from './capture/ToplevelList.js';
import { DataControl } from './data/DataControl.js';
import type { Extensions } from './extensions.js';
import { VirtualKeyboards } from './input/VirtualKeyboards.js';
import { VirtualPointers } from './input/VirtualPointers.js';
import { SessionLocks } from './lock/SessionLocks.js';
import type { Privilege } from './Privileges.js';
import { InputMethods } from './text/InputMethods.js';

/** The globals that only clients with a privilege find. */
export function addPrivileged(compositor: Compositor, extensions: Extensions): void {
  const { display, toplevels, seat, outputs, options } = compositor;

  function add<R extends Resource>(
    privilege: Privilege | readonly Privilege[],
    type: ResourceClass<R>,
    version: number,
    bound: (resource: R, client: ClientState) => void,
  ): void {
    display.addGlobal(type, version, (resource) => bound(resource, compositor.stateOf(resource.client)), {
      visibleTo: (client) => [privilege].flat().some((each) => compositor.stateOf(client).has(each)),
    });
  }

  add('capture', ZwlrScreencopyManagerV1Resource, 3, (resource, client) =>
    resource.implement(new Screencopy(resource, compositor, client)),
  );
  add('capture', ExtImageCopyCaptureManagerV1Resource, 1, (resource, client) =>
    resource.implement(new ImageCopyCapture(compositor, client)),
  );
  const outputSources = new OutputSources();
  add('capture', ExtOutputImageCaptureSourceManagerV1Resource, 1, (resource) =>
    resource.implement(outputSources),
  );
  const toplevelSources = new ToplevelSources();
  add('capture', ExtForeignToplevelImageCaptureSourceManagerV1Resource, 1, (resource) =>
    resource.implement(toplevelSources),
  );
  add('capture', ExtForeignToplevelListV1Resource, 1, (resource) =>
    resource.implement(new ToplevelList(resource, toplevels)),
  );

  const control = new DataControl(extensions.selections, extensions.primarySelections);
  add('clipboard', ZwlrDataControlManagerV1Resource, 2, (resource) => resource.implement(control));
  add('clipboard', ExtDataControlManagerV1Resource, 1, (resource) => resource.implement(control));

  const pointers = new VirtualPointers(seat.pointer, outputs, ({ client }) =>
    compositor.reachesFront(client),
  );
  add('virtual-input', ZwlrVirtualPointerManagerV1Resource, 2, (resource) => resource.implement(pointers));
  const methods = new InputMethods(compositor, extensions.textInputs);
  add('input-method', ZwpInputMethodManagerV2Resource, 1, (resource) => resource.implement(methods));
  const locks = new SessionLocks(compositor.lock);
  add('session-lock', ExtSessionLockManagerV1Resource, 1, (resource) => resource.implement(locks));
  // Without libxkbcommon nobody could say what a program's keys mean.
  if (options.keymap.builtin) return;
  const keyboards = new VirtualKeyboards(seat.keyboard, ({ client }) => compositor.reachesFront(client));
  add(['virtual-input', 'input-method'], ZwpVirtualKeyboardManagerV1Resource, 1, (resource) =>
    resource.implement(keyboards),
  );
}
