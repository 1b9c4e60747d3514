/** Ioctls whose struct points to more memory. The tables say what is there and which field counts it. */
import type { Fd, IoctlPointer } from '@switchyard/sys';
import { access, type FieldType, type Pointer, sizeOf, type Value } from '../Field.js';
import type { Ioctl } from '../Ioctl.js';
import { encode, type Fields, type GivenValues, type Struct, type Values } from '../Struct.js';
import { call } from './Call.js';

/** Arrays that grow while they are asked for (a monitor plugged in) are asked for again; a card does not grow for ever. */
const ROUNDS_MAX = 8;

type PointerName<F extends Fields> = {
  [K in keyof F]: F[K] extends Pointer ? K : never;
}[keyof F];
/** Memory for some of a struct's pointers. It must hold whole elements. */
export type Memory<F extends Fields> = { readonly [K in PointerName<F>]?: ArrayBufferView };
type Elements<T> = T extends Pointer<infer E> ? (E extends 'u8' ? Uint8Array : Value<E>[]) : never;
/** What stands where a struct points. */
export type Pointed<F extends Fields> = { readonly [K in PointerName<F>]: Elements<F[K]> };

const pointersOf = (fields: Fields): [string, Pointer][] =>
  Object.entries(fields).filter(
    (entry): entry is [string, Pointer] => typeof entry[1] === 'object' && entry[1].kind === 'pointer',
  );

/**
 * Calls with the struct's pointers set to memory, and the fields that count it to how many elements that is. The kernel
 * writes into the memory; the struct, as it comes back, is the result.
 */
export function callWith<F extends Fields>(
  fd: Fd,
  request: Ioctl<Struct<F>>,
  given: GivenValues<F>,
  memory: Memory<F>,
): Values<F> {
  const type = request.argument;
  const counts: Record<string, number> = {};
  const pointers: IoctlPointer[] = [];
  for (const [name, pointer] of pointersOf(type.fields)) {
    const view = (memory as Readonly<Record<string, ArrayBufferView>>)[name];
    if (view === undefined) continue;
    const count = view.byteLength / sizeOf(pointer.to);
    if (
      !Number.isInteger(count) ||
      (pointer.count !== undefined && (counts[pointer.count] ?? count) !== count)
    )
      throw new RangeError(
        `${request.name}: ${name} has ${view.byteLength} bytes, which is not as many elements`,
      );
    if (pointer.count !== undefined) counts[pointer.count] = count;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    pointers.push({ offset: type.offset[name]!, memory: bytes });
  }
  const counted = Object.entries(counts).map(([name, count]) => [
    name,
    type.fields[name] === 'u64' ? BigInt(count) : count,
  ]);
  const argument = encode(type, { ...given, ...Object.fromEntries(counted) } as GivenValues<F>);
  call(fd, request, argument, pointers);
  return type.read(new DataView(argument.buffer), 0);
}

/**
 * Asks how much there is, and then for all of it: what DRM's ioctls want that fill arrays. `room` gives the first call
 * room for some elements already.
 */
export function fetch<F extends Fields>(
  fd: Fd,
  request: Ioctl<Struct<F>>,
  given: GivenValues<F>,
  room: { readonly [K in PointerName<F>]?: number } = {},
): { values: Values<F>; pointed: Pointed<F> } {
  const pointers = pointersOf(request.argument.fields);
  const rooms = new Map(
    pointers.map(([name]) => [name, (room as Readonly<Record<string, number>>)[name] ?? 0]),
  );
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const memory: Record<string, Uint8Array> = {};
    for (const [name, { to }] of pointers)
      if (rooms.get(name)! > 0) memory[name] = new Uint8Array(rooms.get(name)! * sizeOf(to));
    const values = callWith(fd, request, given, memory as Memory<F>);
    const countOf = ({ count }: Pointer): number => Number(values[count as keyof F]);
    if (round > 0 && pointers.every(([name, pointer]) => countOf(pointer) <= rooms.get(name)!)) {
      const pointed = pointers.map(([name, pointer]) => [
        name,
        elements(pointer.to, memory[name]!, countOf(pointer)),
      ]);
      return { values, pointed: Object.fromEntries(pointed) as Pointed<F> };
    }
    // At least one: a connector without modes is not to be probed again (count_modes 0).
    for (const [name, pointer] of pointers) rooms.set(name, Math.max(1, countOf(pointer)));
  }
  throw new Error(`${request.name} ${fd.what}: there was more each of ${ROUNDS_MAX} times it was asked`);
}

function elements(type: FieldType, memory: Uint8Array, count: number): Uint8Array | unknown[] {
  if (type === 'u8') return memory.subarray(0, count);
  const view = new DataView(memory.buffer);
  const { read } = access(type);
  return Array.from({ length: count }, (_, i) => read(view, i * sizeOf(type)));
}
