/**
 * `node client.mjs libs/dbus|dbus-next|'no library' ADDRESS ECHO SERVICE TWIN`: one client does all the loads that it can and
 * prints nanoseconds for one operation of each, as JSON. TWIN is a service of the same library.
 */
import { drivers } from './drivers.mjs';

const [which, address, ...names] = process.argv.slice(2);
const driver = await drivers[which](address, ...names);

const results = {};
async function measure(load, count, work) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await work(count);
  const wall = Number(process.hrtime.bigint() - start) / count;
  const { user, system } = process.cpuUsage(cpu);
  results[load] = { wall, cpu: ((user + system) * 1000) / count };
}
const inTurn = (step) => async (count) => {
  for (let i = 0; i < count; i++) await step();
};
const inFlight = (step, window) => (count) => {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await step();
  };
  return Promise.all(Array.from({ length: window }, lane));
};
const bytes = new Uint8Array(64);
const echo = () => driver.echo(bytes);

// Once for the compiler, once for the figure.
for (const _ of [0, 1]) {
  await measure('calls, one after the other', 20_000, inTurn(echo));
  if (!driver.encode) continue;
  await measure(
    'the same to a service of the same library',
    20_000,
    inTurn(() => driver.echoOfTwin(bytes)),
  );
  await measure('calls, 64 in flight', 20_000, inFlight(echo, 64));
  await measure('signals received', 20_000, (count) => driver.signals(count));
  await measure(
    'a{sv} of 1 MiB, fetched and read',
    12,
    inTurn(() => driver.table()),
  );
  await measure(
    'a{sv} of 1 MiB, decoded',
    12,
    inTurn(() => driver.decode()),
  );
  await measure(
    'a{sv} of 1 MiB, encoded',
    12,
    inTurn(() => driver.encode()),
  );
}
console.log(JSON.stringify(results));
process.exit();
