/// <reference lib="dom" />
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { WebSocketServer } from 'ws';

const folder = fileURLToPath(new URL('../', import.meta.resolve('@novnc/novnc')));

interface Rfb extends EventTarget {
  qualityLevel: number;
  resizeSession: boolean;
  scaleViewport: boolean;
  focus(): void;
  clipboardPasteFrom(text: string): void;
}

/** noVNC in a browser, with a gateway from WebSockets to the VNC server's TCP. */
export class NoVnc {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #port: number;

  private constructor(vncPort: number) {
    this.#port = vncPort;
    this.#server = createServer((request, response) => {
      const path = request.url!.split('?', 1)[0]!;
      if (path === '/') {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(
          `<!doctype html><body style="margin:0"><div id="screen" style="width:640px;height:480px"></div>
          <script type="module">import RFB from '/core/rfb.js'; window.RFB = RFB;</script>`,
        );
        return;
      }
      const file = `${folder}${path.slice(1)}`;
      if (path.includes('..') || !existsSync(file)) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/javascript' });
      createReadStream(file).pipe(response);
    });
    this.#server.on('upgrade', (request, socket, head) =>
      this.#sockets.handleUpgrade(request, socket, head, (page) => {
        const server = connect(this.#port, '127.0.0.1');
        server.on('data', (data) => page.send(data)).on('close', () => page.close());
        server.on('error', () => page.close());
        page.on('message', (data) => server.write(data as Buffer)).on('close', () => server.destroy());
      }),
    );
  }

  static async start(vncPort: number): Promise<NoVnc> {
    const gateway = new NoVnc(vncPort);
    await new Promise<void>((resolve) => gateway.#server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  /** `encodings`: which of its codings the client is to offer, and nothing else that draws. */
  async open(browser: Browser, password: string, encodings: number[]): Promise<Page> {
    const { port } = this.#server.address() as AddressInfo;
    const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(() => 'RFB' in window);
    await page.evaluate(
      ({ password, encodings }) => {
        const { RFB } = window as unknown as {
          RFB: {
            new (target: Element, url: string, options: object): Rfb;
            messages: { clientEncodings(socket: unknown, encodings: number[]): void };
          };
        };
        const send = RFB.messages.clientEncodings;
        RFB.messages.clientEncodings = (socket, all) =>
          send(
            socket,
            all.filter((one) => one < 0 || encodings.includes(one)),
          );
        const state = { clipboard: '', connected: false, refused: '' };
        const url = `ws://${location.host}/vnc`;
        const rfb = new RFB(document.querySelector('#screen')!, url, { credentials: { password } });
        rfb.addEventListener('connect', () => {
          state.connected = true;
        });
        rfb.addEventListener('securityfailure', (event) => {
          state.refused = (event as CustomEvent<{ reason: string }>).detail.reason;
        });
        rfb.addEventListener('clipboard', (event) => {
          state.clipboard = (event as CustomEvent<{ text: string }>).detail.text;
        });
        Object.assign(window, { rfb, state });
      },
      { password, encodings },
    );
    return page;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const client of this.#sockets.clients) client.terminate();
  }
}

export const vncState = (page: Page) =>
  page.evaluate(
    () => (window as unknown as { state: { clipboard: string; connected: boolean; refused: string } }).state,
  );

/** The pixels of a page's first canvas as 0x00RRGGBB. */
export async function canvasWords(page: Page): Promise<Uint32Array> {
  const { width, base64 } = await page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 32768)
      text += String.fromCharCode(...data.subarray(at, at + 32768));
    return { width: canvas.width, base64: btoa(text) };
  });
  const rgba = Buffer.from(base64, 'base64');
  if (width === 0) return new Uint32Array(0);
  return Uint32Array.from({ length: rgba.length / 4 }, (_, i) => rgba.readUIntBE(i * 4, 3));
}
