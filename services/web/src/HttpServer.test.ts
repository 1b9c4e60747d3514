import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@switchyard/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { AccessToken } from './AccessToken.js';
import { BrowserKey } from './BrowserKey.js';
import { Certificate } from './Certificate.js';
import { VIEWERS_MAX, ViewerPlaces } from './door/ViewerPlaces.js';
import { HttpServer, type Visitor } from './HttpServer.js';
import { PageFiles } from './PageFiles.js';
import { Shares } from './Shares.js';
import { Flood, STRANGER } from './testing/Flood.js';

const token = AccessToken.given('a-token-for-these-tests');
const log = createLog('test');
log.level = 'silent';
let server: HttpServer;
const visitors: Visitor[] = [];
const directory = mkdtempSync(join(tmpdir(), 'yard-web-http-'));
const shares = new Shares(directory);
const key = BrowserKey.make(token);
const otherKey = BrowserKey.make(AccessToken.given('a-token-for-those-tests'));

beforeAll(async () => {
  server = await HttpServer.listen({
    listen: '127.0.0.1',
    port: 0,
    token,
    shares,
    places: new ViewerPlaces(),
    files: new PageFiles(),
    log,
    onViewer: (_, visitor) => visitors.push(visitor),
  });
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Not fetch(), which does not let one choose the Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, method, headers, agent: false };
    request(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

const cookie = (value = key.cookie) => ({ cookie: `yard_${server.port}=${value}` });

/** The status of a WebSocket upgrade: 101 or why not. */
function upgrade(path: string, headers: Record<string, string> = {}, origin?: string): Promise<number> {
  return new Promise((resolve) => {
    const options = { headers, ...(origin === undefined ? {} : { origin }) };
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (sent, response) => {
      resolve(response.statusCode!);
      sent.destroy();
    });
    socket.on('error', () => {});
  });
}

describe('the way in', () => {
  test('the URL with the token is exchanged for a cookie and a proof, neither of which tells the token', async () => {
    const answer = await get(`/?token=${token.value}`);
    expect(answer.status).toBe(303);
    expect(answer.headers['location']).toMatch(/^\/#proof=[\w-]{43}$/);
    const [set] = answer.headers['set-cookie'] as string[];
    expect(set).toMatch(
      new RegExp(`^yard_${server.port}=[\\w-]{22}\\.\\.[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    expect(set + String(answer.headers['location'])).not.toContain(token.value);
    expect((await get('/', { cookie: set!.split(';')[0]! })).status).toBe(200);
    const again = await get(`/?token=${token.value}`);
    expect(again.headers['location']).not.toBe(answer.headers['location']);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await get('/', cookie())).body).toContain('<canvas id="screen"');
  });

  test('a link on another site enters by a page of ours, since a strict cookie does not follow its redirect', async () => {
    const answer = await get(`/?token=${token.value}`, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('http-equiv="refresh"');
    expect(answer.headers['set-cookie']).toBeDefined();
  });

  test.each([
    ['no token', '/', {}],
    ['a wrong token', '/?token=a-token-for-those-tests', {}],
    ['an empty token', '/?token=', {}],
    ['a token that only begins right', `/?token=${token.value}x`, {}],
    ['a wrong cookie', '/', { cookie: 'yard_PORT=wrong' }],
    ['the cookie of another port', '/', { cookie: `yard_1=${key.cookie}` }],
    ['the token as a cookie', '/', { cookie: `yard_PORT=${token.value}` }],
    ['a cookie that another token made', '/', { cookie: `yard_PORT=${otherKey.cookie}` }],
    [
      'a cookie for a share that is none',
      '/',
      { cookie: `yard_PORT=${key.cookie.replace('..', '.guest.')}` },
    ],
    ['a module without a cookie', '/page/main.js', {}],
    ['an unknown path without a cookie', '/nothing', {}],
  ])('%s is refused with a page that says what to do', async (_, path, headers: Record<string, string>) => {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(server.port))]),
    );
    const answer = await get(path, sent);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('yard status');
    expect(answer.body).not.toContain(token.value);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('a wrong token is refused even beside the right cookie', async () => {
    expect((await get('/?token=wrong', cookie())).status).toBe(403);
  });

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    'localhost:1',
    '127.0.0.1.evil.example:PORT',
    'me@127.0.0.1:PORT',
  ])('a request for the host %j is refused, whatever cookie it brings', async (host) => {
    const sent = host.replace('PORT', String(server.port));
    expect((await get('/', { ...cookie(), host: sent })).status).toBe(403);
  });

  test.each(['127.0.0.1:PORT', 'localhost:PORT', '[::1]:PORT', 'LOCALHOST:PORT'])(
    'the host %j is this server',
    async (host) => {
      const sent = host.replace('PORT', String(server.port));
      expect((await get('/', { ...cookie(), host: sent })).status).toBe(200);
    },
  );

  test('a request from another site is refused', async () => {
    expect((await get('/', { ...cookie(), origin: 'http://evil.example' })).status).toBe(403);
    expect((await get('/', { ...cookie(), origin: 'null' })).status).toBe(403);
    expect((await get('/', { ...cookie(), origin: `http://127.0.0.1:${server.port}` })).status).toBe(200);
  });

  test('wrong tokens are limited, and the right one is not held up by them', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await get(`/?token=guess${i}`)).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await get('/', cookie())).status).toBe(200);
  });
});

