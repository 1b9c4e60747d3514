/// <reference lib="dom" />
import { constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DBusError } from '@switchyard/dbus';
import { Fd, fileStat, pread, sealedMemfd } from '@switchyard/sys';
import { KEY } from '@switchyard/uapi';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { PageFixture } from './testing/PageFixture.js';
import { web } from './WebInterface.js';

const fixture = PageFixture.forTests();

describe('files', () => {
  const status = (page: Page) => page.getByRole('status').textContent();

  test('go to the downloads of the session’s user, under a harmless name, and never over another', async () => {
    const page = await fixture.open();
    const file = { name: '../.profile', mimeType: 'text/plain', buffer: Buffer.from('from the browser') };
    for (const saved of ['profile', 'profile (1)']) {
      await page.locator('#file').setInputFiles([file]);
      await expect.poll(() => status(page)).toBe(`Saved as ~/Downloads/${saved}`);
      expect(readFileSync(join(fixture.home, 'Downloads', saved), 'utf8')).toBe('from the browser');
    }
    await page.locator('#stage').evaluate((stage) => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], 'a.txt'));
      stage.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => status(page)).toBe('Saved as ~/Downloads/a.txt');
  });

  test('are not taken from who may only watch, nor from a page that has lost its proof', async () => {
    const bus = fixture.tree.connection.proxy(web.name, web.path);
    const [, link] = (await bus.call(web.interface, 'Share', 'sb', 'watcher', true)) as [string, string];
    const page = await fixture.open();
    const send = (viewer: number, proof: string | undefined) =>
      page.evaluate(
        async ([to, given]) => {
          const headers = given === undefined ? {} : { 'x-proof': given };
          return (await fetch(to!, { method: 'POST', body: 'x', headers })).status;
        },
        [`/drop?name=x&viewer=${viewer}`, proof] as const,
      );
    const proof = (await page.evaluate(() => localStorage.getItem('proof')))!;
    const audience = (await bus.get(web.interface, 'Audience')) as [number][];
    const you = audience.at(-1)![0];
    expect(await send(you, undefined)).toBe(403);
    expect(await send(you, 'wrong')).toBe(403);
    expect(await send(you + 1, proof)).toBe(409);
    expect(await send(you, proof)).toBe(200);
    await page.goto(link);
    await page.waitForSelector('canvas#screen[data-state="live"]');
    await page.locator('#file').setInputFiles([{ name: 'y', mimeType: '', buffer: Buffer.from('y') }]);
    await expect.poll(() => status(page)).toContain('for watching only');
    await bus.call(web.interface, 'Revoke', 's', 'watcher');
    await page.waitForSelector('canvas#screen[data-state="disconnected"]');
    fixture.complaints.splice(0); // The browser notes each status of 400 and above.
  });

  test('that the seat sends are saved by the browser, each once', async () => {
    const page = await fixture.open();
    const path = join(fixture.home, 'to send.bin');
    const bytes = Buffer.alloc(300_000, 'switchyard');
    writeFileSync(path, bytes);
    const download = page.waitForEvent('download');
    const bus = fixture.tree.connection.proxy(web.name, web.path);
    await bus.call(web.interface, 'Send', 'sh', 'to send.bin', Fd.open(path, constants.O_RDONLY));
    const got = await download;
    expect(got.suggestedFilename()).toBe('to send.bin');
    expect(readFileSync(await got.path()).equals(bytes)).toBe(true);
    expect(await page.evaluate(async (url) => (await fetch(url)).status, got.url())).toBe(404);
    fixture.complaints.splice(0);
    await expect(
      bus.call(web.interface, 'Send', 'sh', 'null', Fd.open('/dev/null', constants.O_RDONLY)),
    ).rejects.toThrow('no plain file');
  });
});

