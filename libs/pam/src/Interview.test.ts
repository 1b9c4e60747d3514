import { afterAll, beforeAll, expect, test } from 'vitest';
import { Dialogue } from './Dialogue.js';
import { Interview } from './Interview.js';
import { TestUser } from './testing/TestUser.js';

const bytes = (text: string) => new TextEncoder().encode(text);

let user: TestUser;
beforeAll(() => {
  user = new TestUser();
});
afterAll(() => user[Symbol.dispose]());

test('a question waits for its answer, and the verdict comes behind the last one', async () => {
  const states: string[] = [];
  const interview: Interview = new Interview((conversation) => Dialogue.begin({ user: '' }, conversation), {
    changed: () => states.push(interview.state.kind),
  });
  const name = await interview.next();
  expect(name).toMatchObject({ kind: 'asking', shown: true });
  // It is still the same one.
  expect(await interview.next()).toBe(name);
  interview.answer(bytes(user.name));
  expect(await interview.next()).toMatchObject({ kind: 'asking', shown: false });
  interview.answer(bytes(user.password));
  const verdict = { allowed: true, user: user.name };
  expect(await interview.next()).toEqual({ kind: 'over', verdict });
  expect(await interview.verdict).toEqual(verdict);
  expect(states).toEqual(['asking', 'thinking', 'asking', 'thinking', 'over']);
  interview.dialogue.close();
});

test('what is known answers the first question for a secret, which nobody is asked, and is wiped', async () => {
  const known = bytes(user.password);
  const interview = new Interview((conversation) => Dialogue.begin({ user: user.name }, conversation), {
    known,
  });
  expect(await interview.next()).toMatchObject({ kind: 'over', verdict: { allowed: true } });
  expect(known.every((byte) => byte === 0)).toBe(true);
  interview.dialogue.close();
});

test('who gives up hears of no question any more, and an answer that comes later goes nowhere', async () => {
  const interview = new Interview((conversation) => Dialogue.begin({ user: user.name }, conversation));
  await interview.next();
  interview.giveUp();
  expect(await interview.next()).toEqual({ kind: 'over', verdict: { allowed: false, why: 'denied' } });
  interview.answer(bytes(user.password));
  expect(interview.state.kind).toBe('over');
});
