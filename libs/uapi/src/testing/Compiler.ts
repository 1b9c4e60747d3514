/** What a C compiler says of the tables: a program that prints each header's sizes, offsets and numbers is made from them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyStruct } from '../Struct.js';
import type { Header } from '../tables.js';
import { constantsOf, ioctlsOf, membersOf } from './expressions.js';

/** Headers of graphics are the kernel's own in drm/, or libdrm's copies of them. */
const include = (header: string): string =>
  header.startsWith('drm/')
    ? `#if __has_include(<${header}>)\n#include <${header}>\n#else\n#include <lib${header}>\n#endif`
    : `#include <${header}>`;

const present = (header: string): string =>
  `#if !__has_include(<${header}>) && !(__has_include(<lib${header}>))\n#error "missing ${header}"\n#endif`;

const isScalar = (type: unknown): boolean => typeof type === 'string' && type !== 'u8' && type !== 'i8';

function structLines(type: AnyStruct): string[] {
  const c = `${type.kind} ${type.name}`;
  const lines = [`printf("${c} %zu\\n", sizeof(${c}));`];
  for (const { path, type: field } of membersOf(type)) {
    const member = `((${c} *)0)->${path}`;
    const sign = isScalar(field) ? `((__typeof__(${member}))-1 < 0 ? "i" : "u")` : '"-"';
    lines.push(`printf("${c}.${path} %zu %zu %s\\n", offsetof(${c}, ${path}), sizeof(${member}), ${sign});`);
  }
  return lines;
}

export function programOf(header: Header, constantHeaders: readonly string[]): string {
  const includes = [...header.includes, ...constantHeaders];
  const numbers = ioctlsOf(header).map(
    ([expression]) =>
      `#ifdef ${expression.replace(/\(.*/, '')}\nprintf("${expression} %lu\\n", (unsigned long)(unsigned)(${expression}));\n#endif`,
  );
  const constants = includes
    .flatMap(constantsOf)
    .map(([name]) => `printf("${name} %llu\\n", (unsigned long long)(${name}));`);
  return `#define _GNU_SOURCE
${includes.map(present).join('\n')}
#include <linux/fcntl.h>
#include <linux/ioctl.h>
#include <stddef.h>
#include <stdio.h>
${includes.map(include).join('\n')}
int main(void) {
${header.structs
  .filter(({ name }) => name !== '')
  .flatMap(structLines)
  .join('\n')}
${numbers.join('\n')}
${constants.join('\n')}
return 0;
}
`;
}

/** What our tables say, in the lines that the program prints. */
export function expectedOf(header: Header, constantHeaders: readonly string[]): string[] {
  const lines: string[] = [];
  for (const type of header.structs.filter(({ name }) => name !== '')) {
    const c = `${type.kind} ${type.name}`;
    lines.push(`${c} ${type.size}`);
    for (const { path, offset, type: field } of membersOf(type)) {
      const size = typeof field === 'string' ? Number(field.slice(1)) / 8 : field.size;
      const sign = isScalar(field) ? (field as string)[0] : '-';
      lines.push(`${c}.${path} ${offset} ${size} ${sign}`);
    }
  }
  for (const [expression, { number }] of ioctlsOf(header)) lines.push(`${expression} ${number}`);
  for (const [name, value] of [...header.includes, ...constantHeaders].flatMap(constantsOf))
    lines.push(`${name} ${value}`);
  return lines;
}

/** The program's lines; or, in `missing`, why there are none. Errors other than a missing header or compiler throw. */
export function compileAndRun(program: string): { lines: string[] } | { missing: string } {
  const directory = mkdtempSync(join(tmpdir(), 'uapi-'));
  try {
    const source = join(directory, 'program.c');
    const executable = join(directory, 'program');
    writeFileSync(source, program);
    const { error, status, stderr } = spawnSync('cc', ['-w', '-o', executable, source], { encoding: 'utf8' });
    if (error) return { missing: `there is no C compiler (cc): ${error.message}` };
    const header = /"missing ([^"]+)"/.exec(stderr)?.[1];
    if (header) return { missing: `<${header}> is not installed` };
    if (status !== 0) throw new Error(stderr);
    return { lines: execFileSync(executable, { encoding: 'utf8' }).trim().split('\n') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
