import type { CallContext, Method } from '@switchyard/dbus';
import { Caller } from './Caller.js';
import { type InhibitMode, type InhibitWhat, inhibitModes, joinWhats, parseWhats } from './Inhibitor.js';
import { loginError } from './LoginError.js';
import type { LoginService } from './LoginService.js';
import type { Action } from './Policy.js';

/** Names for people; longer ones are cut off by whoever shows them. */
const TEXT_MAX = 1024;

/** Manager's methods about inhibitors. */
export function inhibitMethods(service: LoginService): Record<string, Method> {
  const { inhibitors } = service.manager;
  return {
    Inhibit: {
      in: 'ssss',
      out: 'h',
      inNames: ['what', 'who', 'why', 'mode'],
      outNames: ['pipe_fd'],
      call: async (context: CallContext, whats: string, who: string, why: string, modeName: string) => {
        const mode = inhibitModes.find((one) => one === modeName);
        if (!mode) throw loginError.invalid(`Invalid mode specification ${modeName}`);
        const what = parseWhats(whats);
        if (!what) throw loginError.invalid(`Invalid what specification ${whats}`);
        const delayable = [...what].every((one) => one === 'shutdown' || one === 'sleep');
        if (mode === 'delay' && !delayable) {
          throw loginError.invalid('Delay inhibitors only supported for shutdown and sleep operations.');
        }
        if (who.length > TEXT_MAX || why.length > TEXT_MAX) {
          throw loginError.invalid(`Who and why have at most ${TEXT_MAX} characters`);
        }
        const caller = await Caller.of(context);
        for (const one of what) service.policy.require(actionOf(one, mode), caller);
        const running = service.power.operation.what;
        if (running && what.has(running)) {
          throw loginError.operationInProgress(
            'The operation inhibition has been requested for is already running',
          );
        }
        return [inhibitors.add({ what, who, why, mode, uid: caller.uid, pid: caller.pid })];
      },
    },
    ListInhibitors: {
      out: 'a(ssssuu)',
      outNames: ['inhibitors'],
      call: () => [
        [...inhibitors].map(({ what, who, why, mode, uid, pid }) => [
          joinWhats(what),
          who,
          why,
          mode,
          uid,
          pid,
        ]),
      ],
    },
  };
}

function actionOf(what: InhibitWhat, mode: InhibitMode): Action {
  if (what === 'shutdown' || what === 'sleep') {
    return mode === 'delay' ? `inhibit-delay-${what}` : `inhibit-block-${what}`;
  }
  return what === 'idle' ? 'inhibit-block-idle' : `inhibit-${what}`;
}
