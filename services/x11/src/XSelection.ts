import type { XEvent } from 'x11';
import { none, predefined, type XClient } from './XClient.js';

/** What one program copied, in one of its types. */
export interface Content {
  /** MIME types, the best first. */
  readonly types: readonly string[];
  /** Undefined when it does not come. */
  read(type: string): Promise<Uint8Array | undefined>;
}

/** A picture of a large screen; who holds more than that does not get it across. */
export const contentLimit = 64 << 20;
/** A peer that does nothing for this long is given up (ms). */
const patience = 3000;
/** All portions of one value have so long (ms): who sends them one by one holds up who reads the next. */
const longest = 30_000;
/** Longer values go in portions of this size (ICCCM 2.7.2: INCR). */
const portion = 64 << 10;
/** Types of one owner that are passed on. */
const typeLimit = 64;
/** Transfers to X clients at the same time; more are refused. */
const transferLimit = 32;

const utf8 = 'text/plain;charset=utf-8';
/** What X clients call text, the best first; each with how its bytes become UTF-8. */
const textTargets = ['UTF8_STRING', utf8, 'text/plain', 'STRING', 'TEXT'] as const;

export interface XSelectionEvents {
  /** An X client copied something; undefined: nobody has anything any more. */
  copied(content: Content | undefined): void;
}

/**
 * One selection of an X server (ICCCM 2), seen from a window of ours: what X clients copy can be read, and what is
 * offered here can be pasted there.
 */
export class XSelection {
  readonly #client: XClient;
  readonly #on: XSelectionEvents;
  readonly #window: number;
  readonly #selection: number;
  readonly #targets: number;
  readonly #timestamp: number;
  readonly #incr: number;
  readonly #property: number;
  /** What X clients may paste, while we own the selection. */
  #offered: Content | undefined;
  #time = 0;
  /** Reads go one after the other: all use one property. */
  #reading: Promise<unknown> = Promise.resolve();
  #awaited: ((property: number) => void) | undefined;
  #portionArrived: (() => void) | undefined;
  /** Values on their way in portions, by the property that the reader empties. */
  readonly #sending = new Set<Sending>();