describe('a flood of connections', () => {
  const answersIn = async () => {
    expect((await get('/', cookie())).status).toBe(200);
    expect((await get('/page/main.js', cookie())).status).toBe(200);
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { headers: cookie() });
    await once(socket, 'open');
    visitors.at(-1)!.enter(key.proof);
    return socket;
  };

  test.each([
    ['another user of this machine', STRANGER],
    ['the same user', process.getuid!()],
  ])('by %s keeps nobody out who has the cookie, and nobody who is in loses the seat', async (_, uid) => {
    const inside = await answersIn();
    const flood = new Flood(server.port, { uid, held: 250 });
    await expect.poll(() => flood.made).toBeGreaterThanOrEqual(300);
    for (let i = 0; i < 5; i++) (await answersIn()).terminate();
    const before = flood.made;
    await expect.poll(() => flood.made).toBeGreaterThan(before);
    expect(inside.readyState).toBe(WebSocket.OPEN);
    await flood.stop();
    inside.terminate();
  });
});

test('who has but a cookie takes nobody’s place, however many WebSockets he opens', async () => {
  const sockets = Array.from(
    { length: 2 * VIEWERS_MAX },
    () => new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { headers: cookie() }),
  );
  for (const socket of sockets) socket.on('error', () => {});
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve).once('close', resolve))),
  );
  expect(await upgrade(`/socket?token=${token.value}`)).toBe(101);
  expect(await upgrade('/socket', cookie())).toBe(101);
  expect(visitors.at(-1)!.enter(key.proof)).toBeUndefined();
  for (const socket of sockets) socket.terminate();
});

