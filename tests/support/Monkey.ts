import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createMemfd, Fd, Socket } from '@switchyard/sys';
import * as wayland from '@switchyard/wayland';
import { camelCase, pascalCase } from '../../libs/wayland/src/compiler/Names.js';
import { parseProtocol } from '../../libs/wayland/src/compiler/Parser.js';
import type { Argument, InterfaceModel, Message } from '../../libs/wayland/src/compiler/Protocol.js';

const directory = fileURLToPath(new URL('../../protocols/', import.meta.url));
const models = new Map<string, InterfaceModel>();
for (const file of readdirSync(directory).filter((name) => name.endsWith('.xml'))) {
  for (const model of parseProtocol(readFileSync(directory + file, 'utf8'), file).interfaces)
    models.set(model.name, model);
}

/** Roles that few surfaces may take, serials that were never sent, devices that are not there. */
const deadly: ReadonlySet<string> = new Set([
  'ack_configure',
  'get_touch',
  'get_toplevel',
  'get_xdg_surface',
  'get_subsurface',
  'set_cursor',
  'start_drag',
  'lock_pointer',
  'confine_pointer',
  'get_viewport',
  'get_fractional_scale',
  'get_toplevel_decoration',
  'set_parent',
  'set_window_geometry',
  ...['get_lock_surface', 'get_input_popup_surface', 'export', 'export_toplevel', 'set_parent_of'],
  ...['attach_buffer', 'capture', 'create_frame', 'create_pointer_cursor_session', 'get_capture_session'],
  ...['copy', 'copy_with_damage', 'keymap', 'key', 'modifiers', 'axis', 'axis_source', 'create_listener'],
  ...['damage_buffer', 'get_xdg_dialog', 'get_surface_content_type', 'get_tearing_control'],
  ...['inhibit_shortcuts', 'set_shape'],
]);

/** Events that bring an object. */
const bringing: ReadonlySet<string | symbol> = new Set(['dataOffer', 'toplevel']);

type Call = (...args: unknown[]) => wayland.ObjectProxy | undefined;

/** mulberry32: small, fast, and the same everywhere. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A Wayland client that sends whatever comes to its mind: requests of the protocols, on objects that it has, with
 * arguments of the right types and now and then with wrong ones. It answers configures and pings, most of the time,
 * so that its windows are mapped and it gets far.
 */
export class Monkey {
  readonly connection: wayland.DisplayConnection;
  readonly #random: () => number;
  readonly #answers: boolean;
  readonly #objects = new Map<string, wayland.ObjectProxy[]>();
  sent = 0;

  /** `answers`: false for one whose words are said again later, when serials are others. */
  constructor(path: string, random: () => number, answers = true) {
    this.connection = wayland.DisplayConnection.connect(path);
    this.#random = random;
    this.#answers = answers;
  }