describe('the clipboard', () => {
  /** Stands in for the display, which owns the seat's selection. */
  function exportClipboard() {
    const held = { text: '', primary: '', image: Buffer.alloc(0) };
    const clipboard = fixture.tree.connection.export('/org/switchyard/Display1', {
      name: 'org.switchyard.Clipboard1',
      methods: {
        SetSelection: {
          in: 'sa{sh}',
          call: (_context, seat: string, data: Map<string, Fd>) => {
            expect(seat).toBe('seat0');
            const image = data.get('image/png');
            const fd = image ?? data.get('text/plain;charset=utf-8')!;
            const bytes = new Uint8Array(fileStat(fd).size);
            pread(fd, bytes, 0);
            for (const each of data.values()) each.close();
            if (image) held.image = Buffer.from(bytes);
            else held.text = Buffer.from(bytes).toString();
          },
        },
        SetPrimarySelection: {
          in: 'sa{sh}',
          call: (_context, _seat: string, data: Map<string, Fd>) => {
            const fd = data.get('UTF8_STRING')!;
            const bytes = new Uint8Array(fileStat(fd).size);
            pread(fd, bytes, 0);
            for (const each of data.values()) each.close();
            held.primary = Buffer.from(bytes).toString();
          },
        },
        GetSelection: {
          in: 'ss',
          out: 'h',
          call: (_context, _seat: string, type: string) => {
            if (type === 'image/png') return [sealedMemfd('selection', held.image)];
            if (type !== 'text/plain;charset=utf-8')
              throw new DBusError('org.switchyard.Error.NoSuchType', type);
            return [sealedMemfd('selection', Buffer.from(held.text))];
          },
        },
      },
      signals: { SelectionChanged: { args: 'sas' } },
    });
    return { held, clipboard };
  }
  const copyOnSeat = (types = ['text/html', 'text/plain;charset=utf-8']) =>
    fixture.tree.connection.emit({
      path: '/org/switchyard/Display1',
      interface: 'org.switchyard.Clipboard1',
      member: 'SelectionChanged',
      signature: 'sas',
      body: ['seat0', types],
    });

  test('goes both ways: pasted text is on the seat before the key is, copied text is the browser’s', async () => {
    const { held, clipboard } = exportClipboard();
    await fixture.tree.connection.requestName('org.switchyard.Display');
    const page = await fixture.open(['clipboard-read', 'clipboard-write']);
    await page.locator('#screen').click();

    await page.evaluate(() => navigator.clipboard.writeText('from the browser: ä€😀'));
    fixture.session.keyboard.length = 0;
    let atKey: string | undefined;
    const seen = fixture.session.until(() => {
      if (fixture.keys().some(([code, value]) => code === KEY.V && value === 1)) atKey ??= held.text;
      return fixture.keys().length >= 4;
    });
    await page.keyboard.press('Control+KeyV');
    await seen;
    expect(atKey).toBe('from the browser: ä€😀');
    expect(fixture.keys()).toEqual([
      [KEY.LEFTCTRL, 1],
      [KEY.V, 1],
      [KEY.V, 0],
      [KEY.LEFTCTRL, 0],
    ]);

    held.text = 'from the seat';
    copyOnSeat();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('from the seat');
    // What the person did not copy in the browser since then does not override the seat's own selection.
    held.text = 'newer on the seat';
    fixture.session.keyboard.length = 0;
    await page.keyboard.press('Control+KeyV');
    await fixture.session.until(() => fixture.keys().length >= 4);
    expect(held.text).toBe('newer on the seat');
    // Terminals paste the primary selection with Shift+Insert.
    expect(held.primary).toBe('');
    await page.evaluate(() => navigator.clipboard.writeText('for Shift+Insert'));
    await page.keyboard.press('Shift+Insert');
    await fixture.session.until(() =>
      fixture.keys().some(([code, value]) => code === KEY.INSERT && value === 0),
    );
    expect([held.text, held.primary]).toEqual(['for Shift+Insert', 'for Shift+Insert']);
    clipboard[Symbol.dispose]();
    await fixture.tree.connection.releaseName('org.switchyard.Display');
  });

  test('takes images both ways', async () => {
    const { held, clipboard } = exportClipboard();
    await fixture.tree.connection.requestName('org.switchyard.Display');
    const page = await fixture.open(['clipboard-read', 'clipboard-write']);
    await page.locator('#screen').click();
    const image = (colour: string) =>
      page.evaluate(async (fill) => {
        const canvas = new OffscreenCanvas(40, 30);
        const context = canvas.getContext('2d')!;
        context.fillStyle = fill;
        context.fillRect(0, 0, 40, 30);
        const blob = await canvas.convertToBlob({ type: 'image/png' });
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
        return (await blob.arrayBuffer()).byteLength;
      }, colour);
    const size = await image('red');
    fixture.session.keyboard.length = 0;
    await page.keyboard.press('Control+KeyV');
    await fixture.session.until(() => fixture.keys().length >= 4);
    expect(held.image.subarray(1, 4).toString()).toBe('PNG');
    expect(held.image.length).toBeGreaterThan(size / 2);
    await page.evaluate(() => navigator.clipboard.writeText('text again'));
    // A viewer that acted is the one that gets it.
    await page.keyboard.press('KeyA');
    copyOnSeat(['image/png']);
    copyOnSeat(['image/png']);
    const colour = () =>
      page.evaluate(async () => {
        const [item] = await navigator.clipboard.read();
        if (!item?.types.includes('image/png')) return undefined;
        const bitmap = await createImageBitmap(await item.getType('image/png'));
        const context = new OffscreenCanvas(1, 1).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        return [bitmap.width, bitmap.height, ...context.getImageData(0, 0, 1, 1).data];
      });
    await expect.poll(colour).toEqual([40, 30, 255, 0, 0, 255]);
    clipboard[Symbol.dispose]();
    await fixture.tree.connection.releaseName('org.switchyard.Display');
  });

  test('goes through a dialog where the browser keeps its clipboard', async () => {
    const { held, clipboard } = exportClipboard();
    await fixture.tree.connection.requestName('org.switchyard.Display');
    const page = await fixture.open();
    await page.evaluate(() => {
      const refused = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      Object.defineProperty(navigator, 'clipboard', { value: { readText: refused, writeText: refused } });
    });
    await page
      .getByRole('button', { name: 'Paste to the seat’s clipboard' })
      .or(page.locator('#paste'))
      .click();
    await page.locator('#clipboard-text').fill('typed in');
    await page.getByRole('button', { name: 'Paste to the seat', exact: true }).last().click();
    await expect.poll(() => held.text).toBe('typed in');

    held.text = 'for the hand';
    copyOnSeat();
    await page.locator('#copy').click();
    await expect.poll(() => page.locator('#clipboard-text').inputValue()).toBe('for the hand');
    await page.getByRole('button', { name: 'Close' }).click();
    clipboard[Symbol.dispose]();
    await fixture.tree.connection.releaseName('org.switchyard.Display');
  });
});
