import { spawn } from 'node:child_process';
import { Connection, Variant } from '@switchyard/dbus';
import { login1, sessionPath } from '@switchyard/seat';

/** A controller over login1 that acknowledges at once. */
export class LoginController {
  static async open(address, devices) {
    const controller = new LoginController(await Connection.connect(address), devices.length);
    await controller.#open(devices);
    return controller;
  }

  onResumed = () => {};
  #resumed = 0;
  #leader = spawn('sleep', ['600'], { stdio: 'ignore' });

  constructor(bus, deviceCount) {
    this.bus = bus;
    this.deviceCount = deviceCount;
  }

  /** Resolves when it has all its devices. */
  async activate() {
    const resumed = new Promise((resolve) => (this.onResumed = resolve));
    await Promise.all([this.#call('Activate'), resumed]);
  }

  close() {
    this.fifo.close();
    this.bus.close();
    this.#leader.kill();
  }

  async #open(devices) {
    const who = [process.getuid(), this.#leader.pid, 'bench', 'wayland', 'user', '', 'seat0', 0];
    const reply = await this.bus.call({
      destination: login1.name,
      path: login1.path,
      interface: login1.manager,
      member: 'CreateSession',
      signature: 'uusssssussbssa(sv)',
      body: [...who, '', '', false, '', '', [['Background', new Variant('b', true)]]],
    });
    this.fifo = reply[3];
    this.path = sessionPath(reply[0]);
    const signal = (member, handler) =>
      this.bus.match({ type: 'signal', path: this.path, interface: login1.session, member }, handler);
    signal('PauseDevice', ({ body: [major, minor, kind] }) => {
      if (kind === 'pause') this.#call('PauseDeviceComplete', 'uu', major, minor);
    });
    signal('ResumeDevice', ({ body }) => {
      body[2].close();
      if (++this.#resumed % this.deviceCount === 0) this.onResumed();
    });
    await this.#call('TakeControl', 'b', false);
    for (const [major, minor] of devices) (await this.#call('TakeDevice', 'uu', major, minor))[0].close();
  }

  #call(member, signature = '', ...body) {
    const session = { destination: login1.name, path: this.path, interface: login1.session };
    return this.bus.call({ ...session, member, signature, body });
  }
}
