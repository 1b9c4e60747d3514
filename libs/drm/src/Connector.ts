import type { DrmConnector } from '@switchyard/uapi/calls';
import { DRM_MODE_CONNECTION, DRM_MODE_CONNECTOR, DRM_MODE_OBJECT } from '@switchyard/uapi/tables';
import type { Card } from './Card.js';
import { type Edid, parseEdid } from './Edid.js';
import { Mode } from './Mode.js';
import type { Properties } from './Properties.js';

/** As in /sys/class/drm/card0-HDMI-A-1: what connectors are called everywhere. */
const typeNames: Readonly<Record<number, string>> = {
  [DRM_MODE_CONNECTOR.VGA]: 'VGA',
  [DRM_MODE_CONNECTOR.DVII]: 'DVI-I',
  [DRM_MODE_CONNECTOR.DVID]: 'DVI-D',
  [DRM_MODE_CONNECTOR.DVIA]: 'DVI-A',
  [DRM_MODE_CONNECTOR.Composite]: 'Composite',
  [DRM_MODE_CONNECTOR.SVIDEO]: 'SVIDEO',
  [DRM_MODE_CONNECTOR.LVDS]: 'LVDS',
  [DRM_MODE_CONNECTOR.Component]: 'Component',
  [DRM_MODE_CONNECTOR['9PinDIN']]: 'DIN',
  [DRM_MODE_CONNECTOR.DisplayPort]: 'DP',
  [DRM_MODE_CONNECTOR.HDMIA]: 'HDMI-A',
  [DRM_MODE_CONNECTOR.HDMIB]: 'HDMI-B',
  [DRM_MODE_CONNECTOR.TV]: 'TV',
  [DRM_MODE_CONNECTOR.eDP]: 'eDP',
  [DRM_MODE_CONNECTOR.VIRTUAL]: 'Virtual',
  [DRM_MODE_CONNECTOR.DSI]: 'DSI',
  [DRM_MODE_CONNECTOR.DPI]: 'DPI',
  [DRM_MODE_CONNECTOR.WRITEBACK]: 'Writeback',
  [DRM_MODE_CONNECTOR.SPI]: 'SPI',
  [DRM_MODE_CONNECTOR.USB]: 'USB',
};

export type Connection = 'connected' | 'disconnected' | 'unknown';

/** Where a monitor is plugged in, as it was when it was read. */
export class Connector {
  readonly card: Card;
  readonly id: number;
  /** "HDMI-A-1" */
  readonly name: string;
  readonly connection: Connection;
  /** Best first, as the kernel sorts them; none without a monitor. */
  readonly modes: readonly Mode[];
  /** mm; 0: not known. */
  readonly physicalSize: { readonly width: number; readonly height: number };
  /** Encoders that can drive it, by id; and the one that does, 0 = none. */
  readonly encoders: readonly number[];
  readonly encoder: number;
  readonly #properties: ReadonlyMap<number, bigint>;
  #read: Properties | undefined;
  #edid: Edid | undefined | 'unread' = 'unread';

  private constructor(card: Card, values: DrmConnector) {
    this.card = card;
    this.id = values.id;
    this.name = `${typeNames[values.type] ?? 'Unknown'}-${values.typeId}`;
    this.connection = connectionOf(values.connection);
    this.modes = values.modes.map((timings) => new Mode(timings));
    this.physicalSize = { width: values.width, height: values.height };
    this.encoders = values.encoders;
    this.encoder = values.encoder;
    this.#properties = values.properties;
  }

  /** ENOENT: there is none of that id for this file, not on a lease either. `probe`: see Card.resources. */
  static read(card: Card, id: number, options: { probe?: boolean } = {}): Connector {
    return new Connector(card, card.calls.modes.connector(id, options));
  }

  /** What `probe` or a hot-plug has changed is in a new object. */
  refresh(options: { probe?: boolean } = {}): Connector {
    return Connector.read(this.card, this.id, options);
  }

  get preferredMode(): Mode | undefined {
    return this.modes.find((mode) => mode.preferred) ?? this.modes[0];
  }

  get properties(): Properties {
    this.#read ??= this.card.properties(this.id, DRM_MODE_OBJECT.CONNECTOR);
    return this.#read;
  }

  /** What the monitor says of itself; undefined when it says nothing that can be read. */
  get edid(): Edid | undefined {
    if (this.#edid === 'unread') {
      const blob = this.#properties.size > 0 ? this.properties.blob('EDID') : undefined;
      this.#edid = blob && parseEdid(blob);
    }
    return this.#edid;
  }
}

function connectionOf(number: number): Connection {
  if (number === DRM_MODE_CONNECTION.CONNECTED) return 'connected';
  return number === DRM_MODE_CONNECTION.DISCONNECTED ? 'disconnected' : 'unknown';
}
