import type { Command } from 'commander';
import { Failure } from '../Failure.js';
import { Yard } from '../Yard.js';

/** A switch takes the grace time at most; this long means that the seat manager itself is gone. */
const patience = 5_000;
const seatInterface = 'org.freedesktop.login1.Seat';

export function activateCommand(program: Command): void {
  program
    .command('activate')
    .description('bring a session to the front; returns when the switch is done')
    .argument('<session>', 'its id, its name, its number (from 1, or its VT), or next or prev')
    .option('--seat <seat>', 'the seat, for next and prev')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((which: string, options: { seat?: string; runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const target = await resolve(yard, which, await yard.findSeat(options.seat));
        await activate(yard, target.id, target.seat);
      }),
    );
}

async function resolve(yard: Yard, which: string, seat: string): Promise<{ id: string; seat: string }> {
  if (which !== 'next' && which !== 'prev') {
    const session = await yard.find(which);
    if (!session.seat) throw new Failure(`session ${session.id} has no seat to be active on`);
    return session;
  }
  const sessions = (await yard.sessions()).filter((session) => session.seat === seat);
  const active = sessions.findIndex(({ state }) => state === 'active');
  const step = which === 'next' ? 1 : -1;
  const target = sessions[(active + step + sessions.length) % sessions.length];
  if (!target) throw new Failure(`${seat} has no session`);
  return target;
}

/** Asks for the switch and waits until the seat says that it is done. */
async function activate(yard: Yard, id: string, seat: string): Promise<void> {
  const proxy = yard.seat(seat);
  let timer: NodeJS.Timeout | undefined;
  let watch: Disposable | undefined;
  const isActive = async () =>
    ((await proxy.get(seatInterface, 'ActiveSession')) as [string, string])[0] === id;
  const done = new Promise<void>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Failure(`session ${id} did not become active; see yard log seat`)),
      patience,
    );
    watch = proxy.on('org.freedesktop.DBus.Properties', 'PropertiesChanged', () => {
      isActive().then((active) => active && resolve(), reject);
    });
  });
  try {
    await yard.manager.call('org.freedesktop.login1.Manager', 'ActivateSession', 's', id);
    if (await isActive()) return;
    const sessions = await yard.sessions();
    const screen = sessions.find(({ state }) => state === 'active');
    if (screen?.class === 'lock-screen' && sessions.find((one) => one.id === id)?.locked) {
      throw new Failure(
        `session ${id} is locked, and its lock screen in front: type the password there, or run yard unlock ${id}`,
      );
    }
    await done;
  } finally {
    clearTimeout(timer);
    watch?.[Symbol.dispose]();
    done.catch(() => {});
  }
}
