import {
  type Client,
  ExtIdleNotifierV1Resource,
  WlDataDeviceManagerResource,
  WpContentTypeManagerV1Resource,
  WpCursorShapeManagerV1Resource,
  WpFractionalScaleManagerV1Resource,
  WpPresentationResource,
  WpSecurityContextManagerV1Resource,
  WpSinglePixelBufferManagerV1Resource,
  WpTearingControlManagerV1Resource,
  XdgActivationV1Resource,
  XdgWmDialogV1Resource,
  ZwpIdleInhibitManagerV1Resource,
  ZwpKeyboardShortcutsInhibitManagerV1Resource,
  ZwpPointerConstraintsV1Resource,
  ZwpPointerGesturesV1Resource,
  ZwpPrimarySelectionDeviceManagerV1Resource,
  ZwpRelativePointerManagerV1Resource,
  ZwpTextInputManagerV3Resource,
  ZxdgDecorationManagerV1Resource,
  ZxdgExporterV1Resource,
  ZxdgExporterV2Resource,
  ZxdgImporterV1Resource,
  ZxdgImporterV2Resource,
  ZxdgOutputManagerV1Resource,
} from '@switchyard/wayland';
import type { Compositor } from './Compositor.js';
import { Clipboard } from './data/Clipboard.js';
import { DataDeviceManager } from './data/DataDeviceManager.js';
import { PrimarySelection } from './data/PrimarySelection.js';
import { SelectionBoard } from './data/SelectionBoard.js';
import { CursorShapes } from './input/CursorShapes.js';
import { PointerConstraints } from './input/PointerConstraints.js';
import { PointerGestures } from './input/PointerGestures.js';
import { RelativePointers } from './input/RelativePointers.js';
import { ShortcutsInhibition } from './input/ShortcutsInhibition.js';
import { Presentation } from './output/Presentation.js';
import { XdgOutputs } from './output/XdgOutputs.js';
import { Activation } from './session/Activation.js';
import { IdleInhibition } from './session/IdleInhibition.js';
import { IdleNotifier } from './session/IdleNotifier.js';
import { SecurityContexts } from './session/SecurityContexts.js';
import { Decorations } from './shell/Decorations.js';
import { Dialogs } from './shell/Dialogs.js';
import { ForeignToplevels } from './shell/ForeignToplevels.js';
import { FractionalScales } from './surface/FractionalScales.js';
import { SinglePixelBuffers } from './surface/SinglePixelBuffer.js';
import { ContentTypes, TearingControls } from './surface/SurfaceHints.js';
import { PageTextInput } from './text/PageTextInput.js';
import { TextInputs } from './text/TextInputs.js';
import { TypedText } from './text/TypedText.js';

export interface Extensions {
  /** To be served on the bus. */
  readonly clipboard: Clipboard;
  readonly textInput: PageTextInput;
  /** For who has the privilege to reach further. */
  readonly textInputs: TextInputs;
  readonly selections: SelectionBoard;
  readonly primarySelections: SelectionBoard;
  readonly idleInhibition: IdleInhibition;
  readonly contexts: SecurityContexts;
  readonly xdgOutputs: XdgOutputs;
  readonly fractionalScales: FractionalScales;
}

