import {
  type MatchRule,
  Monitor,
  type MonitorHandler,
  type MonitorOptions,
  parseMatchRule,
} from '@switchyard/dbus';
import { type BusChoice, busAddress, connectTo } from './BusChoice.js';
import { explained } from './BusFailure.js';

/** Watches the chosen bus: what names send and get, or what rules want; all without either. Throws Failure. */
export async function watchBus(
  choice: BusChoice & { match?: string[] },
  names: readonly string[],
  onMessage: MonitorHandler,
  metadata: MonitorOptions['metadata'] = [],
): Promise<Monitor> {
  const address = busAddress(choice);
  const rules: MatchRule[] = names.flatMap((name) => [{ sender: name }, { destination: name }]);
  try {
    for (const text of choice.match ?? []) rules.push(parseMatchRule(text));
  } catch (error) {
    throw explained(error);
  }
  return await connectTo(() => Monitor.start(address, rules, onMessage, { metadata }), address);
}

/** Commander's collector for an option that may come again. */
export function collected(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}
