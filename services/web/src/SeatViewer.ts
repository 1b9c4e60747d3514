import type { Floor } from './Floor.js';
import type { Visitor } from './HttpServer.js';
import type { Picture } from './Picture.js';
import type { SeatInput } from './SeatInput.js';
import type { SeatKeymap } from './SeatKeymap.js';
import type { PageMessage, ServerMessage } from './wire/Control.js';

/** Somebody who looks at the seat: a page, or a VNC client. */
export interface SeatViewer {
  readonly id: number;
  readonly visitor: Visitor;
  readonly address: string;
  /** The same for all windows of one person; '' when it is alone. */
  readonly party: string;
  /** It may type, point and switch, unless another has the floor. */
  readonly drives: boolean;
  /** Frames under way to it. */
  readonly unacknowledged: number;
  /** The keyboard's lights are others. */
  showLights?(): void;
  tell(message: ServerMessage): void;
  /** Takes an Opus packet of the seat's sound, if it can. */
  hear?(message: Uint8Array): void;
  /** Lets go of it, and says why. */
  end(reason: string): void;
}

/** What a viewer needs of the seat that it looks at. */
export interface SeatViewerHost {
  readonly picture: Picture;
  readonly input: SeatInput;
  readonly keymap: SeatKeymap;
  readonly floor: Floor<SeatViewer>;
  /** The pointer's image as a message to pages. */
  readonly cursor: Uint8Array;
  /** Which of the keyboard's lights shine, as bits 1 << LED_NUML and so on. */
  readonly lights: number;
  /** It has said hello and can be told things. */
  joined(viewer: SeatViewer): void;
  left(viewer: SeatViewer, reason: string): void;
  /** The viewer began or ceased to watch, or was sent a frame on its own account. */
  settled(): void;
  /** The viewer's keyboard or pointer did something. */
  touched(viewer: SeatViewer): void;
  request(viewer: SeatViewer, message: PageMessage): void;
}
