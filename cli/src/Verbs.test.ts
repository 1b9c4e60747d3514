import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addVerbs } from './Verbs.js';

async function names(asked?: string): Promise<string[]> {
  const program = new Command('yard').enablePositionalOptions();
  await addVerbs(program, asked);
  return program.commands.map((command) => command.name());
}

test('each verb of the command is found by its own name, and loads no other', async () => {
  const all = await names();
  expect(all.length).toBeGreaterThan(20);
  for (const verb of all.filter((name) => name !== 'completion')) {
    const found = await names(verb);
    expect(found, verb).toContain(verb);
    expect(found.length, verb).toBeLessThan(4);
  }
});

test('all verbs are there for who asks for none, for another, or for completions', async () => {
  const all = await names();
  for (const asked of ['--help', 'up-and-away', 'completion']) expect(await names(asked)).toEqual(all);
});