  /** Binds everything that there is. */
  async start(): Promise<void> {
    const globals = await this.connection.globals();
    for (const global of globals) {
      const type = proxyClass(global.interface);
      if (!type) continue;
      const version = Math.min(global.version, type.interface.version);
      const bind = globals.registry.bind.bind(globals.registry) as (
        ...args: unknown[]
      ) => wayland.ObjectProxy;
      const proxy = bind(global.name, type, this.#below(8) ? version : 1, this.#handler());
      this.#add(global.interface, proxy);
    }
    // A window to begin with, and surfaces without a role: most of what there is needs one or the other.
    this.#call('wl_compositor', 'create_surface');
    this.#call('xdg_wm_base', 'get_xdg_surface');
    this.#call('xdg_surface', 'get_toplevel');
    this.#call('wl_surface', 'commit');
    for (let i = 0; i < 12; i++) this.#call('wl_compositor', 'create_surface');
    for (let i = 0; i < 3; i++) this.#call('wl_shm', 'create_pool');
    for (let i = 0; i < 6; i++) this.#call('wl_shm_pool', 'create_buffer');
    this.#call('wl_seat', 'get_pointer');
    this.#call('wl_seat', 'get_keyboard');
    this.#call('wl_data_device_manager', 'get_data_device');
    await this.connection.roundtrip();
  }

  /** Sends some requests. */
  steps(count: number): void {
    for (let i = 0; i < count && this.connection.open; i++) {
      const name = this.#pick([...this.#objects.keys()]);
      const model = models.get(name);
      if (!model || model.requests.length === 0) continue;
      const request = this.#pick(model.requests);
      // Destructors end the fun, and so does what is nearly always a mistake.
      if (request.destructor && this.#below(6) > 0) continue;
      if (deadly.has(request.name) && this.#below(40) > 0) continue;
      this.#call(name, request.name);
    }
  }

  #call(name: string, requestName: string): void {
    const proxy = this.#find(name);
    const request = models.get(name)?.requests.find((candidate) => candidate.name === requestName);
    if (!proxy || !request || name === 'wl_registry' || request.since > proxy.version) return;
    const args = this.#arguments(request);
    if (!args) return;
    const created = request.arguments.find((argument) => argument.type === 'new_id')?.interface;
    const method = (proxy as unknown as Record<string, Call | undefined>)[camelCase(requestName)];
    if (!method) return;
    try {
      const result = method.call(proxy, ...args, ...(created ? [this.#handler()] : []));
      if (created && result) this.#add(created, result);
      this.sent++;
    } catch {
      // The library keeps us from a mistake of its own kind; the raw fuzzer makes those.
      for (const arg of args) if (arg instanceof Fd) arg.close();
    }
  }

  /** undefined when there is no object that could be given. */
  #arguments(request: Message): unknown[] | undefined {
    const args: unknown[] = [];
    for (const argument of request.arguments) {
      if (argument.type === 'new_id') continue;
      const value = this.#argument(argument);
      if (value === undefined) return undefined;
      args.push(value);
    }
    return args;
  }

  #argument(argument: Argument): unknown {
    switch (argument.type) {
      case 'object': {
        if (argument.nullable && this.#below(4) === 0) return null;
        const found = argument.interface ? this.#find(argument.interface) : undefined;
        return found ?? (argument.nullable ? null : undefined);
      }
      case 'fd':
        return this.#fd();
      case 'string':
        return this.#pick(['', 'text/plain', 'a title', 'ü'.repeat(this.#below(100))]);
      case 'array':
        return new Uint8Array(this.#below(5) * 4);
      case 'fixed':
        return this.#pick([-1, 0, 1, 8, 100, 0.5, 4000]);
      default:
        return this.#number(argument);
    }
  }

  #number(argument: Argument): number {
    if (argument.enum && argument.name !== 'format') return this.#below(this.#below(50) > 0 ? 5 : 20);
    if (this.#below(60) === 0)
      return this.#pick([-1, 0x7fffffff, 65_536, -0x80000000]) >> (argument.type === 'int' ? 0 : 0);
    const { name } = argument;
    if (name === 'format') return this.#below(2);
    if (name === 'stride') return 256;
    if (name === 'offset') return 0;
    if (name === 'size') return 65_536;
    if (/width|height/.test(name)) return 1 + this.#below(64);
    if (/scale/.test(name)) return 1 + this.#below(2);
    return this.#below(50);
  }

  #fd(): Fd {
    if (this.#below(100) > 0)
      return createMemfd('monkey', {
        size: this.#pick([65_536, 65_536, 4096, 0]),
        sealable: this.#below(2) > 0,
      });
    const [mine, theirs] = Socket.pair('stream');
    mine.close();
    const fd = theirs.fd.dup();
    theirs.close();
    return fd;
  }

  /** Answers as a client should, mostly, and remembers what events bring. */
  #handler(): unknown {
    return new Proxy(
      {},
      {
        get:
          (_, event) =>
          (proxy: wayland.ObjectProxy, ...args: unknown[]) => {
            for (const arg of args) {
              if (arg instanceof Fd) arg.close();
              else if (bringing.has(event) && isProxy(arg)) {
                arg.implement(this.#handler());
                this.#add(arg.interface.name, arg);
              }
            }
            const willing = this.#answers && this.#below(20) > 0;
            if (willing && event === 'configure' && proxy instanceof wayland.XdgSurfaceProxy)
              proxy.ackConfigure(args[0] as number);
            if (willing && event === 'configure' && proxy instanceof wayland.ExtSessionLockSurfaceV1Proxy)
              proxy.ackConfigure(args[0] as number);
            if (willing && event === 'ping' && proxy instanceof wayland.XdgWmBaseProxy)
              proxy.pong(args[0] as number);
          },
      },
    );
  }

  #find(name: string): wayland.ObjectProxy | undefined {
    const objects = (this.#objects.get(name) ?? []).filter((proxy) => proxy.alive);
    this.#objects.set(name, objects);
    return objects.length > 0 ? this.#pick(objects) : undefined;
  }

  #add(name: string, proxy: wayland.ObjectProxy): void {
    const objects = this.#objects.get(name);
    if (objects) objects.push(proxy);
    else this.#objects.set(name, [proxy]);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#below(values.length)]!;
  }
}

function proxyClass(name: string): wayland.ProxyClass | undefined {
  return (wayland as unknown as Record<string, wayland.ProxyClass | undefined>)[`${pascalCase(name)}Proxy`];
}

function isProxy(value: unknown): value is wayland.ObjectProxy {
  return typeof value === 'object' && value !== null && 'interface' in value && 'implement' in value;
}
