import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseIntrospection } from '../introspection/IntrospectionReader.js';
import { GLibLamp, lampXml } from '../testing/GLibLamp.js';
import { ReferenceBus } from '../testing/ReferenceBus.js';
import { interfaceModule } from './InterfaceModule.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
/** Inside the package, so that what is generated finds the library as any user's code does. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(root, 'libs/dbus/dist/codegen-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles files with this repository's strict settings; what tsc says, or nothing. */
async function compile(
  name: string,
  files: Record<string, string>,
): Promise<{ folder: string; errors: string[] }> {
  const own = join(folder, name);
  mkdirSync(own);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(own, file), text);
  const options = { composite: false, incremental: false, rootDir: '.', outDir: 'out' };
  writeFileSync(
    join(own, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: options,
      include: ['*.ts'],
    }),
  );
  writeFileSync(join(own, 'package.json'), '{"type":"module"}');
  const errors = await run(join(root, 'node_modules/.bin/tsc'), ['-p', own]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
  return { folder: own, errors: errors.split('\n').filter((line) => line.includes('error')) };
}

const lamp = () =>
  interfaceModule(parseIntrospection(readFileSync(lampXml, 'utf8')).interfaces, { source: 'lamp.xml' });

const program = `
import { Connection, Fd, Variant } from '@switchyard/dbus';
import { fileStat, pread, sealedMemfd } from '@switchyard/sys';
import { Lamp1, type Lamp1Object, Lamp1Proxy } from './lamp.js';

export async function client(address: string, name: string): Promise<unknown[]> {
  using bus = await Connection.connect(address);
  const lamp = new Lamp1Proxy(bus, name, '/lamp');
  const seen: unknown[] = [];
  using blinked = lamp.signals('Blinked');
  using changes = lamp.onPropertiesChanged((changed, invalidated) => seen.push(changed.On, invalidated));
  await Promise.all([blinked.ready, changes.ready]);
  const [total, seenBy]: [bigint, string[]] = await lamp.Blink(2, [['a', new Variant('u', 7)]]);
  seen.push(total, seenBy);
  for await (const [times, where] of blinked) {
    seen.push(times, where);
    if (times === 2) break;
  }
  const description: Map<string, Variant> = await lamp.Describe();
  seen.push(description.get('size')?.value);
  seen.push(await lamp.Size(sealedMemfd('x', new Uint8Array(1234))));
  using opened: Fd = await lamp.Open('héllo');
  const text = Buffer.alloc(fileStat(opened).size);
  pread(opened, text, 0);
  seen.push(text.toString(), await lamp.get_(Uint8Array.of(1, 2, 3)));
  await lamp.set('On', true);
  const on: boolean = await lamp.get('On');
  const { Colours, Version } = await lamp.getAll();
  seen.push(on, Colours, Version);
  await lamp.Break().catch((error: Error) => seen.push(error.name, error.message));
  return seen;
}

class Lamp implements Lamp1Object {
  On = false;
  readonly Colours = new Map<string, [number, number, number]>([['red', [255, 0, 0]]]);
  readonly Version = '1.0';
  tell: (times: number) => void = () => {};
  async Blink(times: number, class_: [string, Variant][]) {
    for (let i = 1; i <= times; i++) this.tell(i);
    return [BigInt(times) * 2n ** 40n, class_.map(([name, { value }]) => \`\${name}=\${value}\`)] as const;
  }
  Describe() {
    return new Map<string, Variant>([['on', new Variant('b', this.On)], ['size', new Variant('(dd)', [0.5, 2])]]);
  }
  Size(file: Fd) {
    using own = file;
    return fileStat(own).size;
  }
  Open(text: string) {
    return sealedMemfd('opened', Buffer.from(text));
  }
  get(bytes: Uint8Array) {
    return Uint8Array.from(bytes).reverse();
  }
  Break(): never {
    throw Object.assign(new Error(), { name: 'x' });
  }
}

export async function serve(address: string): Promise<{ name: string; turnOn(): void; close(): void }> {
  const bus = await Connection.connect(address);
  const lamp = new Lamp();
  const exported = bus.exportObject('/lamp', Lamp1, lamp);
  lamp.tell = (times) => exported.emit('Blinked', times, '/lamp');
  return { name: bus.uniqueName, turnOn: () => { exported.properties.On = true; }, close: () => bus.close() };
}
`;

