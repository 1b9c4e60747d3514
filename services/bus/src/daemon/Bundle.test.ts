import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';

const bundle = fileURLToPath(new URL('../../dist/yard-busd.bundle.cjs', import.meta.url));

/** `npm run build` makes it; `tsc -b` alone does not. */
describe.skipIf(!existsSync(bundle))('yard-busd in one file', () => {
  it('was compiled for this Node, which takes it', () => {
    const script = new Script(Module.wrap(readFileSync(bundle, 'utf8')), {
      filename: bundle,
      cachedData: readFileSync(`${bundle}.cache`),
    });
    expect(script.cachedDataRejected).toBe(false);
  });

  it('runs by itself', () => {
    const { stdout } = spawnSync(process.execPath, [bundle, '--version'], { encoding: 'utf8' });
    expect(stdout).toContain('yard-busd');
  });

  it('loads nothing at its start that takes longer to load than it to start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    const listing = join(folder, 'listing.cjs');
    writeFileSync(listing, "process.on('exit', () => console.error(process.moduleLoadList.join()));");
    const args = ['--require', listing, bundle, '--version'];
    const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    rmSync(folder, { recursive: true, maxRetries: 10 });
    expect(stderr).toContain('NativeModule fs');
    for (const heavy of ['child_process', 'crypto'])
      expect(stderr.split(',')).not.toContain(`NativeModule ${heavy}`);
  });
});
