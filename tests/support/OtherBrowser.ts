import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';

/** A browser that playwright does not drive, as far as a smoke test needs it. */
export interface OtherBrowser {
  open(url: string): Promise<void>;
  /** Of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** One key after the other, by the characters they write. */
  type(text: string): Promise<void>;
  close(): Promise<void>;
}

/** What was started for a browser, and its folder; all of it goes with it. */
class Belongings {
  readonly folder = mkdtempSync(join(tmpdir(), 'yard-browser-'));
  readonly #children: ChildProcess[] = [];

  /** When `start` fails, what it has started goes. */
  static async for(start: (belongings: Belongings) => Promise<OtherBrowser>): Promise<OtherBrowser> {
    const belongings = new Belongings();
    try {
      return await start(belongings);
    } catch (error) {
      await belongings.close();
      throw error;
    }
  }

  start(program: string, args: string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn(program, args, {
      env: { ...process.env, HOME: this.folder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    child.on('error', () => {});
    this.#children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.pid === undefined) continue;
      const ended = once(child, 'exit');
      // Its helpers are in its process group.
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Firefox, by WebDriver BiDi (W3C). */
export function firefox(): Promise<OtherBrowser> {
  return Belongings.for(startFirefox);
}

async function startFirefox(belongings: Belongings): Promise<OtherBrowser> {
  const child = belongings.start('firefox-esr', [
    ...['--headless', '--no-remote', '--profile', belongings.folder, '--remote-debugging-port', '0'],
  ]);
  const address = await said(child, /WebDriver BiDi listening on (ws:\S+)/);
  const socket = new WebSocket(`${address}/session`);
  await once(socket, 'open');
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  socket.on('message', (data) => {
    const { id, result, message } = JSON.parse(String(data)) as Answer;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (result === undefined) asked?.reject(new Error(message));
    else asked?.resolve(result);
  });
  let last = 0;
  const call = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await call('session.new', { capabilities: {} });
  const { contexts } = (await call('browsingContext.getTree', {})) as { contexts: { context: string }[] };
  const { context } = contexts[0]!;
  return {
    open: async (url) => void (await call('browsingContext.navigate', { context, url, wait: 'complete' })),
    evaluate: async (expression) => {
      const target = { context };
      const answer = await call('script.evaluate', { expression, target, awaitPromise: true });
      return (answer as { result: { value?: unknown } }).result.value;
    },
    type: async (text) => {
      await call('input.performActions', {
        context,
        actions: [{ type: 'key', id: 'k', actions: strokes(text) }],
      });
    },
    close: async () => {
      socket.terminate();
      await belongings.close();
    },
  };
}

interface Answer {
  id: number;
  result?: unknown;
  message?: string;
}

/** WebKitGTK's MiniBrowser on an X server without a screen, by WebDriver (W3C). */
export function webKit(): Promise<OtherBrowser> {
  return Belongings.for(startWebKit);
}

async function startWebKit(belongings: Belongings): Promise<OtherBrowser> {
  const server = belongings.start('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp']);
  const display = `:${await said(server, /^(\d+)$/m)}`;
  const port = await freePort();
  belongings.start('WebKitWebDriver', [`--port=${port}`], { DISPLAY: display });
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await answer.json()) as { value: { message?: string } };
    if (!answer.ok) throw new Error(value.message);
    return value;
  };
  await answers(() => call('GET', '/status'));
  const binary = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
  const options = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  const { sessionId } = (await call('POST', '/session', { capabilities: { alwaysMatch: options } })) as {
    sessionId: string;
  };
  const session = `/session/${sessionId}`;
  return {
    open: async (url) => void (await call('POST', `${session}/url`, { url })),
    evaluate: (expression) =>
      call('POST', `${session}/execute/sync`, { script: `return ${expression}`, args: [] }),
    type: async (text) => {
      await call('POST', `${session}/actions`, {
        actions: [{ type: 'key', id: 'k', actions: strokes(text) }],
      });
    },
    close: async () => {
      await call('DELETE', session).catch(() => {});
      await belongings.close();
    },
  };
}

const strokes = (text: string): object[] =>
  [...text].flatMap((value) => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ]);

/** What a program says on any output, once it says it. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (data: Buffer) => {
      text += data.toString();
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.stdio[3]!.on('data', read);
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`it ended: ${text}`)));
  });
}

async function answers(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
