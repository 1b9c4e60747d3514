import type { XEvent } from 'x11';
import { Look } from './Look.js';
import { SelectionReader } from './SelectionReader.js';
import { portion, Sending } from './Sending.js';
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
/** Transfers one way at the same time; more are refused: each may hold a file descriptor, and a value. */
export const transferLimit = 32;
/** Types of one owner that are passed on. */
const typeLimit = 64;

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
  readonly #reader: SelectionReader;
  /** At who owns it, and what that has. */
  readonly #look = new Look(() => this.#copied());
  /** What X clients may paste, while we own the selection. */
  #offered: Content | undefined;
  #isOwned = false;
  /** Answers on their way. */
  #answering = 0;
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
    this.#reader = new SelectionReader(client, {
      window: this.#window,
      selection: this.#selection,
      property: this.#property,
      incr: this.#incr,
    });
    client.onEvent((event) => this.#event(event));
    client.watchSelection(this.#window, this.#selection);
  }

  static async watch(client: XClient, name: string, on: XSelectionEvents): Promise<XSelection> {
    const names = ['TARGETS', 'TIMESTAMP', 'INCR', '_SWITCHYARD_SELECTION'];
    const atoms: Record<string, number> = { selection: await client.atom(name) };
    for (const each of names) atoms[each] = await client.atom(each);
    const selection = new XSelection(client, on, atoms);
    if ((await client.ask<number>('GetSelectionOwner', selection.#selection)) !== none) {
      selection.#isOwned = true;
      selection.#look.ask();
    }
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
      if (event['requestor'] === this.#window && event['selection'] === this.#selection)
        this.#reader.notified(event);
    } else if (event.name === 'SelectionRequest') {
      if (event['owner'] === this.#window && event['selection'] === this.#selection) void this.#answer(event);
    } else if (event.name === 'PropertyNotify') this.#propertyChanged(event);
  }

  #ownerChanged(event: XEvent): void {
    this.#reader.ownedSince(Number(event['timestamp']));
    const owner = Number(event['owner']);
    this.#isOwned = owner !== none && owner !== this.#window;
    if (owner === this.#window) return;
    this.#offered = undefined;
    this.#look.ask();
  }

  // ---- what X clients copied

  async #copied(): Promise<void> {
    if (!this.#isOwned) {
      // Since it was asked we may have become the owner ourselves.
      if (!this.#offered) this.#on.copied(undefined);
      return;
    }
    const { owner } = this.#reader;
    const answer = await this.#reader.read(owner, this.#targets, typeLimit * 4);
    if (!answer) return;
    const atoms = Array.from({ length: Math.min(answer.length >> 2, typeLimit) }, (_, i) =>
      answer.readUInt32LE(i * 4),
    );
    const names = await Promise.all(atoms.map((atom) => this.#client.atomName(atom).catch(() => '')));
    const text = textTargets.find((target) => names.includes(target));
    const types = names.filter((name) => name.includes('/') && !name.startsWith('text/plain'));
    if (text) types.unshift(utf8, 'text/plain');
    if (types.length === 0 || !this.#isOwned || this.#reader.owner !== owner) return;
    this.#on.copied({
      types,
      read: async (type) => {
        const target = type.startsWith('text/plain') ? text : type;
        if (!target) return undefined;
        const bytes = await this.#reader
          .read(owner, await this.#client.atom(target), contentLimit)
          .catch(() => undefined);
        return bytes && target === 'STRING' ? Buffer.from(bytes.toString('latin1')) : bytes;
      },
    });
  }

  #propertyChanged(event: XEvent): void {
    const isNew = event['state'] === 0;
    if (isNew && event['wid'] === this.#window && event['atom'] === this.#property) this.#reader.changed();
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
    let done = false;
    if (this.#answering < transferLimit) {
      this.#answering++;
      done = await this.#fill(window, property, target).catch(() => false);
      this.#answering--;
    }
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
      time.writeUInt32LE(this.#reader.owner);
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
