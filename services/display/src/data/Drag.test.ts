import { createPipe, write } from '@switchyard/sys';
import {
  WlDataDeviceManagerDndAction,
  WlDataDeviceManagerProxy,
  type WlDataDeviceProxy,
  type WlDataOfferProxy,
  type WlDataSourceProxy,
  type WlSurfaceProxy,
} from '@switchyard/wayland';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DisplaySession } from '../session/DisplaySession.js';
import { Desk, type DeskClient } from '../testing/Desk.js';
import { pipeText } from '../testing/pipeText.js';

const { none, copy, move, ask } = WlDataDeviceManagerDndAction;
const LEFT = 0x110;

/** A program that drags and can be dropped on; what happens to it is noted in its client's events. */
class Program {
  readonly client: DeskClient;
  readonly manager: WlDataDeviceManagerProxy;
  readonly device: WlDataDeviceProxy;
  offer: WlDataOfferProxy | undefined;
  enterSerial = 0;

  constructor(client: DeskClient) {
    this.client = client;
    const note = (text: string): void => void client.events.push(text);
    this.manager = client.globals.bind(WlDataDeviceManagerProxy, 3)!;
    this.device = this.manager.getDataDevice(client.seat, {
      selection() {},
      dataOffer: (_, offer) => {
        offer.implement({
          offer: (_, mimeType) => note(`offer ${mimeType}`),
          sourceActions: (_, actions) => note(`source actions ${actions}`),
          action: (_, action) => note(`action ${action}`),
        });
      },
      enter: (_, serial, __, x, y, offer) => {
        this.enterSerial = serial;
        this.offer = offer ?? undefined;
        note(`drag enters at ${x},${y}${offer ? '' : ' with nothing'}`);
      },
      leave: () => note('drag leaves'),
      motion: (_, __, x, y) => note(`drag moves to ${x},${y}`),
      drop: () => note('drop'),
    });
  }

  source(actions: number, text = 'dragged'): WlDataSourceProxy {
    const note = (text: string): void => void this.client.events.push(text);
    const source = this.manager.createDataSource({
      target: (_, mimeType) => note(`target ${mimeType}`),
      send: (_, __, fd) => {
        write(fd, Buffer.from(text));
        fd.close();
      },
      cancelled: () => note('cancelled'),
      dndDropPerformed: () => note('drop performed'),
      dndFinished: () => note('finished'),
      action: (_, action) => note(`chosen ${action}`),
    });
    source.offer('text/plain');
    source.setActions(actions);
    return source;
  }
}

let desk: Desk;
let session: DisplaySession;
let program: Program;
let window: WlSurfaceProxy;

beforeEach(async () => {
  desk = new Desk();
  session = desk.session();
  desk.activate(session);
  program = new Program(await desk.connect(session));
  window = (await program.client.window()).surface;
  pointer().moveTo(100, 100, 1);
});

afterEach(() => {
  desk[Symbol.dispose]();
});

function pointer() {
  return desk.compositor.seat.pointer;
}

function press(): void {
  pointer().button(LEFT, true, 2);
  pointer().frame();
}

function release(): void {
  pointer().button(LEFT, false, 9);
  pointer().frame();
}

/** Everything that was said on either side has been heard on the other. */
async function settle(...programs: Program[]): Promise<void> {
  for (const { client } of programs) await client.roundtrip();
  for (const { client } of programs) await client.roundtrip();
}

/** A second client's dialog-like window in the middle of the first one's. */
async function otherProgram(): Promise<Program> {
  const other = new Program(await desk.connect(session));
  await other.client.window();
  await settle(program, other);
  program.client.taken();
  other.client.taken();
  return other;
}

async function startDrag(
  source: WlDataSourceProxy | null,
  icon: WlSurfaceProxy | null = null,
): Promise<void> {
  press();
  program.device.startDrag(source, window, icon, desk.compositor.display.serial);
  await settle(program);
}

