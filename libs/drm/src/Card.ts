import { constants } from 'node:fs';
import { Fd, Poll } from '@switchyard/sys';
import { DrmCard, type DrmVersion } from '@switchyard/uapi/calls';
import { DRM_CLIENT_CAP } from '@switchyard/uapi/tables';
import { AtomicCommit } from './AtomicCommit.js';
import { Blob } from './Blob.js';
import { type Capabilities, readCapabilities } from './Capabilities.js';
import { type CardEventHandlers, EventReader } from './CardEvents.js';
import { DumbBuffer } from './DumbBuffer.js';
import { Handles } from './Handles.js';
import { ImportedBuffer, type PixelLayout } from './ImportedBuffer.js';
import { Lease } from './Lease.js';
import { Properties } from './Properties.js';
import { renderNodeOf } from './RenderNode.js';
import { Resources } from './Resources.js';

/** What a client must say it understands before the kernel shows it: all planes, and changes by properties. */
export type ClientCapability = 'universal-planes' | 'atomic';

/**
 * A graphics card's open file: /dev/dri/card*, a lease of one, or a render node. It owns its Fd; what it made (buffers,
 * framebuffers, blobs) ends with the file at the latest, but mappings keep the file alive.
 *
 * Errors are SystemErrors with the ioctl and the card: `EACCES: ioctl(DRM_IOCTL_SET_MASTER) /dev/dri/card0: …`.
 */
export class Card implements Disposable {
  readonly fd: Fd;
  /** The calls one by one, for what the nouns do not offer. */
  readonly calls: DrmCard;
  /** Who of this file's buffers still uses which handle. */
  readonly handles: Handles;
  readonly #properties = new Map<number, ReturnType<DrmCard['modes']['property']>>();
  #version: DrmVersion | undefined;
  #capabilities: Capabilities | undefined;

  /** Takes the Fd over. To read events it must be O_NONBLOCK. */
  constructor(fd: Fd) {
    this.fd = fd;
    this.calls = new DrmCard(fd);
    this.handles = new Handles((handle) => this.calls.closeHandle(handle));
  }

  /** Whoever opens a card that has no master becomes its master. */
  static open(path: string): Card {
    return new Card(Fd.open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY));
  }

  get driver(): DrmVersion {
    this.#version ??= this.calls.version();
    return this.#version;
  }

  get capabilities(): Capabilities {
    this.#capabilities ??= readCapabilities(this.calls);
    return this.#capabilities;
  }

  /** 'atomic' brings 'universal-planes' along. EOPNOTSUPP: the driver cannot. */
  enable(capability: ClientCapability): void {
    const number = capability === 'atomic' ? DRM_CLIENT_CAP.ATOMIC : DRM_CLIENT_CAP.UNIVERSAL_PLANES;
    this.calls.setClientCapability(number);
  }

  // The master: the one open file that may change what is shown.

  /** True for a lessee while its owner is master. */
  get isMaster(): boolean {
    return this.calls.isMaster();
  }

  /** EBUSY: another file is. EACCES: neither CAP_SYS_ADMIN, nor was it master before and opened by this process. */
  setMaster(): void {
    this.calls.setMaster();
  }

  /** All leases from this file pause until it is master again. EINVAL: it is not master. */
  dropMaster(): void {
    this.calls.dropMaster();
  }

  // What there is.

  /** `probe` asks the monitors themselves: slow, and for the master only (others get what is known). */
  resources(options: { probe?: boolean } = {}): Resources {
    return Resources.read(this, options);
  }

  /** `object` is any object's id. */
  properties(object: number, type: number): Properties {
    return Properties.read(this, object, type);
  }

  /** A property's name, kind and bounds never change: they are asked for once. */
  property(id: number): ReturnType<DrmCard['modes']['property']> {
    let property = this.#properties.get(id);
    if (!property) {
      property = this.calls.modes.property(id);
      this.#properties.set(id, property);
    }
    return property;
  }

  // What can be made. The caller disposes of it.

  /** Memory that the processor draws into and that can be shown, zeroed: black. */
  createDumbBuffer(width: number, height: number): DumbBuffer {
    return DumbBuffer.create(this, width, height);
  }

  /** Another device's buffer. The dma-buf stays the caller's. ENODEV, ENOSYS: this driver takes none of that device's. */
  importBuffer(dmaBuf: Fd, layout: PixelLayout): ImportedBuffer {
    return ImportedBuffer.import(this, dmaBuf, layout);
  }

  createBlob(bytes: Uint8Array): Blob {
    return Blob.create(this, bytes);
  }

  atomic(): AtomicCommit {
    return new AtomicCommit(this);
  }

  // Leases.

  /**
   * Objects' ids: CRTCs and connectors; each CRTC's primary and cursor planes come along by themselves unless this file has
   * enabled 'universal-planes'. EBUSY: one is leased already. EINVAL: this is itself a lessee. EACCES: not master.
   */
  lease(objects: readonly number[]): Lease {
    return Lease.create(this, objects);
  }

  /** The numbers of the leases that have been made from this file and are not over. */
  lessees(): number[] {
    return this.calls.leases.lessees();
  }

  /** Of a lessee: the objects that it has; none when it was revoked. Of an owner: everything. */
  leasedObjects(): number[] {
    return this.calls.leases.objects();
  }

  // Events.

  /** Calls the handlers for every event that comes, until the Poll (or the card) is closed. */
  watch(handlers: CardEventHandlers): Poll {
    const reader = new EventReader(this.fd);
    return Poll.watch(this.fd, 'readable', () => reader.read(handlers));
  }

  /** Where programs without any right to show something draw; undefined when the driver has no such node. */
  get renderNode(): string | undefined {
    return renderNodeOf(this.fd);
  }

  close(): void {
    this.fd.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
