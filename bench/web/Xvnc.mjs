import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Processes } from './Processes.mjs';

const novnc = fileURLToPath(new URL('../../node_modules/@novnc/novnc/', import.meta.url));

/** The peer: tigervnc's Xvnc, websockify, and noVNC's RFB client with its own defaults in a page as plain as ours. */
export class Xvnc {
  name = 'Xvnc + websockify + noVNC';
  #processes = new Processes();
  #http;
  #display;

  async start() {
    const [rfb, web] = [await freePort(), await freePort()];
    const server = this.#processes.start(
      'Xvnc',
      `-displayfd 3 -geometry 1280x720 -depth 24 -SecurityTypes None -localhost -rfbport ${rfb}`.split(' '),
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const [line] = await once(server.stdio[3], 'data');
    this.#display = `:${String(line).trim()}`;
    this.#processes.start('websockify', [`127.0.0.1:${web}`, `127.0.0.1:${rfb}`]);
    this.#http = createServer((request, response) => this.#serve(request, response, web));
    this.#http.listen(0, '127.0.0.1');
    await Promise.all([once(this.#http, 'listening'), answers(web)]);
    return `http://127.0.0.1:${this.#http.address().port}/`;
  }

  /** A shell in a terminal that fills the screen. */
  terminal() {
    this.#start('xterm', [
      '-fa',
      'DejaVu Sans Mono',
      '-fs',
      '10',
      '-geometry',
      '160x45+0+0',
      '-e',
      'bash',
      '--norc',
    ]);
  }

  /** A video that fills the screen. */
  video(file) {
    this.#start('mpv', ['--vo=x11', '--geometry=1280x720+0+0', '--no-border', ...mpvOptions, file]);
  }

  cost(without) {
    return this.#processes.cost(without);
  }

  async stop() {
    this.#http?.closeAllConnections();
    this.#http?.close();
    await this.#processes.stop();
  }

  #start(command, args) {
    this.#processes.start(command, args, { env: { DISPLAY: this.#display, PS1: '$ ' } });
  }

  #serve(request, response, port) {
    const path = normalize(request.url);
    if (path === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(page(port));
      return;
    }
    try {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(join(novnc, path)));
    } catch {
      response.statusCode = 404;
      response.end();
    }
  }
}

export const mpvOptions = [
  '--no-config',
  '--no-audio',
  '--loop-file=inf',
  '--osd-level=0',
  '--really-quiet',
  '--no-osc',
];

const page = (port) => `<!doctype html><style>html,body,#screen{margin:0;height:100%;overflow:hidden}</style>
<div id="screen"></div>
<script type="module">
  import RFB from '/core/rfb.js';
  new RFB(document.getElementById('screen'), 'ws://127.0.0.1:${port}').focusOnClick = true;
</script>`;

async function freePort() {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when somebody accepts connections there. */
async function answers(port) {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => {
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
