/**
 * The two libraries behind one face. Each uses its own ordinary calls; for decoding and encoding alone, what its connection
 * uses for every message. And none: what Node and the kernel take when ready bytes are sent and as many are read.
 */
import { createRequire } from 'node:module';
import { Connection, Frame, MessageEncoder, Message as OurMessage } from '@switchyard/dbus';
import { RawClient } from '@switchyard/dbus/testing';
import { table } from './table.mjs';

const require = createRequire(import.meta.url);
const member = { path: '/bench', interface: 'org.example.Bench' };

/** A message with the table, as it comes from a bus. */
function tableMessage() {
  const fields = {
    type: 2,
    serial: 7,
    replySerial: 5,
    sender: ':1.1',
    destination: ':1.2',
    signature: 'a{sv}',
    body: [table()],
  };
  const { head, body } = new MessageEncoder().encode(fields);
  return Buffer.concat([head, body]);
}

function checkTable(length) {
  if (length !== 17_500) throw new Error(`a table of ${length} entries`);
}

async function ours(address, echoName, name, twinName) {
  const connection = await Connection.connect(address);
  const echo = connection.proxy(echoName, '/bench');
  const twin = connection.proxy(twinName, '/bench');
  const proxy = connection.proxy(name, '/bench');
  const bytes = tableMessage();
  const dictionary = table();
  const encoder = new MessageEncoder();
  const frame = new Frame();
  return {
    async echo(bytes) {
      const [back] = await echo.call('org.example.Bench', 'Echo', 'ay', bytes);
      if (back.length !== bytes.length) throw new Error('not what was sent');
    },
    async echoOfTwin(bytes) {
      const [back] = await twin.call('org.example.Bench', 'Echo', 'ay', bytes);
      if (back.length !== bytes.length) throw new Error('not what was sent');
    },
    async signals(count) {
      let left = count;
      let done;
      const all = new Promise((resolve) => (done = resolve));
      const match = proxy.on('org.example.Bench', 'Tick', ([i]) => {
        if (i >= 0 && --left === 0) done();
      });
      await match.ready;
      await proxy.call('org.example.Bench', 'Burst', 'u', count);
      await all;
      match[Symbol.dispose]();
    },
    async table() {
      const [map] = await proxy.call('org.example.Bench', 'Table');
      checkTable(map.size);
    },
    decode() {
      frame.parse(bytes, 0, bytes.length);
      checkTable(new OurMessage(frame).body[0].size);
    },
    encode() {
      encoder.encode({
        type: 1,
        serial: 1,
        ...member,
        member: 'Table',
        destination: name,
        signature: 'a{sv}',
        body: [dictionary],
      });
    },
  };
}

async function dbusNext(address, echo, name, twin) {
  const { sessionBus, Message, Variant } = require('dbus-next');
  const { messageToJsFmt, marshallMessage } = require('dbus-next/lib/marshall-compat.js');
  const { unmarshalMessages } = require('dbus-next/lib/message.js');
  const { Readable } = require('node:stream');
  const bus = sessionBus({ busAddress: address });
  await new Promise((resolve) => bus.once('connect', resolve));
  const call = (destination, method, signature, ...body) =>
    bus.call(new Message({ ...member, destination, member: method, signature, body }));
  const bytes = tableMessage();
  // dbus-next's dictionaries are objects.
  const dictionary = Object.fromEntries(
    [...table()].map(([key, { signature, value }]) => [key, new Variant(signature, value)]),
  );
  const xml = `<node><interface name="org.example.Bench"><signal name="Tick"><arg type="u"/><arg type="s"/></signal></interface></node>`;
  const object = await bus.getProxyObject(name, '/bench', xml);
  const bench = object.getInterface('org.example.Bench');
  return {
    async echo(bytes) {
      const { body } = await call(echo, 'Echo', 'ay', bytes);
      if (body[0].length !== bytes.length) throw new Error('not what was sent');
    },
    async echoOfTwin(bytes) {
      const { body } = await call(twin, 'Echo', 'ay', bytes);
      if (body[0].length !== bytes.length) throw new Error('not what was sent');
    },
    async signals(count) {
      let left = count;
      let done;
      const all = new Promise((resolve) => (done = resolve));
      const tick = (i) => {
        if (i >= 0 && --left === 0) done();
      };
      bench.on('Tick', tick);
      await call(name, 'Burst', 'u', count);
      await all;
      bench.off('Tick', tick);
    },
    async table() {
      const { body } = await call(name, 'Table', '');
      checkTable(Object.keys(body[0]).length);
    },
    /** Its decoder takes a stream; this one has the whole message at once. */
    decode: () =>
      new Promise((resolve) => {
        const stream = new Readable({ highWaterMark: 4 * bytes.length, read() {} });
        unmarshalMessages(
          stream,
          (message) => {
            checkTable(Object.keys(new Message(messageToJsFmt(message)).body[0]).length);
            resolve();
          },
          {},
        );
        stream.push(bytes);
      }),
    encode() {
      const message = new Message({
        ...member,
        destination: name,
        member: 'Table',
        signature: 'a{sv}',
        body: [dictionary],
      });
      message.serial = 1;
      marshallMessage(message);
    },
  };
}

async function noLibrary(address, echoName) {
  const client = await RawClient.connect(address);
  await client.hello();
  await client.ask('GetId');
  const { socket } = client;
  const call = client.encode({
    ...member,
    type: 1,
    destination: echoName,
    member: 'Echo',
    signature: 'ay',
    body: [new Uint8Array(64)],
  });
  const into = Buffer.alloc(4096);
  let settle;
  socket.watch({
    readable: () => {
      socket.receive(into);
      settle();
    },
  });
  return {
    echo: () =>
      new Promise((resolve) => {
        settle = resolve;
        socket.write(call);
      }),
  };
}

export const drivers = { 'libs/dbus': ours, 'dbus-next': dbusNext, 'no library': noLibrary };
