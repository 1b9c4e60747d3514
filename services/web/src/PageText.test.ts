/// <reference lib="dom" />
import { Variant } from '@switchyard/dbus';
import { KEY } from '@switchyard/uapi';
import { describe, expect, test } from 'vitest';
import { PageFixture, WIDTH } from './testing/PageFixture.js';

const fixture = PageFixture.forTests();

describe('text', () => {
  test('from a phone’s keyboard is typed, with Ctrl from the bar, and deleting deletes', async () => {
    const page = await fixture.open([], {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 640, height: 700 },
    });
    await page.getByRole('button', { name: 'Text field and keys' }).click();
    fixture.session.keyboard.length = 0;
    await page.keyboard.insertText('aB');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Ctrl', exact: true }).click();
    await page.keyboard.insertText('c');
    await page.getByRole('button', { name: 'Escape' }).click();
    const pressed = () =>
      fixture
        .keys()
        .filter(([, value]) => value === 1)
        .map(([code]) => code);
    await fixture.session.until(() => pressed().length >= 8);
    expect(pressed()).toEqual([
      KEY.A,
      KEY.LEFTSHIFT,
      KEY.B,
      KEY.BACKSPACE,
      KEY.ENTER,
      KEY.LEFTCTRL,
      KEY.C,
      KEY.ESC,
    ]);
  });

  test('from an input method on the canvas is typed when it is chosen, and not while it is composed', async () => {
    const page = await fixture.open();
    await page.locator('#screen').click();
    fixture.session.keyboard.length = 0;
    const debug = await page.context().newCDPSession(page);
    await debug.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 });
    await debug.send('Input.imeSetComposition', { text: 'nih', selectionStart: 3, selectionEnd: 3 });
    await debug.send('Input.insertText', { text: 'ok' });
    await fixture.session.until(() => fixture.keys().length >= 4);
    expect(fixture.keys()).toEqual([
      [KEY.O, 1],
      [KEY.O, 0],
      [KEY.K, 1],
      [KEY.K, 0],
    ]);
  });

  test('goes into the field that a program has enabled, composed and then chosen', async () => {
    const composed: string[] = [];
    const field = fixture.tree.connection.export('/org/switchyard/Display1', {
      name: 'org.switchyard.TextInput1',
      methods: {
        GetState: { in: 's', out: 'a{sv}', call: () => [new Map([['enabled', new Variant('b', true)]])] },
        Compose: {
          in: 'sssiiuu',
          out: 'b',
          call: (_context, _seat: string, commit: string, preedit: string, begin: number) => {
            composed.push(`${commit}|${preedit}|${begin}`);
            return [true];
          },
        },
      },
    });
    await fixture.tree.connection.requestName('org.switchyard.Display');
    const page = await fixture.open();
    await page.locator('#screen').click();
    const debug = await page.context().newCDPSession(page);
    await debug.send('Input.imeSetComposition', { text: '漢', selectionStart: 1, selectionEnd: 1 });
    await expect.poll(() => composed).toEqual(['|漢|3']);
    await debug.send('Input.insertText', { text: '漢字' });
    await expect.poll(() => composed).toEqual(['|漢|3', '|漢字|6', '||0', '漢字||0']);
    field[Symbol.dispose]();
    await fixture.tree.connection.releaseName('org.switchyard.Display');
  });

  test('is composed beside the seat’s text cursor, on the canvas as in the text field', async () => {
    const state = (x: number, y: number) =>
      new Map<string, Variant>([
        ['enabled', new Variant('b', true)],
        ['cursor', new Variant('(iiii)', [x, y, 2, 16])],
      ]);
    const field = fixture.tree.connection.export('/org/switchyard/Display1', {
      name: 'org.switchyard.TextInput1',
      methods: {
        GetState: { in: 's', out: 'a{sv}', call: () => [state(320, 240)] },
        Compose: { in: 'sssiiuu', out: 'b', call: () => [true] },
      },
    });
    const move = (x: number, y: number) =>
      fixture.tree.connection.emit({
        path: '/org/switchyard/Display1',
        interface: 'org.switchyard.TextInput1',
        member: 'StateChanged',
        signature: 'sa{sv}',
        body: ['seat0', state(x, y)],
      });
    await fixture.tree.connection.requestName('org.switchyard.Display');
    const page = await fixture.open();
    await page.evaluate(() => {
      const { EditContext } = window as unknown as {
        EditContext: { prototype: { updateSelectionBounds(bounds: DOMRect): void } };
      };
      EditContext.prototype.updateSelectionBounds = ({ left, top, width, height }) => {
        document.body.dataset['composedAt'] = [left, top, width, height].map(Math.round).join();
      };
    });
    /** Where a place of the output is in the window. */
    const inWindow = async (x: number, y: number) => {
      const box = (await page.locator('#screen').boundingBox())!;
      const scale = box.width / WIDTH;
      return [box.x + x * scale, box.y + y * scale, 2 * scale, 16 * scale].map(Math.round);
    };
    await page.locator('#screen').click();
    const debug = await page.context().newCDPSession(page);
    const compose = (text: string) =>
      debug.send('Input.imeSetComposition', { text, selectionStart: 1, selectionEnd: 1 });
    await compose('漢');
    const composedAt = () => page.evaluate(() => document.body.dataset['composedAt']);
    await expect.poll(composedAt).toBe((await inWindow(320, 240)).join());
    move(100, 50);
    await expect.poll(composedAt).toBe((await inWindow(100, 50)).join());
    await debug.send('Input.insertText', { text: '漢' });

    await page.locator('#soft').click();
    const typing = page.locator('#typing');
    const home = await typing.boundingBox();
    await compose('漢');
    const [left, top, , height] = await inWindow(100, 50);
    await expect
      .poll(async () => {
        const { x, y } = (await typing.boundingBox())!;
        return Math.abs(x - left!) + Math.abs(y - top! - height!);
      })
      .toBeLessThan(3);
    move(200, 470);
    await expect.poll(async () => (await typing.boundingBox())!.y).toBeLessThan(700);
    await debug.send('Input.insertText', { text: '漢' });
    await expect.poll(() => typing.boundingBox()).toEqual(home);
    field[Symbol.dispose]();
    await fixture.tree.connection.releaseName('org.switchyard.Display');
  });

  test('that the layout has no keys for is not lost without a word', async () => {
    const page = await fixture.open();
    await page.locator('#screen').click();
    fixture.session.keyboard.length = 0;
    await page.keyboard.insertText('a漢字');
    await expect.poll(() => page.getByRole('status').textContent()).toContain('no key for 漢 字');
    await page.keyboard.press('KeyZ');
    await fixture.session.until(() => fixture.keys().length >= 2);
    expect(fixture.keys()[0]).toEqual([KEY.Z, 1]);
  });
});
