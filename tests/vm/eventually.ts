import { setTimeout as sleep } from 'node:timers/promises';

/** How long the guest may take for what a person would see at once: it is emulated, and shares its host. */
const patience = 120_000;

/** Repeats a check until it holds; fails as it does when it still does not after a generous time. */
export async function eventually(check: () => Promise<void>, timeout = patience): Promise<void> {
  const deadline = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
