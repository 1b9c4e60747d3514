import { WpCursorShapeManagerV1Proxy } from '@switchyard/wayland';
import { expect, it } from 'vitest';
import { Desk } from '../testing/Desk.js';

it('the cursor has the shape that the client under the pointer names, and no other client’s', async () => {
  using desk = new Desk();
  const session = desk.session();
  desk.activate(session);
  const client = await desk.connect(session);
  const other = await desk.connect(session);
  await client.window();
  const { seat } = desk.compositor;
  const output = desk.compositor.outputs.first;
  seat.pointer.moveTo(10, 10, 0);
  await client.roundtrip();
  const device = client.globals.bind(WpCursorShapeManagerV1Proxy, 1)!.getPointer(client.pointer);
  const foreign = other.globals.bind(WpCursorShapeManagerV1Proxy, 1)!.getPointer(other.pointer);
  device.setShape(client.enterSerial, 9);
  await client.roundtrip();
  expect(output.cursor).toBe('text');
  foreign.setShape(client.enterSerial, 4);
  device.setShape(client.enterSerial + 1, 4);
  await other.roundtrip();
  await client.roundtrip();
  expect(output.cursor).toBe('text');
  device.setShape(client.enterSerial, 35 as 34);
  await expect(client.roundtrip()).rejects.toThrow('invalid_shape');
});
