import { i420Rectangle } from '@switchyard/pixels';
import type { Area, DirtyTiles } from '../DirtyTiles.js';
import type { Picture } from '../Picture.js';
import { videoRectangle } from '../wire/VideoRectangle.js';
import type { H264Unit } from './FlvReader.js';
import { Motion } from './Motion.js';
import { VideoEncoder } from './VideoEncoder.js';

/** JPEG costs a third of H.264's CPU; a wire that carries this much does not mind (bytes a second, 20 Mbit/s). */
const RATE_MAX = 2_500_000;
/** Nothing moved for this long: the video is over (ms). */
const STILL_MS = 1000;
/** Encoders of one seat; each takes half a core or more. Further viewers get JPEG. */
const ENCODERS_MAX = 2;

/** `auto`: for viewers on other machines when JPEG costs too much of the wire. */
export type VideoWhen = 'auto' | 'always' | 'off';

/** What the viewers of a seat share: when to use video, and how many encoders there are. */
export class VideoPolicy {
  readonly when: VideoWhen;
  readonly #failed: (reason: string) => void;
  #encoders = 0;
  #works = true;

  /** `failed`: the encoder did not work; it is not tried again. */
  constructor(when: VideoWhen, failed: (reason: string) => void) {
    this.when = when;
    this.#failed = failed;
  }

  /** The bytes a second from which a viewer gets video; undefined: never. */
  rateFor(address: string): number | undefined {
    if (this.when === 'off' || !this.#works || this.#encoders >= ENCODERS_MAX) return undefined;
    if (this.when === 'always') return 0;
    return /^(127\.|::1$|::ffff:127\.)/.test(address) ? undefined : RATE_MAX;
  }

  opened(): void {
    this.#encoders++;
  }

  closed(failure?: string): void {
    this.#encoders--;
    if (failure === undefined || !this.#works) return;
    this.#works = false;
    this.#failed(failure);
  }
}

export interface VideoStreamEvents {
  /** A frame message is ready to be sent, in place of the one that was given to `encode`. */
  coded(message: Uint8Array): void;
  /** It ended; what `encode` took last was not sent. */
  lost(area: Area): void;
}

/**
 * The part of the output that one viewer gets as H.264, while it shows a video.
 *
 *   off ──Motion sees one──▶ warming ──first units──▶ streaming ⇄ busy with a frame
 *    ▲                          │                        │
 *    └── failure, 1 s without a frame, another size, nobody looks ──┘
 */
export class VideoStream {
  readonly #policy: VideoPolicy;
  readonly #address: string;
  readonly #on: VideoStreamEvents;
  readonly #motion = new Motion();
  #encoder: VideoEncoder | undefined;
  #area: Area | undefined;
  #planes: Uint8Array = new Uint8Array(0);
  /** Units of the first frame, which was fed to the encoder before its time came: the decoder needs them, nobody sees them. */
  #preface: H264Unit[] | undefined;
  /** The message that the units under way belong to. */
  #message: Uint8Array | undefined;
  #still: NodeJS.Timeout | undefined;
  /** The page can decode it. */
  wanted = false;

  constructor(policy: VideoPolicy, address: string, on: VideoStreamEvents) {
    this.#policy = policy;
    this.#address = address;
    this.#on = on;
  }

  /** A frame is in the encoder: nothing may be sent before it. */
  get busy(): boolean {
    return this.#message !== undefined;
  }

  /** What is to go through `encode`: undefined when it does not stream, or when nothing of it is dirty. */
  areaIn(dirty: DirtyTiles): Area | undefined {
    if (this.#preface === undefined || this.#area === undefined) return undefined;
    return dirty.isDirtyIn(this.#area) ? this.#area : undefined;
  }

  /** A frame of `bytes` went out without video; begins with it when that is worth it. */
  sent(picture: Picture, dirty: DirtyTiles, now: number, bytes: number): void {
    if (!this.wanted || this.#encoder !== undefined) return;
    this.#motion.note(dirty, now, bytes);
    const rate = this.#policy.rateFor(this.#address);
    const area = rate === undefined ? undefined : this.#motion.video(dirty, now, rate);
    if (area === undefined) return;
    this.#policy.opened();
    this.#area = area;
    this.#planes = new Uint8Array((area.width * area.height * 3) / 2);
    this.#encoder = new VideoEncoder(area.width, area.height, {
      units: (units) => this.#coded(units),
      failed: (reason) => this.#end(reason),
    });
    this.#still = setTimeout(() => this.#end(), STILL_MS * 5);
    this.#feed(picture);
  }

  /** `message` is the frame without the area, whose pixels follow as they are in `picture` now. */
  encode(picture: Picture, message: Uint8Array): void {
    this.#message = message;
    this.#feed(picture);
  }

  close(): void {
    this.#end();
  }

  #feed(picture: Picture): void {
    const { x, y, width, height } = this.#area!;
    i420Rectangle(picture.pixels, picture.stride, x, y, width, height, this.#planes);
    this.#encoder!.encode(this.#planes);
  }

  #coded(units: H264Unit[]): void {
    clearTimeout(this.#still);
    this.#still = setTimeout(() => this.#end(), STILL_MS);
    if (this.#preface === undefined) {
      this.#preface = units;
      return;
    }
    const message = videoRectangle(this.#message!, this.#area!, [...this.#preface, ...units]);
    this.#preface = [];
    this.#message = undefined;
    this.#on.coded(message);
  }

  #end(failure?: string): void {
    if (this.#encoder === undefined) return;
    this.#encoder.close();
    clearTimeout(this.#still);
    const [area, wasBusy] = [this.#area!, this.busy];
    this.#encoder = undefined;
    this.#area = undefined;
    this.#preface = undefined;
    this.#message = undefined;
    this.#planes = new Uint8Array(0);
    this.#motion.forget();
    this.#policy.closed(failure);
    if (wasBusy) this.#on.lost(area);
  }
}
