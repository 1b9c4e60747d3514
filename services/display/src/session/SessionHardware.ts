import { MonitorSession, type OpenDevice } from '@switchyard/seat';
import type { Fd } from '@switchyard/sys';
import { InputDevice } from '../input/InputDevice.js';
import type { Seat } from '../input/Seat.js';
import type { Output } from '../output/Output.js';
import type { Outputs } from '../output/Outputs.js';
import { keyOf, monitorOf } from './MonitorWatch.js';
import type { Windows } from './Windows.js';

/**
 * How long after a channel's end a PauseDevice may follow (ms): a forced switch shuts channels down first and says so
 * then. Without one it was the provider that went, and the device is asked for again.
 */
const newsDelay = 100;

/**
 * A session's open devices: while it has some, outputs show its windows and the seat's input goes to them.
 *
 *   shut ──opened──▶ open ──closed──▶ shut
 *                     └──channel ended──▶ lost ──closed──▶ shut
 *                                          └──no news──▶ asked for again
 */
export class SessionHardware {
  readonly #seat: Seat;
  readonly #outputs: Outputs;
  readonly #windows: Windows;
  readonly #reopen: (device: OpenDevice) => void;
  readonly #inputs = new Map<string, InputDevice>();
  readonly #lost = new Map<string, NodeJS.Timeout>();
  readonly #monitors = new Map<string, { output: Output; channel: MonitorSession }>();

  /** `reopen` asks services/seat for a device whose channel has ended by itself. */
  constructor(seat: Seat, outputs: Outputs, windows: Windows, reopen: (device: OpenDevice) => void) {
    this.#seat = seat;
    this.#outputs = outputs;
    this.#windows = windows;
    this.#reopen = reopen;
  }

  /** Takes the channel. */
  opened(device: OpenDevice, channel: Fd): void {
    const seat = this.#seat;
    const key = keyOf(device);
    this.#forgetLoss(key);
    if (device.kind === 'monitor') {
      this.#openMonitor(device, channel);
    } else {
      const input = new InputDevice(device, channel, seat, this.#outputs, () => this.#channelEnded(device));
      this.#inputs.set(key, input);
    }
    seat.setWindows(this.#windows);
  }

  /** Paused, unplugged or revoked: nothing is done with it from now on. */
  closed(device: OpenDevice): void {
    const key = keyOf(device);
    this.#forgetLoss(key);
    this.#closeMonitor(key);
    const input = this.#inputs.get(key);
    if (input) {
      input.close();
      this.#inputs.delete(key);
      if (this.#onScreen && device.kind === 'keyboard') this.#seat.keyboard.reset();
      if (this.#onScreen && device.kind === 'touch') this.#seat.touch.cancel();
    }
    if (this.#monitors.size === 0 && this.#inputs.size === 0) this.#leave();
  }

  /** All of them. */
  close(): void {
    for (const timer of this.#lost.values()) clearTimeout(timer);
    this.#lost.clear();
    for (const key of [...this.#monitors.keys()]) this.#closeMonitor(key);
    for (const input of this.#inputs.values()) input.close();
    this.#inputs.clear();
    this.#leave();
  }

  get #onScreen(): boolean {
    return this.#seat.windows === this.#windows;
  }

  #openMonitor(device: OpenDevice, fd: Fd): void {
    const key = keyOf(device);
    const output = this.#outputs.attach(monitorOf(key, device.properties));
    // One of too many stays dark.
    if (!output) {
      fd.close();
      return;
    }
    this.#closeMonitor(key);
    const channel: MonitorSession = new MonitorSession(fd, {
      mode: (mode) => output.modeChanged(channel, mode),
      flipDone: (sequence, time) => output.flipDone(channel, sequence, time),
      closed: () => this.#channelEnded(device),
    });
    this.#monitors.set(key, { output, channel });
    output.open(channel, this.#windows);
    if (this.#windows.curtain) this.#windows.changed();
  }

  #closeMonitor(key: string): void {
    const monitor = this.#monitors.get(key);
    if (!monitor) return;
    this.#monitors.delete(key);
    monitor.output.close(monitor.channel);
    monitor.channel.close();
  }

  #leave(): void {
    if (this.#onScreen) this.#seat.setWindows(undefined);
  }

  #channelEnded(device: OpenDevice): void {
    this.closed(device);
    const key = keyOf(device);
    const timer = setTimeout(() => {
      this.#lost.delete(key);
      this.#reopen(device);
    }, newsDelay);
    this.#lost.set(key, timer);
  }

  #forgetLoss(key: string): void {
    clearTimeout(this.#lost.get(key));
    this.#lost.delete(key);
  }
}