/** The globals beyond surfaces, shell and seat: each stands on the hooks that those give. */
export function addExtensions(compositor: Compositor): Extensions {
  const { display, seat, outputs, options } = compositor;

  const sessionOf = (client: Client) => compositor.stateOf(client).session;
  const selections = new SelectionBoard(seat.keyboard, sessionOf);
  const dataDevices = new DataDeviceManager(selections, seat, outputs);
  display.addGlobal(WlDataDeviceManagerResource, 3, (resource) => resource.implement(dataDevices));
  const marked = new SelectionBoard(seat.keyboard, sessionOf);
  const primary = new PrimarySelection(marked);
  display.addGlobal(ZwpPrimarySelectionDeviceManagerV1Resource, 1, (resource) => resource.implement(primary));

  const presentation = new Presentation((resource) => compositor.stateOf(resource.client));
  display.addGlobal(WpPresentationResource, 1, (resource) => presentation.bind(resource));
  const decorations = new Decorations();
  display.addGlobal(ZxdgDecorationManagerV1Resource, 1, (resource) => resource.implement(decorations));
  const xdgOutputs = new XdgOutputs();
  display.addGlobal(ZxdgOutputManagerV1Resource, 3, (resource) => resource.implement(xdgOutputs));
  const idleInhibition = new IdleInhibition();
  display.addGlobal(ZwpIdleInhibitManagerV1Resource, 1, (resource) => resource.implement(idleInhibition));
  const idleNotifier = new IdleNotifier({
    activity: seat.activity,
    away: () => seat.windows === undefined,
    inhibited: () => idleInhibition.inhibited,
  });
  display.addGlobal(ExtIdleNotifierV1Resource, 2, (resource) => resource.implement(idleNotifier));
  const singlePixels = new SinglePixelBuffers();
  display.addGlobal(WpSinglePixelBufferManagerV1Resource, 1, (resource) => resource.implement(singlePixels));
  const fractionalScales = new FractionalScales((surface) => compositor.outputOf(surface));
  display.addGlobal(WpFractionalScaleManagerV1Resource, 1, (resource) =>
    resource.implement(fractionalScales),
  );
  const activation = new Activation(seat);
  display.addGlobal(XdgActivationV1Resource, 1, (resource) => resource.implement(activation));
  const relativePointers = new RelativePointers(seat.pointer);
  display.addGlobal(ZwpRelativePointerManagerV1Resource, 1, (resource) =>
    resource.implement(relativePointers),
  );
  const constraints = new PointerConstraints(seat);
  display.addGlobal(ZwpPointerConstraintsV1Resource, 1, (resource) => resource.implement(constraints));

  const contentTypes = new ContentTypes();
  display.addGlobal(WpContentTypeManagerV1Resource, 1, (resource) => resource.implement(contentTypes));
  const tearing = new TearingControls();
  display.addGlobal(WpTearingControlManagerV1Resource, 1, (resource) => resource.implement(tearing));
  const shapes = new CursorShapes(seat.pointer);
  display.addGlobal(WpCursorShapeManagerV1Resource, 1, (resource) => resource.implement(shapes));
  const gestures = new PointerGestures();
  display.addGlobal(ZwpPointerGesturesV1Resource, 3, (resource) => resource.implement(gestures));
  const shortcuts = new ShortcutsInhibition(seat.keyboard);
  display.addGlobal(ZwpKeyboardShortcutsInhibitManagerV1Resource, 1, (resource) =>
    resource.implement(shortcuts),
  );
  const dialogs = new Dialogs();
  display.addGlobal(XdgWmDialogV1Resource, 1, (resource) => resource.implement(dialogs));
  const foreign = new ForeignToplevels();
  display.addGlobal(ZxdgExporterV1Resource, 1, (resource) => resource.implement(foreign));
  display.addGlobal(ZxdgImporterV1Resource, 1, (resource) => resource.implement(foreign));
  display.addGlobal(ZxdgExporterV2Resource, 1, (resource) => resource.implement(foreign));
  display.addGlobal(ZxdgImporterV2Resource, 1, (resource) => resource.implement(foreign));
  const contexts = new SecurityContexts({
    display,
    admit: (client, owner, context) => compositor.admitSandboxed(client, owner, context),
  });
  // A sandbox in a sandbox could ask for more than it was given.
  display.addGlobal(WpSecurityContextManagerV1Resource, 1, (resource) => resource.implement(contexts), {
    visibleTo: (client) => !compositor.stateOf(client).sandboxed,
  });

  const textInputs = new TextInputs(seat.keyboard);
  display.addGlobal(ZwpTextInputManagerV3Resource, 1, (resource) => resource.implement(textInputs));
  const typed = new TypedText(seat.keyboard);

  return {
    contexts,
    textInputs,
    selections,
    primarySelections: marked,
    textInput: new PageTextInput(textInputs, typed, seat.keyboard, options.seat),
    clipboard: new Clipboard(selections, marked, options.seat),
    idleInhibition,
    xdgOutputs,
    fractionalScales,
  };
}
