import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestUser } from '../../libs/pam/src/testing/TestUser.js';
import { slowness } from '../support/slowness.js';
import { Terminal } from '../support/Terminal.js';
import { eventually, type SessionListing, YardTree } from '../support/YardTree.js';

/** Two seats with a greeter each. */
describe('somebody who logs in at a second seat', () => {
  let tree: YardTree;
  let alice: TestUser;
  const greeters = new Map<string, Terminal>();

  beforeAll(async () => {
    alice = new TestUser();
    tree = await YardTree.up('--greeter');
    await tree.yard('seat add', 'seat1');
    for (const seat of ['seat0', 'seat1']) {
      const { id } = await inFront(seat, 'its greeter', (one) => one.class === 'greeter');
      greeters.set(seat, await Terminal.of(tree, id));
    }
  });
  afterAll(async () => {
    for (const greeter of greeters.values()) greeter.close();
    await tree?.down();
    alice?.[Symbol.dispose]();
  });

  const patience = () => 20_000 * slowness();
  const inFront = (seat: string, what: string, is: (one: SessionListing) => boolean) =>
    eventually(
      `${what} in front of ${seat}`,
      async () =>
        (await tree.sessions()).find((one) => one.seat === seat && one.state === 'active' && is(one)),
      patience(),
    );

  async function logIn(seat: string): Promise<void> {
    const greeter = greeters.get(seat)!;
    await greeter.shows(/Somebody else/, patience());
    // The list ends with "Somebody else", and pressing on stays there.
    await tree.yard('key', '--seat', seat, ...Array<string>(40).fill('Down'), 'Return');
    await greeter.shows(/^\s*Name\s*$/m, patience());
    await tree.yard('type', '--seat', seat, `${alice.name}\n`);
    await greeter.shows(/Password/, patience());
    await tree.yard('type', '--seat', seat, `${alice.password}\n`);
  }

  /** What is typed at a seat arrives. A session is in front before it has the keyboard: what comes between is lost. */
  const says = (terminal: Terminal, seat: string) =>
    eventually(
      `what is typed at ${seat}`,
      async () => {
        await tree.yard('type', '--seat', seat, `echo "by $(id -un) at ${seat}"\n`);
        return terminal.shows(new RegExp(`^by ${alice.name} at ${seat}`, 'm'), 3000);
      },
      patience(),
    );

  it('is offered the session that runs on the first, and has it on both', async () => {
    await logIn('seat0');
    const first = await inFront('seat0', 'her session', (one) => one.user === alice.name);
    const own = await eventually('the session itself', async () =>
      (await tree.sessions()).find((one) => one.user === alice.name && one.seat.startsWith('seat-shared')),
    );
    const terminal = await Terminal.of(tree, own.id);
    await says(terminal, 'seat0');

    await logIn('seat1');
    const greeter = greeters.get('seat1')!;
    await greeter.shows(/You have a session: show it here too\?/, patience());
    await greeter.shows(new RegExp(`Terminal of ${alice.name}, on seat0`), patience());
    await tree.yard('key', '--seat', 'seat1', 'Return');
    const second = await inFront('seat1', 'her session', (one) => one.user === alice.name);
    expect(second.id).not.toBe(first.id);
    await says(terminal, 'seat1');
    // Each seat has its own list: going back to the greeter there leaves the other seat alone.
    await tree.yard('key', '--seat', 'seat1', 'ctrl+alt+1');
    await inFront('seat1', 'its greeter', (one) => one.class === 'greeter');
    await inFront('seat0', 'her session', (one) => one.id === first.id);
    terminal.close();
  });

  it('may have a new one all the same, and the shared one ends everywhere at once', async () => {
    const before = (await tree.sessions()).filter((one) => one.user === alice.name);
    await logIn('seat1');
    await greeters.get('seat1')!.shows(/A new session/, patience());
    await tree.yard('key', '--seat', 'seat1', 'Down', 'Down', 'Return');
    const fresh = await inFront(
      'seat1',
      'a new session',
      (one) => one.user === alice.name && !before.some(({ id }) => id === one.id),
    );
    const ended = async () => {
      const ids = (await tree.sessions()).map(({ id }) => id);
      return before.every(({ id }) => !ids.includes(id));
    };
    await eventually(
      'the end of all its sessions',
      async () => {
        await tree.yard('type', '--seat', 'seat0', 'exit\n');
        return eventually('it', ended, 10_000);
      },
      patience(),
    );
    expect((await tree.sessions()).map(({ id }) => id)).toContain(fresh.id);
    await eventually(
      'its seat’s end',
      async () => !(await tree.services()).has('mirror.seat-shared1'),
      patience(),
    );
  });
});
