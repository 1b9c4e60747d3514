import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../../', import.meta.url);
const page = readFileSync(new URL('docs/bus.md', root), 'utf8');
const section = /^### kdbus's own tests$(.*?)^#/ms.exec(page)![1]!;
const rows = [...section.matchAll(/^\| ([\w-]+) \| (.+?) \| (.+) \|$/gm)]
  .map(([, scenario, about, here]) => ({ scenario: scenario!, about: about!, here: here! }))
  .filter(({ about }) => about !== 'about' && about !== '---');

/** kdbus's tools/testing/selftests: its files, and the tests that are in them. */
const scenarios = [
  ...['activator', 'attach-flags', 'benchmark', 'bus-make', 'byebye', 'chat', 'connection-info'],
  ...['connection-update', 'daemon', 'endpoint', 'fd-passing', 'hello', 'match-bloom', 'match-id-add'],
  ...['match-id-remove', 'match-name-add', 'match-name-change', 'match-name-remove', 'match-replace'],
  ...['memory-access', 'message-basic', 'message-free', 'message-prio', 'message-quota', 'metadata-ns'],
  ...['monitor', 'name-basics', 'name-conflict', 'name-queue', 'name-takeover', 'policy', 'policy-ns'],
  ...['policy-priv', 'sync-byebye', 'sync-reply', 'timeout', 'writable-pool'],
];

describe("docs/bus.md's table of kdbus's tests", () => {
  it('has every one of them', () => {
    expect([...new Set(rows.map(({ scenario }) => scenario))].sort()).toEqual(scenarios);
  });

  it.each(rows)('$scenario, $about: names tests that are there, or says why there is none', ({ here }) => {
    const named = [...here.matchAll(/`([\w/.-]+\.test\.ts)` “([^”]+)”/g)];
    for (const [, file, title] of named) {
      const place = file!.startsWith('libs/') ? file! : `services/bus/src/${file}`;
      // As the first argument of `it`, on its line or on one of its own.
      expect(readFileSync(new URL(place, root), 'utf8'), place).toMatch(
        new RegExp(`(\\(|^\\s*)'${title!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}',`, 'm'),
      );
    }
    if (named.length === 0) expect(here).toMatch(/^.{30,}\.$/);
  });
});
