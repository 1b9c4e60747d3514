import { Region } from '@switchyard/pixels';
import type { WlCallbackResource } from '@switchyard/wayland';
import type { FractionalRectangle, Size } from '../geometry/BufferMapping.js';
import type { Transform } from '../geometry/Transform.js';
import type { Output } from '../output/Output.js';
import type { ClientBuffer } from './ClientBuffer.js';

/** Told what became of one commit's content: the other half of wp_presentation. */
export interface FrameListener {
  /** It was on that output's screen since `time` (CLOCK_MONOTONIC ns). */
  presented(output: Output, time: bigint, sequence: number): void;
  /** It never was and will not be. */
  discarded(): void;
}

/**
 * What a commit changes. A field that is undefined was not set since the last commit and changes nothing; one state
 * merges into another as if their requests had come one after the other.
 */
export class SurfaceState {
  /** null removes the content. Held. */
  buffer: ClientBuffer | null | undefined;
  offsetX = 0;
  offsetY = 0;
  /** In surface units; turned into buffer pixels when it is applied, since scale and transform may still change. */
  readonly damage = new Region();
  readonly bufferDamage = new Region();
  opaque: Region | undefined;
  /** null is infinite. */
  input: Region | null | undefined;
  scale: number | undefined;
  transform: Transform | undefined;
  /** wp_viewport; null unsets. */
  source: FractionalRectangle | null | undefined;
  destination: Size | null | undefined;
  readonly frames: WlCallbackResource[] = [];
  readonly listeners: FrameListener[] = [];
  /** There was a commit, though perhaps of nothing. */
  committed = false;

  attach(buffer: ClientBuffer | null): void {
    this.buffer?.drop();
    this.buffer = buffer?.hold() ?? null;
  }

  /** Moves everything from `later` to here and leaves it empty. */
  merge(later: SurfaceState): void {
    if (later.buffer !== undefined) {
      // Content that is replaced before anybody saw it.
      this.buffer?.release();
      this.buffer?.drop();
      this.buffer = later.buffer;
      for (const listener of this.listeners.splice(0)) listener.discarded();
    }
    this.offsetX += later.offsetX;
    this.offsetY += later.offsetY;
    this.damage.addRegion(later.damage);
    this.bufferDamage.addRegion(later.bufferDamage);
    if (later.opaque !== undefined) this.opaque = later.opaque;
    if (later.input !== undefined) this.input = later.input;
    if (later.scale !== undefined) this.scale = later.scale;
    if (later.transform !== undefined) this.transform = later.transform;
    if (later.source !== undefined) this.source = later.source;
    if (later.destination !== undefined) this.destination = later.destination;
    this.frames.push(...later.frames);
    this.listeners.push(...later.listeners);
    this.committed = true;
    later.buffer = undefined;
    later.frames.length = 0;
    later.listeners.length = 0;
    later.clear();
  }

  /** Forgets everything; frame callbacks and listeners have been taken or are ended here. */
  clear(): void {
    this.buffer?.drop();
    this.buffer = undefined;
    this.offsetX = 0;
    this.offsetY = 0;
    this.damage.clear();
    this.bufferDamage.clear();
    this.opaque = undefined;
    this.input = undefined;
    this.scale = undefined;
    this.transform = undefined;
    this.source = undefined;
    this.destination = undefined;
    for (const frame of this.frames.splice(0)) frame.destroy();
    for (const listener of this.listeners.splice(0)) listener.discarded();
    this.committed = false;
  }
}