test('who has the whole link finds a place when guests have taken all that are theirs', async () => {
  const { token: shared } = shares.add('crowd', 'watch');
  const sockets: WebSocket[] = [];
  const come = (value: string) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket?token=${value}`);
      sockets.push(socket);
      socket.on('open', () => resolve(101)).on('error', () => {});
      socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode!));
    });
  const statuses = await Promise.all(Array.from({ length: VIEWERS_MAX }, () => come(shared)));
  expect(new Set(statuses)).toEqual(new Set([101, 503]));
  expect(await come(token.value)).toBe(101);
  for (const socket of sockets) socket.terminate();
  shares.revoke('crowd');
  await expect.poll(() => upgrade(`/socket?token=${token.value}`)).toBe(101);
});

describe('what is served', () => {
  test('nothing but the page’s own files, each with headers that confine it', async () => {
    const answer = await get('/', cookie());
    const policy = String(answer.headers['content-security-policy']);
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(rule);
    expect(policy).not.toContain('unsafe');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(answer.headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect(answer.headers['x-powered-by']).toBeUndefined();
    for (const path of [
      '/main.js',
      '/../package.json',
      '/page/../../package.json',
      '/%2e%2e/package.json',
      '/page/',
      '//',
    ])
      expect((await get(path, cookie())).status, path).toBe(404);
    expect((await get('/', cookie(), 'POST')).status).toBe(405);
    expect((await get('/', cookie(), 'HEAD')).body).toBe('');
  });

  test('every module that the page imports, with paths instead of package names', async () => {
    const { body } = await get('/', cookie());
    const modules = [...body.matchAll(/modulepreload" href="([^"]+)"/g)].map((match) => match[1]!);
    expect(modules).toContain('/page/main.js');
    for (const path of modules) {
      const answer = await get(path, cookie());
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('text/javascript');
      for (const [, specifier] of answer.body.matchAll(/^(?:import|export)[^'\n]* from '([^']+)'/gm))
        expect(modules).toContain(specifier);
    }
  });

  test('a file that the browser has is not sent again', async () => {
    const { etag } = (await get('/style.css', cookie())).headers;
    const again = await get('/style.css', { ...cookie(), 'if-none-match': String(etag) });
    expect(again.status).toBe(304);
    expect(again.body).toBe('');
  });
});

describe('the WebSocket', () => {
  const own = () => `http://127.0.0.1:${server.port}`;

  test('is for those with the cookie or the token, from this server’s own page or from no page', async () => {
    const before = visitors.length;
    expect(await upgrade('/socket', cookie(), own())).toBe(101);
    expect(await upgrade('/socket', cookie(), `http://localhost:${server.port}`)).toBe(101);
    expect(await upgrade(`/socket?token=${token.value}`)).toBe(101);
    expect(visitors.length).toBe(before + 3);
    expect(await upgrade('/socket')).toBe(403);
    expect(await upgrade('/socket', cookie(), 'http://evil.example')).toBe(403);
    expect(await upgrade('/socket', cookie(), `https://127.0.0.1:${server.port}`)).toBe(403);
    expect(await upgrade('/socket', { ...cookie(), host: `evil.example:${server.port}` }, own())).toBe(403);
    expect(await upgrade('/elsewhere', cookie(), own())).toBe(404);
    expect(visitors.length).toBe(before + 3);
  });

  test('is opened by cookie and proof together, or by the token; the cookie alone proves nothing', async () => {
    expect(await upgrade('/socket', cookie(), own())).toBe(101);
    const visitor = visitors.at(-1)!;
    expect(visitor.access.role).toBe('drive');
    for (const wrong of [
      undefined,
      '',
      key.cookie,
      otherKey.proof,
      `${key.proof}x`,
      BrowserKey.make(token).proof,
    ])
      expect(visitor.enter(wrong)).toBe('no entry');
    expect(visitor.enter(key.proof)).toBeUndefined();
    expect(await upgrade(`/socket?token=${token.value}`)).toBe(101);
    expect(visitors.at(-1)!.enter(undefined)).toBeUndefined();
  });

  test('knows whose link it was, for as long as the link is good', async () => {
    const { name, token: shared } = shares.add('guest', 'watch');
    const answer = await get(`/?token=${shared}`);
    const sent = { cookie: String(answer.headers['set-cookie']).split(';')[0]! };
    expect(await upgrade('/socket', sent, own())).toBe(101);
    expect(visitors.at(-1)!.access).toMatchObject({ share: name, role: 'watch' });
    shares.revoke(name);
    // 429 where this address has had its share of wrong tokens.
    expect([403, 429]).toContain(await upgrade('/socket', sent, own()));
    expect([403, 429]).toContain((await get(`/?token=${shared}`)).status);
    // Another link of the same name is another link.
    shares.add('guest', 'drive');
    expect([403, 429]).toContain(await upgrade('/socket', sent, own()));
  });

  test.each([
    ['an upgrade', 'GET /socket HTTP/1.1', 'Connection: Upgrade\r\nUpgrade: websocket'],
    [
      'an upgrade of something else',
      `GET /?token=${token.value} HTTP/1.1`,
      'Connection: Upgrade\r\nUpgrade: h2c',
    ],
    ['a body that never comes', 'POST /drop?viewer=1 HTTP/1.1', 'Content-Length: 1000000'],
  ])('keeps no socket of who is refused and never hangs up: %s', async (_, line, headers) => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(`${line}\r\nHost: 127.0.0.1:${server.port}\r\n${headers}\r\n\r\n`);
    socket.resume();
    await once(socket, 'end');
    // Our half stays open, and what we send is answered by a reset where nobody has the other half any more.
    const trickle = setInterval(() => socket.write('x'), 20);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(trickle);
  });

  test('is refused to one viewer too many', async () => {
    const sockets = Array.from(
      { length: VIEWERS_MAX },
      () => new WebSocket(`ws://127.0.0.1:${server.port}/socket?token=${token.value}`),
    );
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('open', resolve))));
    expect(await upgrade(`/socket?token=${token.value}`)).toBe(503);
    await Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve).terminate())),
    );
    // The server hears of the ends in its own time.
    await expect.poll(() => upgrade(`/socket?token=${token.value}`)).toBe(101);
  });
});

