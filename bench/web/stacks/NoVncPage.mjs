import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers, freePort } from './ports.mjs';

const novnc = fileURLToPath(new URL('../../../node_modules/@novnc/novnc/', import.meta.url));

/** noVNC's RFB client with its own defaults in a page as plain as ours, on websockify in front of an RFB server. */
export class NoVncPage {
  #http;

  /** `rfb` is the server's port. Resolves with the page's URL when all of it answers. */
  async start(processes, rfb) {
    await answers(rfb);
    const web = await freePort();
    processes.start('websockify', [`127.0.0.1:${web}`, `127.0.0.1:${rfb}`]);
    this.#http = createServer((request, response) => this.#serve(request, response, web));
    this.#http.listen(0, '127.0.0.1');
    await Promise.all([once(this.#http, 'listening'), answers(web)]);
    return `http://127.0.0.1:${this.#http.address().port}/`;
  }

  stop() {
    this.#http?.closeAllConnections();
    this.#http?.close();
  }

  #serve(request, response, port) {
    const path = normalize(request.url);
    if (path === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(page(port));
      return;
    }
    try {
      const text = readFileSync(join(novnc, path));
      response.setHeader('content-type', 'text/javascript');
      response.end(text);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  }
}

const page = (port) => `<!doctype html><style>html,body,#screen{margin:0;height:100%;overflow:hidden}</style>
<div id="screen"></div>
<script type="module">
  import RFB from '/core/rfb.js';
  new RFB(document.getElementById('screen'), 'ws://127.0.0.1:${port}').focusOnClick = true;
</script>`;
