import { DBusError } from '@switchyard/dbus';
import type { Command } from 'commander';
import { exitCode, Failure } from '../Failure.js';
import { table } from '../table.js';
import { Yard } from '../Yard.js';

const web = 'org.switchyard.Web1';
type ShareRow = [name: string, role: string, created: bigint];
type AudienceRow = [id: number, address: string, share: string, drives: boolean, controls: boolean];

interface ShareOptions {
  readOnly?: boolean;
  name?: string;
  list?: boolean;
  revoke?: string;
  json?: boolean;
  runtimeDir?: string;
}

/** `yard seat share` and `yard seat viewers`: links to the seat's page, and who looks at it. */
export function shareCommands(seat: Command): void {
  seat
    .command('share')
    .description('make a link to the seat’s page, with a token of its own that can be revoked')
    .option('--read-only', 'for watching: nothing typed or pointed there reaches the seat')
    .option('--name <name>', 'what the link is called; else watch-1 or drive-1, counted on')
    .option('--list', 'list the links instead')
    .option('--revoke <name>', 'end a link instead, and everybody who came by it')
    .option('--json', 'as JSON')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((options: ShareOptions) => Yard.with(options.runtimeDir, (yard) => share(yard, options)));
  seat
    .command('viewers')
    .description('who looks at the seat')
    .option('--json', 'as JSON')
    .option('--runtime-dir <dir>', 'where the tree runs')
    .action((options: { json?: boolean; runtimeDir?: string }) =>
      Yard.with(options.runtimeDir, (yard) => viewers(yard, options.json ?? false)),
    );
}

async function share(yard: Yard, { readOnly, name, list, revoke, json }: ShareOptions): Promise<void> {
  if (list) return listShares(yard, json ?? false);
  try {
    if (revoke !== undefined) {
      await yard.web(yard.file.seat).call(web, 'Revoke', 's', revoke);
      return;
    }
    const [made, url] = (await yard
      .web(yard.file.seat)
      .call(web, 'Share', 'sb', name ?? '', readOnly ?? false)) as [string, string];
    process.stdout.write(json ? `${JSON.stringify({ name: made, url })}\n` : `${made}  ${url}\n`);
  } catch (error) {
    if (!(error instanceof DBusError)) throw error;
    throw new Failure(
      error.message,
      revoke === undefined || error.name.endsWith('AccessDenied') ? exitCode.failed : exitCode.notFound,
    );
  }
}

async function listShares(yard: Yard, json: boolean): Promise<void> {
  const rows = ((await yard.web(yard.file.seat).get(web, 'Shares')) as ShareRow[]).map(
    ([name, role, created]) => ({
      name,
      readOnly: role === 'watch',
      created: new Date(Number(created / 1000n)).toISOString(),
    }),
  );
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else
    process.stdout.write(
      table(
        ['NAME', 'RIGHT', 'MADE'],
        rows.map((row) => [row.name, row.readOnly ? 'watch' : 'drive', row.created]),
      ),
    );
}

async function viewers(yard: Yard, json: boolean): Promise<void> {
  const rows = ((await yard.web(yard.file.seat).get(web, 'Audience')) as AudienceRow[]).map(
    ([id, address, link, drives, controls]) => ({ id, address, share: link, drives, controls }),
  );
  if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else
    process.stdout.write(
      table(
        ['ID', 'ADDRESS', 'SHARE', 'RIGHT', 'CONTROLS'],
        rows.map((row) => [
          String(row.id),
          row.address,
          row.share || '-',
          row.drives ? 'drive' : 'watch',
          row.controls ? 'yes' : '',
        ]),
      ),
    );
}
