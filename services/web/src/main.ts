import { BusLink } from '@switchyard/dbus';
import {
  createLog,
  type Log,
  notifyReady,
  notifyStatus,
  notifyUrl,
  onTerminate,
  RuntimeDir,
  SeatPlace,
} from '@switchyard/runtime';
import { login1 } from '@switchyard/seat';
import { AccessToken } from './AccessToken.js';
import { Certificate } from './Certificate.js';
import { ViewerPlaces } from './door/ViewerPlaces.js';
import { HttpServer, type HttpServerOptions } from './HttpServer.js';
import { type Options, parseOptions, UsageError } from './Options.js';
import { PageFiles } from './PageFiles.js';
import { PortFile } from './PortFile.js';
import { Shares } from './Shares.js';
import { VncDoor, VncDoorError } from './VncDoor.js';
import { web, webInterface } from './WebInterface.js';
import { WebSeat } from './WebSeat.js';

async function main(options: Options, log: Log): Promise<void> {
  const directory = RuntimeDir.resolve(options.runtimeDir);
  const place = new SeatPlace(options.seat, options.further);
  const state = place.state(directory);
  const token =
    options.token === undefined ? AccessToken.ofDirectory(state) : AccessToken.given(options.token);
  const files = new PageFiles();
  const shares = new Shares(state);
  const { seat: name, size, listen, tls } = options;
  const certificate =
    tls === undefined
      ? undefined
      : tls === 'own'
        ? Certificate.ofDirectory(state, listen)
        : Certificate.ofFiles(tls.cert, tls.key);

  const seat = new WebSeat({
    seat: name,
    displayName: place.busName('org.switchyard.Display'),
    size,
    build: files.build,
    video: options.video,
    log,
    viewersChanged: () =>
      bus.connection?.emitPropertiesChanged(web.path, web.interface, ['Viewers', 'Monitors']),
  });
  const places = new ViewerPlaces();
  const server = await listenOn(options.port, new PortFile(state), {
    listen,
    token,
    shares,
    accounts: options.accounts && (await accountsOf(options.accounts, token, log)),
    places,
    certificate,
    files,
    transfers: seat.transfers,
    log,
    onViewer: (socket, visitor) => seat.addViewer(socket, visitor),
  });
  notifyUrl(server.url);
  log.info({ seat: name, origin: server.origin, fingerprint: certificate?.fingerprint }, 'listening');
  const vnc = options.vnc && (await VncDoor.open(options.vnc, state, seat, log, certificate, places));
  if (vnc) log.info({ seat: name, address: vnc.address }, 'listening for VNC');
  // The log must not have the token; a person at a terminal must.
  if (process.stdout.isTTY) process.stdout.write(`${name}  ${server.url}\n`);

  let ready = false;
  const bus = new BusLink(directory.busAddress, {
    async connected(connection) {
      seat.connected(connection);
      connection.export(web.path, webInterface(seat, shares, server, { vnc, certificate }, log));
      // After the provider's own watch: when this one is called, the devices are being attached.
      connection.watchName(login1.name, {
        appeared: () =>
          void seat.provider.settled().then(() => {
            if (!ready) notifyReady(`${name} at ${server.origin}`);
            ready = true;
            log.info({ seat: name }, 'the devices are attached');
          }),
      });
      await connection.requestName(place.busName(web.name));
    },
    lost() {
      seat.lost();
      log.warn('the bus is gone; waiting for it');
    },
  });
  notifyStatus('waiting for the session manager');

  onTerminate(() => {
    server.close();
    vnc?.close();
    bus.close();
    seat.close();
  });
}

/** Loaded only for seats that have any. */
async function accountsOf(names: string[], token: AccessToken, log: Log) {
  const [{ Accounts }, { SignIns }] = await Promise.all([
    import('./Accounts.js'),
    import('./door/SignIns.js'),
  ]);
  const accounts = new Accounts(names, token.digest);
  return { names: accounts, signIns: new SignIns(accounts, log) };
}

/** `port` 0: the one that was chosen last time, if it is free, else any. */
async function listenOn(
  port: number,
  kept: PortFile,
  options: Omit<HttpServerOptions, 'port'>,
): Promise<HttpServer> {
  if (port !== 0) return HttpServer.listen({ ...options, port });
  const before = kept.read();
  if (before !== 0) {
    try {
      return await HttpServer.listen({ ...options, port: before });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  const server = await HttpServer.listen({ ...options, port: 0 });
  kept.write(server.port);
  return server;
}

/** One line: what, to what, why, and what to do. */
function explain(error: NodeJS.ErrnoException, options: Options | undefined): string {
  if (error instanceof VncDoorError) return error.message;
  const where = `port ${options?.port} on ${options?.listen}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where} is in use; choose another with --port, or --port 0`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${options?.listen} is not an address of this machine; choose one with --listen`;
    case 'EACCES':
      return error.syscall === 'listen'
        ? `${where} needs privileges; choose a port from 1024 up with --port`
        : error.message;
    default:
      return error.message;
  }
}

let options: Options | undefined;
async function run(): Promise<void> {
  options = parseOptions(process.argv.slice(2));
  await main(options, createLog('web'));
}

run().catch((error: NodeJS.ErrnoException) => {
  process.stderr.write(`web: ${explain(error, options)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
});