  private constructor(client: XClient, on: XSelectionEvents, atoms: Readonly<Record<string, number>>) {
    this.#client = client;
    this.#on = on;
    this.#selection = atoms['selection']!;
    this.#targets = atoms['TARGETS']!;
    this.#timestamp = atoms['TIMESTAMP']!;
    this.#incr = atoms['INCR']!;
    this.#property = atoms['_SWITCHYARD_SELECTION']!;
    this.#window = client.createHiddenWindow();
    client.onEvent((event) => this.#event(event));
    client.watchSelection(this.#window, this.#selection);
  }

  static async watch(client: XClient, name: string, on: XSelectionEvents): Promise<XSelection> {
    const names = ['TARGETS', 'TIMESTAMP', 'INCR', '_SWITCHYARD_SELECTION'];
    const atoms: Record<string, number> = { selection: await client.atom(name) };
    for (const each of names) atoms[each] = await client.atom(each);
    const selection = new XSelection(client, on, atoms);
    if ((await client.ask<number>('GetSelectionOwner', selection.#selection)) !== none)
      await selection.#copied();
    return selection;
  }

  /** Offers it to X clients; undefined: nothing. */
  offer(content: Content | undefined): void {
    const had = this.#offered !== undefined;
    this.#offered = content;
    if (content || had)
      this.#client.send('SetSelectionOwner', content ? this.#window : none, this.#selection, 0);
  }

  #event(event: XEvent): void {
    if (event.name === 'SelectionNotify' && 'subtype' in event) {
      if (event['selection'] === this.#selection) this.#ownerChanged(event);
    } else if (event.name === 'SelectionNotify') {
      if (event['requestor'] === this.#window) this.#awaited?.(Number(event['property']));
    } else if (event.name === 'SelectionRequest') {
      if (event['owner'] === this.#window && event['selection'] === this.#selection) void this.#answer(event);
    } else if (event.name === 'PropertyNotify') this.#propertyChanged(event);
  }

  #ownerChanged(event: XEvent): void {
    this.#time = Number(event['timestamp']);
    const owner = Number(event['owner']);
    if (owner === this.#window) return;
    this.#offered = undefined;
    this.#portionArrived?.();
    if (owner === none) this.#on.copied(undefined);
    else void this.#copied();
  }

  // ---- what X clients copied

  async #copied(): Promise<void> {
    const answer = await this.#convert(this.#targets, typeLimit * 4).catch(() => undefined);
    if (!answer) return;
    const atoms = Array.from({ length: Math.min(answer.length >> 2, typeLimit) }, (_, i) =>
      answer.readUInt32LE(i * 4),
    );
    const names = await Promise.all(atoms.map((atom) => this.#client.atomName(atom).catch(() => '')));
    const text = textTargets.find((target) => names.includes(target));
    const types = names.filter((name) => name.includes('/') && !name.startsWith('text/plain'));
    if (text) types.unshift(utf8, 'text/plain');
    if (types.length === 0 || this.#offered) return;
    this.#on.copied({
      types,
      read: async (type) => {
        const target = type.startsWith('text/plain') ? text : type;
        if (!target) return undefined;
        const bytes = await this.#convert(await this.#client.atom(target), contentLimit).catch(
          () => undefined,
        );
        return bytes && target === 'STRING' ? Buffer.from(bytes.toString('latin1')) : bytes;
      },
    });
  }

  #convert(target: number, limit: number): Promise<Buffer | undefined> {
    const turn = this.#reading.then(() => this.#convertNow(target, limit));
    this.#reading = turn.catch(() => {});
    return turn;
  }

  async #convertNow(target: number, limit: number): Promise<Buffer | undefined> {
    const notified = within<number>((done) => {
      this.#awaited = done;
    });
    this.#client.send('ConvertSelection', this.#window, this.#selection, target, this.#property, this.#time);
    const property = await notified;
    this.#awaited = undefined;
    if (property !== this.#property) return undefined;
    const value = await this.#client.property(this.#window, property, { limit, take: true });
    if (!value || value.truncated) return undefined;
    return value.type === this.#incr ? this.#portions(limit) : value.bytes;
  }

  /** Each portion comes when the one before it has been removed; an empty one ends it. */
  async #portions(limit: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let length = 0;
    const [owner, start] = [this.#time, performance.now()];
    while (this.#time === owner && performance.now() - start < longest) {
      const arrived = within<true>((done) => {
        this.#portionArrived = () => done(true);
      });
      if (!(await arrived)) return undefined;
      const value = await this.#client.property(this.#window, this.#property, { limit, take: true });
      // It was the notice of the value before this one.
      if (!value) continue;
      if (value.bytes.length === 0) return Buffer.concat(parts);
      length += value.bytes.length;
      if (length > limit) return undefined;
      parts.push(value.bytes);
    }
    // Somebody else copied something meanwhile, or it took too long.
    return undefined;
  }

  #propertyChanged(event: XEvent): void {
    const isNew = event['state'] === 0;
    if (isNew && event['wid'] === this.#window && event['atom'] === this.#property) this.#portionArrived?.();
    if (isNew) return;
    for (const sending of this.#sending) {
      if (sending.window === event['wid'] && sending.property === event['atom']) sending.taken();
    }
  }

  // ---- what X clients paste

  async #answer(event: XEvent): Promise<void> {
    const [window, target] = [Number(event['requestor']), Number(event['target'])];
    // ICCCM 2.2: clients of the old kind name no property.
    const property = Number(event['property']) || target;
    const done = await this.#fill(window, property, target).catch(() => false);
    const { time, requestor, selection } = event;
    const answer = {
      name: 'SelectionNotify',
      time,
      requestor,
      selection,
      target,
      property: done ? property : none,
    };
    this.#client.send('SendEvent', window, 0, 0, answer);
  }

  async #fill(window: number, property: number, target: number): Promise<boolean> {
    const content = this.#offered;
    if (!content) return false;
    if (target === this.#targets) {
      const names = ['TARGETS', 'TIMESTAMP', ...targetsOf(content.types)];
      const atoms = await Promise.all(names.map((name) => this.#client.atom(name)));
      const bytes = Buffer.alloc(atoms.length * 4);
      atoms.forEach((atom, i) => void bytes.writeUInt32LE(atom, i * 4));
      this.#client.setProperty(window, property, predefined.ATOM, 32, bytes);
      return true;
    }
    if (target === this.#timestamp) {
      const time = Buffer.alloc(4);
      time.writeUInt32LE(this.#time);
      this.#client.setProperty(window, property, predefined.INTEGER, 32, time);
      return true;
    }
    const name = await this.#client.atomName(target);
    const type = typeOf(name, content.types);
    if (type === undefined || this.#sending.size >= transferLimit) return false;
    let bytes = await content.read(type);
    if (!bytes) return false;
    if (name === 'STRING') bytes = Buffer.from(Buffer.from(bytes).toString('utf8'), 'latin1');
    if (bytes.length <= portion) this.#client.setProperty(window, property, target, 8, Buffer.from(bytes));
    else this.#sendPortions(window, property, target, bytes);
    return true;
  }

  #sendPortions(window: number, property: number, target: number, bytes: Uint8Array): void {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    this.#client.select(window, 'PropertyChange');
    const sending = new Sending(window, property, bytes, {
      put: (part) => this.#client.setProperty(window, property, target, 8, part),
      over: () => this.#sending.delete(sending),
    });
    this.#sending.add(sending);
    this.#client.setProperty(window, property, this.#incr, 32, length);
  }
}

/** A long value on its way to one reader, who removes each portion that he has. */
class Sending {
  readonly window: number;
  readonly property: number;
  readonly #bytes: Uint8Array;
  readonly #to: { put(part: Buffer): void; over(): void };
  #sent = 0;
  #ended = false;
  #timer: NodeJS.Timeout;

  constructor(
    window: number,
    property: number,
    bytes: Uint8Array,
    to: { put(part: Buffer): void; over(): void },
  ) {
    this.window = window;
    this.property = property;
    this.#bytes = bytes;
    this.#to = to;
    this.#timer = setTimeout(to.over, patience);
  }

  taken(): void {
    clearTimeout(this.#timer);
    if (this.#ended) {
      this.#to.over();
      return;
    }
    const part = Buffer.from(this.#bytes.subarray(this.#sent, this.#sent + portion));
    this.#sent += part.length;
    this.#ended = part.length === 0;
    this.#to.put(part);
    this.#timer = setTimeout(this.#to.over, patience);
  }
}

function targetsOf(types: readonly string[]): string[] {
  const text = types.some(isText) ? textTargets : [];
  return [...new Set([...text, ...types.filter((type) => type.includes('/'))])];
}

/** The MIME type in which a target is asked for. */
function typeOf(target: string, types: readonly string[]): string | undefined {
  if (types.includes(target)) return target;
  if (!(textTargets as readonly string[]).includes(target)) return undefined;
  return [utf8, 'UTF8_STRING', 'text/plain', 'STRING', 'TEXT'].find((type) => types.includes(type));
}

function isText(type: string): boolean {
  return (textTargets as readonly string[]).includes(type);
}

/** Undefined when it has not come in time. */
function within<T>(start: (done: (value: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    start((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
