/** `node echo.mjs libs/dbus|dbus-next ADDRESS`: an object of that library's whose Echo returns what it gets; prints its unique name. */
import { createRequire } from 'node:module';
import { Connection } from '@switchyard/dbus';

const [which, address] = process.argv.slice(2);

if (which === 'libs/dbus') {
  const connection = await Connection.connect(address);
  connection.export('/bench', {
    name: 'org.example.Bench',
    methods: { Echo: { in: 'ay', out: 'ay', call: (_context, bytes) => [bytes] } },
  });
  console.log(connection.uniqueName);
} else {
  const { sessionBus, interface: dbusInterface } = createRequire(import.meta.url)('dbus-next');
  class Bench extends dbusInterface.Interface {
    Echo(bytes) {
      return bytes;
    }
  }
  Bench.configureMembers({ methods: { Echo: { inSignature: 'ay', outSignature: 'ay' } } });
  const bus = sessionBus({ busAddress: address });
  await new Promise((resolve) => bus.once('connect', resolve));
  bus.export('/bench', new Bench('org.example.Bench'));
  console.log(bus.name);
}