const wrong = `
import type { Connection } from '@switchyard/dbus';
import { Lamp1, type Lamp1Object, Lamp1Proxy } from './lamp.js';
declare const bus: Connection;
declare const lamp: Lamp1Proxy;
export const a = lamp.Blink('twice', []);
export const b = lamp.get('Brightness');
export const c = lamp.set('Version', '2');
export const d = lamp.set('On', 1);
export const e = lamp.on('Exploded', () => {});
export const f = lamp.on('Blinked', (times: string) => times);
export class Half implements Lamp1Object { On = true; }
export const g = bus.exportObject('/lamp', Lamp1, { On: true });
export const h: Promise<number> = lamp.Size(3);
`;

describe('generated code', () => {
  it('compiles in strict settings, talks to a service made with GLib, and serves the same', async () => {
    const bus = await ReferenceBus.start();
    const compiled = await compile('right', { 'lamp.ts': lamp(), 'program.ts': program });
    expect(compiled.errors).toEqual([]);
    const { client, serve } = await import(pathToFileURL(join(compiled.folder, 'out/program.js')).href);
    using glib = await GLibLamp.start(bus.address);
    const expected = [
      2n ** 41n,
      ['a=7'],
      1,
      '/lamp',
      2,
      '/lamp',
      [0.5, 2],
      1234n,
      'héllo',
      Uint8Array.of(3, 2, 1),
      true,
      [],
      true,
      new Map([['red', [255, 0, 0]]]),
      '1.0',
    ];
    expect(await client(bus.address, glib.uniqueName)).toEqual([
      ...expected,
      'org.example.Error.Broken',
      'it is broken',
    ]);
    const own = await serve(bus.address);
    expect(await client(bus.address, own.name)).toEqual([
      ...expected,
      'org.freedesktop.DBus.Error.Failed',
      '',
    ]);
    own.close();
    await bus.stop();
  });

  it('is refused by the compiler where a call, a property, a signal or an object is not as the interface says', async () => {
    const { errors } = await compile('wrong', { 'lamp.ts': lamp(), 'wrong.ts': wrong });
    const lines = errors.map((line) => Number(/wrong\.ts\((\d+),/.exec(line)?.[1]));
    const expected = wrong
      .split('\n')
      .flatMap((line, i) => (/^export (const|class)/.test(line) ? [i + 1] : []));
    expect([...new Set(lines)]).toEqual(expected);
  });

  it('compiles whatever an object calls its members and arguments', async () => {
    const names = ['constructor', '__proto__', 'then', 'toString', 'get', 'on', 'await', 'A1'];
    const members = names
      .map(
        (name) =>
          `<method name="${name}"><arg type="s" name="await" direction="in"/><arg type="s" name="x y*/" direction="in"/>
           <arg type="v" name="await" direction="in"/><arg type="aa{tav}" direction="out"/><arg type="h" name="1" direction="out"/></method>
           <property name="${name}Value" type="a(ia{ox})" access="readwrite"/><signal name="${name}"/>`,
      )
      .join('');
    const xml = `<node><interface name="a.b.Same">${members}</interface><interface name="a.c.Same">${members}</interface><interface name="a._1.empty_"/>
      <interface name="x.y.Z"/><interface name="x.Y.Z"/></node>`;
    const text = interfaceModule(parseIntrospection(xml).interfaces, { source: 'x\n*/ break;' });
    const compiled = await compile('names', { 'names.ts': text });
    expect(compiled.errors).toEqual([]);
    const { BSame } = await import(pathToFileURL(join(compiled.folder, 'out/names.js')).href);
    expect(Object.keys(BSame.methods).sort()).toEqual([...names].sort());
    expect(text).toContain('class BSameProxy');
    expect(text).toContain('class CSameProxy');
  });
});
