import { type ChildProcess, spawn } from 'node:child_process';

/** How long the next manager has to take the VTs over, in seconds: a supervisor starts one within a tenth of that. */
const PATIENCE_S = 3;
/** And while that supervisor lives: on a busy machine its next manager takes its time. */
const SUPERVISED_PATIENCE_S = 15;
/**
 * Waits until the manager is gone, however it went, then for its successor; a shell is all that waits so long.
 * $1: the ledger, $2: the supervisor's pid, 0 without one; then the command.
 */
const script = `read -r _; second=0
while [ -s "$1" ] && { [ $second -lt ${PATIENCE_S} ] ||
  { [ $second -lt ${SUPERVISED_PATIENCE_S} ] && [ "$2" != 0 ] && kill -0 "$2" 2>/dev/null; }; }
do sleep 1; second=$((second + 1)); done
[ -s "$1" ] || exit 0; shift 2; exec "$@"`;

/**
 * What restores the VTs when the manager is killed and nobody comes after it: on a VT that is left without a keyboard
 * nobody could do anything about it any more.
 *
 *   waiting ──the manager is gone──▶ restored already: ends
 *                       └──▶ patience over ──▶ runs the command, which leaves alone what a living manager has
 */
export class VtGuard {
  readonly #ledger: string;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;

  /** `ledger`: a file that is there while there is something to restore. `command`: what restores. */
  constructor(ledger: string, command: readonly string[]) {
    this.#ledger = ledger;
    this.#command = command;
  }

  /** Idempotent. Without a shell there is no guard, and the next manager restores. */
  start(): void {
    if (this.#child) return;
    const supervisor = process.env['NOTIFY_SOCKET'] ? process.ppid : 0;
    const words = ['yard-vt-guard', this.#ledger, `${supervisor}`, ...this.#command];
    const child = spawn('/bin/sh', ['-c', script, ...words], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Not to be reached by what ends the manager: a terminal's Ctrl+C, a hang-up.
      detached: true,
      env: { ...process.env, NOTIFY_SOCKET: undefined },
    });
    const gone = () => {
      if (this.#child === child) this.#child = undefined;
    };
    child.on('error', gone);
    child.on('exit', gone);
    child.stdin?.on('error', gone);
    child.unref();
    (child.stdin as unknown as { unref?(): void } | null)?.unref?.();
    this.#child = child;
  }
}
