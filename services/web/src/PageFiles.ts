import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  type: string;
  body: Buffer;
  etag: string;
}

const packageRoot = fileURLToPath(new URL('..', import.meta.url));
const sources = join(packageRoot, 'src/page');
const compiled = join(packageRoot, 'dist/page');
const isBundled = import.meta.url.endsWith('.bundle.cjs');

/**
 * The page's files, read once: only what is in this table is ever served, so no request reaches the file system.
 *
 * The program that runs from one file has each of the page's modules with all that it imports as one file too
 * (scripts/bundle.mjs makes both together), and the page has script and style in itself, known to the browser by their hashes:
 * it shows the seat sooner when it need not ask for fifty, nor for two. Else the page is plain ES modules as tsc wrote them. A browser cannot resolve bare imports without an import map, and that would have to be
 * inline script; so `@switchyard/NAME` is rewritten to `/lib/NAME/index.js` here, and `@switchyard/NAME/FILE` to
 * `/lib/NAME/FILE.js`.
 */
export class PageFiles {
  readonly #files = new Map<string, PageFile>();
  /** Changes whenever any file does. */
  readonly build: string;
  /** What the page has in itself, as sources of a Content-Security-Policy; '' when it has files. */
  readonly inline = { script: '', style: '' };

  constructor() {
    const main = '/page/main.js';
    const modules = withImports('main');
    const worklets = withImports('SoundWorklet');
    const style = readFileSync(join(sources, 'style.css'), 'utf8');
    const icon = readFileSync(join(sources, 'icon.svg'), 'utf8');
    const html = readFileSync(join(sources, 'index.html'), 'utf8');
    this.build = digest([html, style, icon, ...modules.values(), ...worklets.values()].join('\0')).slice(
      0,
      16,
    );
    const named = html.replace('{build}', this.build);
    this.#add(
      '/',
      'text/html; charset=utf-8',
      isBundled ? this.#inOne(named, style, modules.get(main)!) : preloading(named, modules.keys()),
    );
    this.#add('/style.css', 'text/css; charset=utf-8', style);
    this.#add('/icon.svg', 'image/svg+xml', icon);
    this.#add('/manifest.webmanifest', 'application/manifest+json', manifest);
    for (const [path, text] of [...modules, ...worklets])
      this.#add(path, 'text/javascript; charset=utf-8', text);
  }

  get(path: string): PageFile | undefined {
    return this.#files.get(path);
  }

  #inOne(html: string, style: string, script: string): string {
    this.inline.style = hashSource(style);
    this.inline.script = hashSource(script);
    const parts: [string, string][] = [
      ['<link rel="stylesheet" href="/style.css">', `<style>${style}</style>`],
      ['<script type="module" src="/page/main.js"></script>', `<script type="module">${script}</script>`],
    ];
    return parts.reduce((text, [tag, whole]) => {
      if (!text.includes(tag)) throw new Error(`the page has no ${tag}`);
      return text.replace(tag, () => whole);
    }, html);
  }

  #add(path: string, type: string, text: string): void {
    this.#files.set(path, { type, body: Buffer.from(text), etag: `"${digest(text).slice(0, 32)}"` });
  }
}

function preloading(html: string, modules: Iterable<string>): string {
  const links = [...modules].map((path) => `<link rel="modulepreload" href="${path}">`);
  return html.replace('<!--modules-->', links.join('\n    '));
}

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What lets browsers install the page as a program with a window of its own. */
const manifest = JSON.stringify({
  name: 'Switchyard',
  short_name: 'Switchyard',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  background_color: '#0b0d11',
  theme_color: '#171b22',
  icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
});

/** A module of the page, with all that it imports in it or beside it. */
function withImports(module: string): Map<string, string> {
  const url = `/page/${module}.js`;
  if (isBundled) return new Map([[url, readFileSync(join(compiled, `${module}.bundle.js`), 'utf8')]]);
  const modules = new Map<string, string>();
  collectModules(url, join(compiled, `${module}.js`), modules);
  return modules;
}

/** Reads the module that is served as `url` and everything that it imports. */
function collectModules(url: string, path: string, into: Map<string, string>): void {
  if (into.has(url)) return;
  into.set(url, '');
  const text = readFileSync(path, 'utf8')
    .replace(/\n\/\/# sourceMappingURL=.*/, '')
    .replace(
      /(\b(?:from|import)\s*)(['"])([^'"\n]+)\2/g,
      (_, keyword: string, quote: string, specifier: string) => {
        const imported = resolveImport(specifier, url, path);
        collectModules(imported.url, imported.path, into);
        return `${keyword}${quote}${imported.url}${quote}`;
      },
    );
  into.set(url, text);
}

function resolveImport(specifier: string, url: string, path: string): { url: string; path: string } {
  if (specifier.startsWith('./') || specifier.startsWith('../'))
    return { url: posix.join(posix.dirname(url), specifier), path: join(dirname(path), specifier) };
  const [, name, file = 'index'] = /^@switchyard\/([a-z]+)(?:\/(\w+))?$/.exec(specifier) ?? [];
  if (name === undefined) throw new Error(`${path}: the page cannot import ${specifier}`);
  return { url: `/lib/${name}/${file}.js`, path: createRequire(import.meta.url).resolve(specifier) };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