describe('HTTPS', () => {
  const certificate = Certificate.ofDirectory(directory, '127.0.0.1');
  let secure: HttpServer;
  beforeAll(async () => {
    const files = new PageFiles();
    const onViewer = () => {};
    secure = await HttpServer.listen({
      ...{
        listen: '127.0.0.1',
        port: 0,
        token,
        shares,
        certificate,
        files,
        log,
        onViewer,
        places: new ViewerPlaces(),
      },
    });
  });
  afterAll(() => secure.close());

  test('has a certificate of its own for the names under which it is reached, which is kept', async () => {
    expect(Certificate.ofDirectory(directory, '127.0.0.1').fingerprint).toBe(certificate.fingerprint);
    expect(certificate.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(statSync(join(directory, 'web-tls', 'key.pem')).mode & 0o077).toBe(0);
    const elsewhere = Certificate.ofDirectory(directory, '192.0.2.7');
    expect(elsewhere.fingerprint).not.toBe(certificate.fingerprint);
  });

  test('sets a cookie that plain HTTP and other hosts never get, and knows its own origin only', async () => {
    const answer = await getSecurely(secure.port, `/?token=${token.value}`);
    expect(secure.url).toMatch(/^https:/);
    expect(answer.status).toBe(303);
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-yard_\d+=.*; Path=\/; Secure$/);
    const sent = { cookie: String(answer.headers['set-cookie']).split(';')[0]! };
    const page = await getSecurely(secure.port, '/', sent);
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain(`wss://127.0.0.1:${secure.port}`);
    const origin = `http://127.0.0.1:${secure.port}`;
    expect((await getSecurely(secure.port, '/', { ...sent, origin })).status).toBe(403);
  });

  /** Checks the certificate against itself. */
  function getSecurely(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, headers, agent: false, ca: certificate.cert };
      requestSecurely(options, (response) => {
        response
          .resume()
          .on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: '' }));
      })
        .on('error', reject)
        .end();
    });
  }
});

test('a busy port is the kernel’s error, for main to explain', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await expect(
    HttpServer.listen({
      listen: '127.0.0.1',
      port,
      token,
      shares,
      places: new ViewerPlaces(),
      files: new PageFiles(),
      log,
      onViewer: () => {},
    }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  other.close();
});
