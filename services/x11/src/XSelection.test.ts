import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { XEvent } from 'x11';
import { XvfbServer } from './testing/XvfbServer.js';
import type { XClient } from './XClient.js';
import { type Content, XSelection } from './XSelection.js';

let server: XvfbServer;
let ours: XClient;
let theirs: XClient;
let copied: (Content | undefined)[];
let selection: XSelection;
beforeAll(async () => {
  server = await XvfbServer.start();
  [ours, theirs] = [await server.connect(), await server.connect()];
  copied = [];
  selection = await XSelection.watch(ours, 'CLIPBOARD', { copied: (content) => copied.push(content) });
});
afterAll(async () => {
  for (const client of [ours, theirs]) client.close();
  await server[Symbol.asyncDispose]();
});

const become = async (window: number) =>
  theirs.send('SetSelectionOwner', window, await theirs.atom('CLIPBOARD'), 0);
/** All that was sent before has been done. */
const done = (client: XClient) => client.ask('GetInputFocus');
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Answers what is asked of its window; `give` puts a value where it is wanted, and is false when there is none. */
function owner(give: (request: XEvent) => Promise<boolean>): number {
  const window = theirs.createHiddenWindow();
  theirs.onEvent((event) => {
    if (event.name !== 'SelectionRequest' || event['owner'] !== window) return;
    void give(event).then((given) => {
      const { time, requestor, selection: of, target, property } = event;
      const answer = { name: 'SelectionNotify', time, requestor, selection: of, target };
      theirs.send('SendEvent', requestor, 0, 0, { ...answer, property: given ? property : 0 });
    });
  });
  return window;
}

const put = async ({ requestor, property }: XEvent, type: string, format: number, bytes: Buffer) =>
  theirs.setProperty(Number(requestor), Number(property), await theirs.atom(type), format, bytes);

/** One who has a text, as everybody has it. */
const withText = (text: string) =>
  owner(async (request) => {
    const [targets, utf8] = [await theirs.atom('TARGETS'), await theirs.atom('UTF8_STRING')];
    const list = Buffer.alloc(4);
    list.writeUInt32LE(utf8);
    if (request['target'] === targets) await put(request, 'ATOM', 32, list);
    else await put(request, 'UTF8_STRING', 8, Buffer.from(text));
    return request['target'] === targets || request['target'] === utf8;
  });

const readNow = async () => String(await copied.at(-1)?.read('text/plain'));

describe('what X clients copy', () => {
  it('is read also when thousands became its owner before and never answer', async () => {
    const mute = theirs.createHiddenWindow();
    for (let i = 0; i < 3000; i++) {
      await become(mute);
      await become(0);
    }
    await become(withText('after all of them'));
    await until(() => copied.at(-1)?.types.includes('text/plain') === true);
    expect(await readNow()).toBe('after all of them');
    // Who looks at each of them looks 6000 times.
    expect(copied.length).toBeLessThan(600);
  });

  it('is not waited for when its owner never answers and somebody else copies something', async () => {
    await become(owner(() => new Promise(() => {})));
    await done(ours);
    copied.length = 0;
    const start = performance.now();
    await become(withText('the next one'));
    await until(() => copied.at(-1)?.types.includes('text/plain') === true);
    expect(await readNow()).toBe('the next one');
    // An owner that does not answer has 3 s, if nobody comes.
    expect(performance.now() - start).toBeLessThan(2900);
  });

  it('ends when its portions never do, and when somebody else copies something meanwhile', async () => {
    let portions = 0;
    const endless = owner(async (request) => {
      const [targets, utf8] = [await theirs.atom('TARGETS'), await theirs.atom('UTF8_STRING')];
      const four = Buffer.alloc(4);
      four.writeUInt32LE(utf8);
      if (request['target'] === targets) {
        await put(request, 'ATOM', 32, four);
        return true;
      }
      const requestor = Number(request['requestor']);
      theirs.select(requestor, 'PropertyChange');
      theirs.onEvent((event) => {
        if (event.name !== 'PropertyNotify' || event['wid'] !== requestor || event['state'] !== 1) return;
        portions++;
        void put(request, 'UTF8_STRING', 8, Buffer.alloc(1000, 'x'));
      });
      await put(request, 'INCR', 32, four);
      return true;
    });
    copied.length = 0;
    await become(endless);
    await until(() => copied.at(-1) !== undefined);
    const reading = copied.at(-1)!.read('text/plain');
    await until(() => portions > 20);
    await become(withText('short'));
    expect(await reading).toBeUndefined();
    await until(() => copied.length > 1);
    expect(await readNow()).toBe('short');
  });
});

describe('what X clients paste', () => {
  it('is asked for by so many at once, and by no more', async () => {
    let [asked, answered] = [0, 0];
    const open: (() => void)[] = [];
    selection.offer({
      types: ['text/plain'],
      read: () => {
        asked++;
        return new Promise((resolve) => open.push(() => resolve(Buffer.from('slow'))));
      },
    });
    const window = theirs.createHiddenWindow();
    theirs.onEvent((event) => {
      if (event.name === 'SelectionNotify' && event['requestor'] === window) answered++;
    });
    const [clipboard, utf8] = [await theirs.atom('CLIPBOARD'), await theirs.atom('UTF8_STRING')];
    await done(ours);
    for (let i = 0; i < 500; i++)
      theirs.send('ConvertSelection', window, clipboard, utf8, await theirs.atom(`TO_${i}`), 0);
    // Those above the limit are refused at once.
    await until(() => answered === 500 - 32);
    expect(asked).toBe(32);
    for (const resolve of open) resolve();
    await until(() => answered === 500);
    const value = await theirs.property(window, await theirs.atom('TO_0'), { limit: 100 });
    expect(String(value?.bytes)).toBe('slow');
  });
});
