import type { Variant } from '@switchyard/dbus';
import type { Command } from 'commander';
import { table } from '../table.js';
import { Yard } from '../Yard.js';

type ServiceRow = [name: string, pid: number, started: bigint, rss: bigint, restarts: number, state: string];
type DeviceRow = [number, number, string, string, string, Map<string, Variant>];

export function statusCommand(program: Command): void {
  program
    .command('status')
    .description('show the services and the seats')
    .option('--json', 'print JSON')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((options: { json?: boolean; runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, async (yard) => {
        const status = await gather(yard);
        process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : render(status));
      }),
    );
}

interface MonitorStatus {
  /** From the left, beginning with 1. */
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly viewers: number;
}

/** Where a seat is seen, by how many, and on which monitors; seats without a page have none of these. */
async function page(
  yard: Yard,
  seat: string,
): Promise<{ url: string; viewers: number; monitors: MonitorStatus[] }> {
  const web = yard.web(seat);
  const get = (property: string) => web.get('org.switchyard.Web1', property);
  try {
    const monitors = (await get('Monitors')) as [number, number, number, number][];
    return {
      url: String(await get('Url')),
      viewers: ((await get('Viewers')) as unknown[]).length,
      monitors: monitors.map(([number, width, height, viewers]) => ({ number, width, height, viewers })),
    };
  } catch {
    return { url: '', viewers: 0, monitors: [] };
  }
}

type Status = Awaited<ReturnType<typeof gather>>;

async function gather(yard: Yard) {
  const [rows] = (await yard.supervisor.call('org.switchyard.Supervisor1', 'Status', '')) as [ServiceRow[]];
  const [seats] = (await yard.manager.call('org.freedesktop.login1.Manager', 'ListSeats', '')) as [
    [string, string][],
  ];
  return {
    url: yard.file.url,
    runtimeDir: yard.file.runtimeDir,
    waylandDisplay: yard.file.waylandDisplay,
    bus: yard.file.bus,
    services: rows.map(([name, pid, started, rss, restarts, state]) => ({
      name,
      pid,
      uptime: Math.max(0, Math.round(Date.now() / 1000 - Number(started) / 1e6)),
      rss: Number(rss),
      restarts,
      state,
    })),
    seats: await Promise.all(
      seats.map(async ([id]) => {
        const [devices] = (await yard.manager.call(
          'org.switchyard.DeviceManager1',
          'ListDevices',
          's',
          id,
        )) as [DeviceRow[]];
        const active = (await yard.seat(id).get('org.freedesktop.login1.Seat', 'ActiveSession')) as [
          string,
          string,
        ];
        return {
          id,
          activeSession: active[0],
          ...(await page(yard, id)),
          devices: devices.map(([, minor, kind, name, , properties]) => ({
            minor,
            kind,
            name,
            ...Object.fromEntries([...properties].map(([key, { value }]) => [key, value])),
          })),
        };
      }),
    ),
  };
}

function render({ url, runtimeDir, services, seats }: Status): string {
  const lines = seats.map(({ id, activeSession, viewers, monitors, devices }) => [
    id,
    activeSession || '-',
    String(viewers),
    monitors.map(({ width, height }) => `${width}x${height}`).join(' ') || '-',
    devices.map(({ kind, name }) => `${kind} ${name}`).join(', '),
  ]);
  return [
    `${url}\n${runtimeDir}\n\n`,
    table(
      ['SERVICE', 'PID', 'STATE', 'UPTIME', 'RSS', 'RESTARTS'],
      services.map(({ name, pid, state, uptime, rss, restarts }) => [
        name,
        pid ? String(pid) : '-',
        state,
        `${uptime} s`,
        `${(rss / 2 ** 20).toFixed(0)} MB`,
        String(restarts),
      ]),
    ),
    '\n',
    table(['SEAT', 'ACTIVE', 'VIEWERS', 'MONITORS', 'DEVICES'], lines),
  ].join('');
}
