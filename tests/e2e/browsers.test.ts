import { afterAll, beforeAll, expect, test } from 'vitest';
import { firefox, type OtherBrowser, webKit } from '../support/OtherBrowser.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, YardTree } from '../support/YardTree.js';

let tree: YardTree;

beforeAll(async () => {
  tree = await YardTree.up('--size', '640x480');
});
afterAll(async () => tree?.down());

test.each([
  ['Firefox', firefox],
  ['WebKit', webKit],
])('%s shows the terminal, and what is typed there reaches it', async (name, start) => {
  const browser: OtherBrowser = await start();
  try {
    await browser.open(tree.info.url);
    const state = () => browser.evaluate("document.querySelector('canvas#screen').dataset.state");
    await eventually('a live canvas', async () => (await state()) === 'live');
    await browser.type(`# ${name.toLowerCase()}\uE007`);
    const session = await eventually('the terminal', async () => (await tree.sessions())[0]);
    const terminal = await Terminal.of(tree, session.id);
    await terminal.shows(new RegExp(`# ${name.toLowerCase()}`));
    terminal.close();
    // The prompt and the text are pixels on its canvas.
    const lit = () =>
      browser.evaluate(`(() => {
      const canvas = document.querySelector('canvas#screen');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let lit = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at + 1] > 128) lit++;
      return lit;
    })()`);
    await expect.poll(lit).toBeGreaterThan(100);
  } finally {
    await browser.close();
  }
});
