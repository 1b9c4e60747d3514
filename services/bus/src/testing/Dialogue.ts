import { type Message, MessageType, Variant } from '@switchyard/dbus';
import { driver, RawClient } from '@switchyard/dbus/testing';

const { methodCall, methodReturn, error } = MessageType;

/** A message as both buses must send it. Unique names are told apart by the order in which they appear. */
class Transcript {
  readonly lines: string[] = [];
  readonly #names = new Map<string, string>();

  add(who: string, message: Message | undefined): void {
    this.lines.push(`${who} < ${message ? this.#describe(message) : 'end of stream'}`);
  }

  #describe(message: Message): string {
    const from = this.#name(message.sender ?? '-');
    if (message.type === error) return `error ${message.errorName} from ${from}`;
    const body = JSON.stringify(message.body.map((value) => this.#value(value)));
    if (message.type === methodReturn) return `return ${body} from ${from}`;
    const kind = message.type === methodCall ? 'call' : 'signal';
    const to = this.#name(message.destination ?? '-');
    return `${kind} ${message.interface}.${message.member} ${body} from ${from} to ${to}`;
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.#name(value);
    if (value instanceof Variant) return this.#value(value.value);
    if (value instanceof Map) return [...value].map(([key, item]) => [key, this.#value(item)]);
    return Array.isArray(value) ? value.map((item) => this.#value(item)).sort() : String(value);
  }

  #name(text: string): string {
    if (!/^:1\.\d+$/.test(text)) return text;
    if (!this.#names.has(text)) this.#names.set(text, `<${this.#names.size}>`);
    return this.#names.get(text)!;
  }
}

/** What a script can do. */
export type Scene = {
  /** A client that said Hello; its greeting is not in the transcript. */
  client(name: string): Promise<RawClient>;
  /** A client that did not. */
  stranger(name: string): Promise<RawClient>;
  /** Calls the driver, and writes down everything that the client gets up to the reply. */
  ask(client: RawClient, member: string, signature?: string, ...body: unknown[]): Promise<void>;
  /** Any call. */
  call(client: RawClient, fields: Partial<Parameters<RawClient['send']>[0]>): Promise<void>;
  /** Writes down what has come to each client, once the bus has handled all that was sent, and returns it. */
  settle(): Promise<{ client: RawClient; message: Message }[]>;
  note(client: RawClient, message: Message | undefined): void;
  /** From now on `settle` also writes down what a monitor has seen, but for what is asked to pass the time. */
  monitor(): Promise<void>;
};

/** What scripts ask as often as it takes. */
const polls = ['GetId', 'NameHasOwner'];

/** Has clients of a bus say what a script wants. Resolves to what each got, in order. */
export async function play(address: string, script: (scene: Scene) => Promise<void>): Promise<string[]> {
  const transcript = new Transcript();
  const clients = new Map<RawClient, string>();
  const stranger = async (name: string) => {
    const client = await RawClient.connect(address, { serialsAbove: clients.size * 100_000 });
    clients.set(client, name);
    return client;
  };
  let monitor: RawClient | undefined;
  let mark = 0;
  /** What the monitor saw up to a signal that a client sends to itself. */
  const seen = async (client: RawClient) => {
    const member = `Mark${mark++}`;
    const destination = client.uniqueName;
    client.send({ type: MessageType.signal, path: '/', interface: 'org.x.Marks', member, destination });
    await client.ask('GetId');
    client.drain();
    const asked = new Set<string>();
    for (;;) {
      const message = await monitor!.next();
      if (!message || message.member === member) return;
      if (polls.includes(message.member ?? '')) asked.add(`${message.sender}/${message.serial}`);
      else if (!asked.has(`${message.destination}/${message.replySerial}`))
        if (message.interface !== 'org.x.Marks') transcript.add('monitor', message);
    }
  };
  const until = async (client: RawClient, serial: number) => {
    for (;;) {
      const message = await client.next();
      transcript.add(clients.get(client)!, message);
      if (!message || message.replySerial === serial) return;
    }
  };
  try {
    await script({
      stranger,
      async client(name) {
        const client = await stranger(name);
        await client.hello();
        await client.ask('GetId');
        client.drain();
        return client;
      },
      ask: (client, member, signature = '', ...body) =>
        until(client, client.send({ type: methodCall, ...driver, member, signature, body })),
      call: (client, fields) => until(client, client.send({ type: methodCall, ...driver, ...fields })),
      async settle() {
        const all: { client: RawClient; message: Message }[] = [];
        // What everybody has said is handled before anybody's answers are looked at.
        for (const client of clients.keys()) if (client.uniqueName !== '') await client.ask('GetId');
        for (const [client, name] of clients) {
          if (client.uniqueName === '') continue;
          await client.ask('GetId');
          for (const message of client.drain()) {
            transcript.add(name, message);
            all.push({ client, message });
          }
        }
        const [witness] = [...clients.keys()].filter(({ uniqueName }) => uniqueName !== '');
        if (monitor && witness) await seen(witness);
        return all;
      },
      async monitor() {
        const one = await RawClient.connect(address, { serialsAbove: 10_000_000 });
        await one.hello();
        // Those of an earlier script have gone first: their going is not to be seen.
        while (((await one.ask('ListNames'))!.body[0] as string[]).length > clients.size + 2);
        const { destination, path } = driver;
        const serial = one.send({
          type: methodCall,
          destination,
          path,
          interface: 'org.freedesktop.DBus.Monitoring',
          member: 'BecomeMonitor',
          signature: 'asu',
          body: [[], 0],
        });
        await one.replyTo(serial);
        // With its name it loses its voice; what comes after that is for monitors.
        for (;;) {
          const message = await one.next();
          if (!message || (message.member === 'NameLost' && message.body[0] === one.uniqueName)) break;
        }
        monitor = one;
      },
      note: (client, message) => transcript.add(clients.get(client)!, message),
    });
  } finally {
    for (const client of clients.keys()) client[Symbol.dispose]();
    monitor?.[Symbol.dispose]();
  }
  return transcript.lines;
}
