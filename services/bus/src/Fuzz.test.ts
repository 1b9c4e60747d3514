import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Fuzzer } from './testing/Fuzzer.js';
import { WitnessedBroker } from './testing/WitnessedBroker.js';

let broker: WitnessedBroker;

beforeAll(async () => {
  broker = await WitnessedBroker.start();
});
afterAll(() => broker.stop());
afterEach(() => broker.isUnharmed());

/** `npm run soak:bus` has ten times as many. */
it('a hundred thousand mutated messages end no broker, leak nothing, and disturb nobody', {
  timeout: 240_000,
}, async () => {
  const fuzzer = new Fuzzer(broker.address);
  while (fuzzer.messages < 100_000) {
    await Promise.all(Array.from({ length: 64 }, () => fuzzer.converse()));
    expect((await broker.ask('NameHasOwner').catch((error: Error) => error.name)) as string).toBe(
      'org.freedesktop.DBus.Error.InvalidArgs',
    );
  }
});

it('nor do as many handshakes that go wrong, in proportion', async () => {
  const fuzzer = new Fuzzer(broker.address, 7);
  while (fuzzer.dialogues < 2000) {
    await Promise.all(Array.from({ length: 50 }, () => fuzzer.greet()));
    await broker.ask('GetId');
  }
});
