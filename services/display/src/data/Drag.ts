import { type Client, WlDataDeviceManagerDndAction } from '@switchyard/wayland';
import type { Grabbable, PointerGrab } from '../input/PointerGrab.js';
import type { Output } from '../output/Output.js';
import type { View } from '../output/View.js';
import type { Windows } from '../session/Windows.js';
import type { Surface } from '../surface/Surface.js';
import type { DataDevice } from './DataDevice.js';
import type { DataOffer } from './DataOffer.js';
import type { DataSource } from './DataSource.js';
import type { DragIcon } from './DragIcon.js';

const { none, copy, move, ask } = WlDataDeviceManagerDndAction;

export type DragOptions = {
  client: Client;
  /** Without one the drag stays within the client, which knows by itself what it drags. */
  source: DataSource | undefined;
  icon: DragIcon | undefined;
  /** What is held down on the origin. */
  held: Grabbable;
  windows: Windows;
  /** The output at this column. */
  outputAt: (x: number) => Output;
  devicesOf: (client: Client) => Iterable<DataDevice>;
};

/**
 * A drag: it has the pointer, or a finger, from its start until that is up, and tells the client under it.
 *
 *   dragging ──released over who accepts──▶ dropped ──finish──▶ over
 *      └──released elsewhere | source gone | session switched──▶ over (the source is cancelled)
 *                                             dropped ──offer destroyed──▶ over
 */
type State = 'dragging' | 'dropped' | 'over';

export class Drag implements PointerGrab {
  readonly #options: DragOptions;
  #state: State = 'dragging';
  #target: Surface | undefined;
  #devices: DataDevice[] = [];
  /** What the target was offered, once for each of its devices. */
  #offers = new Set<DataOffer>();
  #accepted: string | null = null;
  #targetActions: number = none;
  #preferred: number = none;
  #action: number = none;

  constructor(options: DragOptions) {
    this.#options = options;
    const { source, icon, held } = options;
    source?.startDrag();
    source?.onGone(() => this.#sourceGone());
    icon?.onGone(() => options.windows.setOverlay(undefined));
    held.grab(this);
  }

  // ---- PointerGrab

  motion(view: View | undefined, x: number, y: number, time: number): void {
    const { icon, windows } = this.#options;
    if (icon?.surface.alive) {
      const output = this.#options.outputAt(x);
      const { scale } = output;
      const left = (x - output.x) / scale + icon.x;
      windows.setOverlay({ surface: icon.surface, output, x: left, y: y / scale + icon.y });
    }
    if (view?.surface !== this.#target) this.#enter(view, x, y);
    else if (view) {
      const localX = view.localX(x);
      const localY = view.localY(y);
      for (const device of this.#devices) device.resource.sendMotion(time, localX, localY);
    }
  }

  released(): void {
    const { source, held } = this.#options;
    const drops =
      this.#target !== undefined && (!source || (this.#accepted !== null && this.#action !== none));
    if (drops) {
      for (const device of this.#devices) device.resource.sendDrop();
      source?.resource.sendDndDropPerformed();
      this.#state = source ? 'dropped' : 'over';
      this.#target = undefined;
      this.#devices = [];
    } else {
      this.#cancel();
    }
    this.#hideIcon();
    held.endGrab();
  }

  cancelled(): void {
    this.#cancel();
    this.#hideIcon();
  }

  // ---- what the target says

  accept(offer: DataOffer, mimeType: string | null): void {
    const { source } = this.#options;
    if (this.#state === 'over' || !this.#offers.has(offer)) return;
    this.#accepted = mimeType !== null && source?.mimeTypes.has(mimeType) ? mimeType : null;
    if (this.#state === 'dragging') source?.resource.sendTarget(this.#accepted);
  }

  setActions(offer: DataOffer, actions: number, preferred: number): void {
    if (this.#state === 'over' || !this.#offers.has(offer)) return;
    // After the drop there is only the answer to "ask" left to give.
    if (this.#state === 'dropped' && this.#action !== ask) return;
    this.#targetActions = actions;
    this.#preferred = preferred;
    this.#chooseAction();
  }

  /** Says what is wrong with it, if something is. */
  finish(offer: DataOffer): string | undefined {
    if (this.#state !== 'dropped' || !this.#offers.has(offer)) return 'nothing was dropped there';
    if (this.#accepted === null) return 'what was dropped was not accepted';
    if (this.#action === none || this.#action === ask) return 'no action was chosen';
    this.#state = 'over';
    this.#options.source?.resource.sendDndFinished();
    return undefined;
  }

  offerDestroyed(offer: DataOffer): void {
    if (!this.#offers.delete(offer) || this.#state !== 'dropped' || this.#offers.size > 0) return;
    this.#state = 'over';
    // Before version 3 there is no finish: letting go of the offer is all that a client can say.
    if (offer.resource.version < 3) this.#options.source?.resource.sendDndFinished();
    else this.#sourceCancelled();
  }

  // ----

  #enter(view: View | undefined, x: number, y: number): void {
    this.#leave();
    if (!view) return;
    const { source, client, devicesOf } = this.#options;
    const { surface } = view;
    if (!source && surface.state.client !== client) return;
    this.#target = surface;
    this.#devices = [...devicesOf(surface.state.client)];
    const serial = surface.state.client.display.nextSerial();
    for (const device of this.#devices) {
      const offer = source && device.offer(source, this);
      if (offer) {
        this.#offers.add(offer);
        offer.resource.sendSourceActions(source.actions);
        if (offer.resource.version < 3) this.#targetActions = copy;
      }
      device.resource.sendEnter(
        serial,
        surface.resource,
        view.localX(x),
        view.localY(y),
        offer?.resource ?? null,
      );
    }
    this.#chooseAction();
  }

  #leave(): void {
    if (!this.#target) return;
    for (const device of this.#devices) device.resource.sendLeave();
    for (const offer of this.#offers) offer.revoke();
    this.#target = undefined;
    this.#devices = [];
    this.#offers = new Set();
    this.#targetActions = none;
    this.#preferred = none;
    if (this.#accepted !== null) this.#options.source?.resource.sendTarget(null);
    this.#accepted = null;
    this.#chooseAction();
  }

  #chooseAction(): void {
    const { source } = this.#options;
    if (!source) return;
    const possible = source.actions & this.#targetActions;
    let action: number = none;
    if ((possible & this.#preferred) !== 0) action = this.#preferred;
    else action = [copy, move, ask].find((each) => (possible & each) !== 0) ?? none;
    if (action === this.#action) return;
    this.#action = action;
    source.resource.sendAction(action);
    for (const offer of this.#offers) offer.resource.sendAction(action);
  }

  #cancel(): void {
    if (this.#state !== 'dragging') return;
    this.#state = 'over';
    this.#leave();
    this.#sourceCancelled();
  }

  /** Before version 3 `cancelled` said only that a selection was replaced. */
  #sourceCancelled(): void {
    const { source } = this.#options;
    if (source && source.resource.version >= 3) source.cancelled();
  }

  #sourceGone(): void {
    if (this.#state === 'dragging') {
      this.#state = 'over';
      this.#leave();
      this.#hideIcon();
      this.#options.held.endGrab();
    }
    this.#state = 'over';
  }

  #hideIcon(): void {
    if (this.#options.icon) this.#options.windows.setOverlay(undefined);
  }
}
