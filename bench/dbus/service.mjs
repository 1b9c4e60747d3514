/**
 * What both clients ask for tables and signals: `node service.mjs ADDRESS` prints its unique name. `Table` is answered with an
 * `a{sv}` of a mebibyte, `Burst` with so many signals and then the return. All bodies are encoded beforehand, so that its own
 * speed matters little.
 */
import { MessageEncoder, MessageType, Writer } from '@switchyard/dbus';
import { RawClient } from '@switchyard/dbus/testing';
import { table } from './table.mjs';

const client = await RawClient.connect(process.argv[2]);
console.log(await client.hello());

const body = new Writer();
body.values('a{sv}', [table()]);
const encoded = Buffer.from(body.bytes);
/** A message's head for a body that follows it. */
const headBefore = (fields, length) => {
  const { head } = new MessageEncoder().encode(fields);
  head.writeUInt32LE(length, 4);
  return Buffer.from(head);
};

for (let serial = 1; ; serial++) {
  const call = await client.next();
  if (!call) break;
  const reply = {
    type: MessageType.methodReturn,
    serial: serial + 1,
    destination: call.sender,
    replySerial: call.serial,
  };
  if (call.member === 'Table') {
    // The signature says that there is a body; an encoder would want to write it.
    const head = headBefore({ ...reply, signature: 'a{sv}', body: [new Map()] }, encoded.length);
    client.write(head);
    client.write(encoded);
  } else if (call.member === 'Burst') {
    const signal = client.encode({
      type: MessageType.signal,
      path: '/bench',
      interface: 'org.example.Bench',
      member: 'Tick',
      signature: 'us',
      body: [1, 'tick'],
    });
    const many = Buffer.concat(Array.from({ length: 100 }, () => signal));
    for (let i = 0; i < call.body[0]; i += 100) client.write(many);
    client.send(reply);
  }
}
