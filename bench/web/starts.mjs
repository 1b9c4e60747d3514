import { clip } from './clips.mjs';
import { installProbe } from './probe.mjs';

/**
 * Where a picture is looked for, how much of it differs from its ground, and each how manyth pixel is looked at: a prompt stands in a
 * terminal's first rows.
 */
const pictures = {
  terminal: [[0, 0, 1280, 60], 0.0005, 1],
  video: [[0, 60, 1280, 600], 0.2, 8],
};
/** What a browser does to open a tab takes this long (ms), and is not the stack's. */
const tabOpens = 700;

/**
 * One start of a stack with a terminal or a video: milliseconds from starting its first process until it answers and until its picture is
 * on the canvas of a tab that was open and at rest, and the CPU that its processes and their program took until then.
 */
export async function measureStart(browser, Stack, what) {
  const video = what === 'video' ? clip('animation') : undefined;
  const stack = new Stack();
  const context = await browser.newContext({ viewport: { width: 1300, height: 780 } });
  await context.addInitScript(installProbe);
  await context.addInitScript((picture) => probe.awaitPicture(...picture), pictures[what]);
  const page = await context.newPage();
  await new Promise((resolve) => setTimeout(resolve, tabOpens));
  const begun = Date.now();
  const url = await stack.start({ terminal: video === undefined, video });
  const up = Date.now() - begun;
  if (video === undefined) stack.terminal();
  else stack.video(video);
  await page.goto(url, { waitUntil: 'commit' });
  const frame = (await page.evaluate(() => probe.picture)) - begun;
  const { cpu } = stack.cost();
  await context.close();
  await stack.stop();
  return { up, frame, cpu };
}