describe('a drag', () => {
  it('gives its data to whom it is dropped on, with the action that both can do', async () => {
    await startDrag(program.source(copy | move));
    expect(program.client.taken().filter((event) => !/pointer|keyboard|button/.test(event))).toEqual([
      'offer text/plain',
      'source actions 3',
      'drag enters at 100,100',
    ]);
    program.offer!.accept(program.enterSerial, 'text/plain');
    program.offer!.setActions(move | ask, move);
    await settle(program);
    expect(program.client.taken()).toEqual(['target text/plain', 'chosen 2', 'action 2']);
    pointer().moveTo(120, 130, 3);
    release();
    await settle(program);
    expect(program.client.taken().filter((event) => !event.startsWith('pointer'))).toEqual([
      'drag moves to 120,130',
      'drop',
      'drop performed',
    ]);
    const { reading, writing } = createPipe();
    program.offer!.receive('text/plain', writing);
    expect(await pipeText(reading)).toBe('dragged');
    program.offer!.finish();
    program.offer!.destroy();
    await settle(program);
    expect(program.client.taken()).toEqual(['finished']);
    expect(pointer().buttons.size).toBe(0);
  });

  it('goes from one client to another of the session', async () => {
    await startDrag(program.source(copy));
    program.client.taken();
    const other = await otherProgram();
    pointer().moveTo(640, 360, 3);
    await settle(program, other);
    expect(program.client.taken()).toContain('drag leaves');
    expect(other.client.taken()).toContain('drag enters at 640,360');
    other.offer!.accept(other.enterSerial, 'text/plain');
    other.offer!.setActions(copy, copy);
    await settle(other, program);
    release();
    await settle(other, program);
    expect(other.client.taken()).toContain('drop');
    expect(program.client.taken()).toContain('drop performed');
    other.offer!.finish();
    await settle(other, program);
    expect(program.client.taken()).toEqual(['finished']);
  });

  it('is cancelled where nobody accepts it', async () => {
    await startDrag(program.source(copy));
    program.client.taken();
    release();
    await settle(program);
    expect(program.client.taken().filter((event) => !event.startsWith('pointer'))).toEqual([
      'drag leaves',
      'cancelled',
    ]);
  });

  it('is cancelled where no action is possible for both', async () => {
    await startDrag(program.source(move));
    program.offer!.accept(program.enterSerial, 'text/plain');
    program.offer!.setActions(copy, none);
    await settle(program);
    release();
    await settle(program);
    expect(program.client.taken()).toContain('cancelled');
  });

  it('is cancelled when the session is switched', async () => {
    await startDrag(program.source(copy));
    desk.activate(undefined);
    await settle(program);
    expect(program.client.taken()).toContain('cancelled');
  });

  it('ends with its source, and the pointer goes on', async () => {
    const source = program.source(copy);
    await startDrag(source);
    program.client.taken();
    source.destroy();
    await settle(program);
    expect(program.client.taken()).toEqual(['drag leaves', 'pointer enter']);
  });

  it('without a source stays with its client, and is dropped there', async () => {
    await startDrag(null);
    expect(program.client.taken()).toContain('drag enters at 100,100 with nothing');
    release();
    await settle(program);
    expect(program.client.taken()).toContain('drop');
  });

  it('does not start without a button pressed on its surface', async () => {
    program.device.startDrag(program.source(copy), window, null, desk.compositor.display.serial);
    await settle(program);
    expect(program.client.taken()).toContain('cancelled');
    expect(program.client.events).not.toContain('drag enters at 100,100');
  });

  it('follows the finger that began it, of which its client hears nothing more', async () => {
    const { seat, display } = desk.compositor;
    const touched: string[] = [];
    seat.setTouch(true);
    await settle(program);
    let serial = 0;
    program.client.seat.getTouch({
      ...{ motion: () => void touched.push('motion'), frame() {}, shape() {}, orientation() {} },
      down: (_, downSerial) => {
        serial = downSerial;
        touched.push('down');
      },
      up: () => void touched.push('up'),
      cancel: () => void touched.push('cancel'),
    });
    await settle(program);
    seat.touch.down(7, 50, 60, 1);
    seat.touch.frame();
    await settle(program);
    program.device.startDrag(program.source(copy), window, null, serial);
    await settle(program);
    expect(program.client.taken()).toContain('drag enters at 50,60');
    program.offer!.accept(program.enterSerial, 'text/plain');
    program.offer!.setActions(copy, copy);
    await settle(program);
    seat.touch.move(7, 70, 80, 2);
    seat.touch.up(7, 3);
    seat.touch.frame();
    await settle(program);
    const events = program.client.taken();
    expect(events).toContain('drag moves to 70,80');
    expect(events.slice(-2)).toEqual(['drop', 'drop performed']);
    expect(touched).toEqual(['down', 'cancel']);
    // A finger that comes down again is the client's.
    seat.touch.down(7, 50, 60, 4);
    seat.touch.frame();
    await settle(program);
    expect(touched).toEqual(['down', 'cancel', 'down']);
    expect(display.clients.size).toBe(1);
  });

  it('shows its icon at the pointer, and never drops on it', async () => {
    const icon = program.client.surface();
    press();
    program.device.startDrag(program.source(copy), window, icon, desk.compositor.display.serial);
    program.client.attach(icon, 32, 32);
    icon.commit();
    await settle(program);
    pointer().moveTo(200, 210, 3);
    expect(session.windows.at(202, 212)!.surface.resource.id).toBe(window.id);
    const top = session.windows.scene.views[session.windows.scene.count - 1]!;
    expect([top.x, top.y, top.width]).toEqual([200, 210, 32]);
    release();
    session.windows.refresh();
    expect(session.windows.scene.count).toBe(1);
  });
});

describe('mistakes in a drag', () => {
  it('end the client: an icon with another role', async () => {
    press();
    program.device.startDrag(program.source(copy), window, window, 0);
    await expect(program.client.roundtrip()).rejects.toThrow('role');
  });

  it('end the client: unknown actions', async () => {
    program.source(8);
    await expect(program.client.roundtrip()).rejects.toThrow('invalid_action_mask');
  });

  it('end the client: a drag’s source as the clipboard', async () => {
    program.device.setSelection(program.source(copy), 0);
    await expect(program.client.roundtrip()).rejects.toThrow('invalid_source');
  });

  it('end the client: finish before the drop', async () => {
    await startDrag(program.source(copy));
    program.offer!.finish();
    await expect(program.client.roundtrip()).rejects.toThrow('invalid_finish');
  });

  it('end the client: a preferred action that is none of its actions', async () => {
    await startDrag(program.source(copy));
    program.offer!.setActions(copy, move);
    await expect(program.client.roundtrip()).rejects.toThrow('invalid_action');
  });
});
