import { Connection } from '@switchyard/dbus';
import { eventually, type YardTree } from './YardTree.js';

/** The text of a terminal session, asked of the terminal itself. */
export class Terminal {
  readonly #bus: Connection;
  readonly session: string;

  private constructor(bus: Connection, session: string) {
    this.#bus = bus;
    this.session = session;
  }

  static async of(tree: YardTree, session: string): Promise<Terminal> {
    return new Terminal(await Connection.connect(tree.info.bus), session);
  }

  async text(): Promise<string> {
    const [text] = await this.#bus.call({
      destination: `org.switchyard.Terminal1.${this.session}`,
      path: '/org/switchyard/Terminal1',
      interface: 'org.switchyard.Terminal1',
      member: 'Text',
    });
    return String(text);
  }

  shows(pattern: RegExp, patience?: number): Promise<string> {
    return eventually(
      `${pattern} in the terminal`,
      async () => {
        const text = await this.text();
        if (pattern.test(text)) return text;
        throw new Error(`it shows:\n${text}`);
      },
      patience,
    );
  }

  close(): void {
    this.#bus.close();
  }
}
