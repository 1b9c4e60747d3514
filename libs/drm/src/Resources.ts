import { assign } from './Assignment.js';
import type { Card } from './Card.js';
import { Connector } from './Connector.js';
import { Crtc } from './Crtc.js';
import { Encoder } from './Encoder.js';
import { Plane } from './Plane.js';

/** What a hot-plug changed; connectors as they are now, or as they were last when they are gone. */
export interface Difference {
  readonly connected: readonly Connector[];
  readonly disconnected: readonly Connector[];
  /** Still connected, with another monitor or other modes. */
  readonly changed: readonly Connector[];
}

/** What a card has, or what a lease lets see of it, as it was when it was read. */
export class Resources {
  readonly card: Card;
  readonly crtcs: readonly Crtc[];
  readonly connectors: readonly Connector[];
  readonly encoders: readonly Encoder[];
  /** Of framebuffers, in pixels. */
  readonly minimum: { readonly width: number; readonly height: number };
  readonly maximum: { readonly width: number; readonly height: number };
  #planes: readonly Plane[] | undefined;

  private constructor(card: Card, probe: boolean) {
    const { crtcs, connectors, encoders, minimum, maximum } = card.calls.modes.resources();
    this.card = card;
    this.encoders = encoders.map((id) => Encoder.read(card, id));
    this.crtcs = crtcs.map((id, index) => new Crtc(card, id, index));
    this.connectors = connectors.map((id) => Connector.read(card, id, { probe }));
    this.minimum = minimum;
    this.maximum = maximum;
  }

  /** EOPNOTSUPP: the card shows nothing (render nodes are EACCES). */
  static read(card: Card, { probe = false }: { probe?: boolean } = {}): Resources {
    return new Resources(card, probe);
  }

  get planes(): readonly Plane[] {
    this.#planes ??= this.card.calls.modes.planes().map((id) => Plane.read(this.card, id));
    return this.#planes;
  }

  /** By its name ("HDMI-A-1") or id. */
  connector(which: string | number): Connector | undefined {
    return this.connectors.find(({ name, id }) => name === which || id === which);
  }

  crtc(id: number): Crtc | undefined {
    return this.crtcs.find((crtc) => crtc.id === id);
  }

  /** The one that shows a picture on the connector now. */
  crtcOf(connector: Connector): Crtc | undefined {
    const encoder = this.encoders.find(({ id }) => id === connector.encoder);
    return encoder && this.crtc(encoder.crtc);
  }

  /** Those that can. */
  crtcsFor(connector: Connector): Crtc[] {
    const possible = this.encoders
      .filter(({ id }) => connector.encoders.includes(id))
      .reduce((bits, encoder) => bits | encoder.possibleCrtcs, 0);
    return this.crtcs.filter(({ index }) => (possible & (1 << index)) !== 0);
  }

  /**
   * A CRTC for each connector, none for two; those of `taken` are for nobody. Each keeps the one that it has where that is
   * possible for all. Undefined: there are too few.
   */
  assignCrtcs(
    connectors: readonly Connector[],
    taken: ReadonlySet<number> = new Set(),
  ): Map<Connector, Crtc> | undefined {
    return assign(connectors, (connector) => {
      const choices = this.crtcsFor(connector).filter(({ id }) => !taken.has(id));
      const current = this.crtcOf(connector);
      return current && choices.includes(current) ? [current, ...choices] : choices;
    });
  }

  /** The planes of a kind that the CRTC can have. Primary and cursor planes are seen by files that enabled 'universal-planes'. */
  planesFor(crtc: Crtc, type: Plane['type']): Plane[] {
    return this.planes.filter((plane) => plane.type === type && plane.canServe(crtc));
  }

  /** Reads everything anew and tells what is otherwise: what to do when a hot-plug has been reported. */
  refresh(options: { probe?: boolean } = {}): { now: Resources; difference: Difference } {
    const now = Resources.read(this.card, options);
    return { now, difference: compare(this.connectors, now.connectors) };
  }
}

function compare(before: readonly Connector[], now: readonly Connector[]): Difference {
  const isOn = ({ connection }: Connector): boolean => connection === 'connected';
  const old = new Map(before.map((connector) => [connector.id, connector]));
  const present = new Set(now.map(({ id }) => id));
  const wasOn = ({ id }: Connector): boolean => {
    const connector = old.get(id);
    return connector !== undefined && isOn(connector);
  };
  return {
    connected: now.filter((connector) => isOn(connector) && !wasOn(connector)),
    disconnected: [
      ...now.filter((connector) => !isOn(connector) && wasOn(connector)),
      // Ports of a dock go with it.
      ...before.filter((connector) => isOn(connector) && !present.has(connector.id)),
    ],
    changed: now.filter(
      (connector) => isOn(connector) && wasOn(connector) && !sameMonitor(old.get(connector.id)!, connector),
    ),
  };
}

function sameMonitor(one: Connector, other: Connector): boolean {
  return (
    one.modes.length === other.modes.length &&
    one.modes.every((mode, at) => mode.equals(other.modes[at]!)) &&
    one.physicalSize.width === other.physicalSize.width &&
    one.physicalSize.height === other.physicalSize.height
  );
}
