import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getXattr, setXattr } from '@switchyard/sys';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AccessList } from './AccessList.js';
import { type Node, NodeAccess } from './NodeAccess.js';

const alice = 1000;
const bob = 1001;

let directory: string;
let state: string;
let access: NodeAccess;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'yard-access-'));
  state = join(directory, 'access.json');
  access = new NodeAccess(state);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Of a driver that is not there: it can be named in a list, and not be opened. */
function node(name: string, minor = 1): Node {
  const path = join(directory, name);
  execFileSync('mknod', ['-m', '640', path, 'c', '4094', `${minor}`]);
  return { path, rdev: statSync(path).rdev, managed: false };
}

const mode = ({ path }: Node) => statSync(path).mode & 0o777;
const list = ({ path }: Node) => {
  const bytes = getXattr(path, AccessList.attribute);
  return bytes && AccessList.decode(bytes);
};
const may = (one: Node, uid: number) => list(one)?.permissionsOf(uid);

/** Containers may not make device nodes. */
const mayMakeNodes = (() => {
  const path = join(tmpdir(), `yard-node-${process.pid}`);
  try {
    execFileSync('mknod', [path, 'c', '4094', '1'], { stdio: 'ignore' });
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!mayMakeNodes)('nodes', () => {
  test('what lists were before is written once, however many users take turns', () => {
    const sound = node('sound');
    access.set(new Map([[sound, alice]]));
    const before = statSync(state, { bigint: true });
    access.set(new Map([[sound, bob]]));
    access.set(new Map([[sound, alice]]));
    const after = statSync(state, { bigint: true });
    expect([after.ino, after.ctimeNs]).toEqual([before.ino, before.ctimeNs]);
    const camera = node('camera', 2);
    access.set(
      new Map([
        [sound, bob],
        [camera, bob],
      ]),
    );
    expect(readFileSync(state, 'utf8')).toContain(camera.path);
  });

  test('one user after the other may open a node, and in the end nobody', () => {
    const sound = node('sound');
    expect(access.set(new Map([[sound, alice]]))).toEqual([]);
    expect([may(sound, alice), may(sound, bob)]).toEqual([6, undefined]);
    expect(access.set(new Map([[sound, bob]]))).toEqual([]);
    expect([may(sound, alice), may(sound, bob)]).toEqual([undefined, 6]);
    expect(access.set(new Map())).toEqual([]);
    expect(list(sound)).toBeUndefined();
    expect(mode(sound)).toBe(0o640);
    expect(existsSync(state)).toBe(false);
  });

  test('a list that was there before is there afterwards', () => {
    const sound = node('sound');
    const theirs = AccessList.ofMode(0o640).withUser(7, 4);
    setXattr(sound.path, AccessList.attribute, theirs.encode());
    access.set(new Map([[sound, alice]]));
    expect([may(sound, alice), may(sound, 7)]).toEqual([6, 4]);
    access.set(new Map());
    expect(Buffer.from(list(sound)!.encode())).toEqual(Buffer.from(theirs.encode()));
  });

  test('who is named already on a node that only managers of seats name users on has no right to stay', () => {
    const camera = { ...node('camera', 2), managed: true };
    // As udevd does when a camera is plugged in while alice is in front.
    setXattr(camera.path, AccessList.attribute, AccessList.ofMode(0o640).withUser(alice, 6).encode());
    access.set(new Map([[camera, bob]]));
    expect([may(camera, alice), may(camera, bob)]).toEqual([undefined, 6]);
    access.set(new Map());
    expect([list(camera), mode(camera)]).toEqual([undefined, 0o640]);
    setXattr(camera.path, AccessList.attribute, AccessList.ofMode(0o640).withUser(alice, 6).encode());
    NodeAccess.clear(camera.path);
    expect([list(camera), mode(camera)]).toEqual([undefined, 0o640]);
  });

  test('who comes after one that was killed knows what to give back', () => {
    const [sound, camera] = [node('sound'), node('camera', 2)];
    access.set(
      new Map([
        [sound, alice],
        [camera, alice],
      ]),
    );
    const next = new NodeAccess(state);
    next.load();
    next.set(new Map([[sound, bob]]));
    expect([may(sound, alice), may(sound, bob), list(camera)]).toEqual([undefined, 6, undefined]);
    next.set(new Map());
    expect([mode(sound), mode(camera)]).toEqual([0o640, 0o640]);
  });

  test('what was changed in another boot, or is another device by now, is left alone', () => {
    const sound = node('sound');
    access.set(new Map([[sound, alice]]));
    writeFileSync(state, readFileSync(state, 'utf8').replace(/"boot":"[^"]+"/, '"boot":"another"'));
    const next = new NodeAccess(state);
    next.load();
    next.set(new Map());
    expect(may(sound, alice)).toBe(6);

    unlinkSync(sound.path);
    const other = node('sound', 3);
    expect(access.set(new Map([[sound, bob]]))).toEqual([]);
    expect(access.set(new Map())).toEqual([]);
    expect(mode(other)).toBe(0o640);
    expect(list(other)).toBeUndefined();
  });

  test('a node that is gone is no error, and keeps nobody from the others', () => {
    const [sound, camera] = [node('sound'), node('camera', 2)];
    access.set(new Map([[camera, alice]]));
    unlinkSync(sound.path);
    const wanted = new Map([
      [sound, bob],
      [camera, bob],
    ]);
    expect(access.set(wanted)).toEqual([]);
    expect(may(camera, bob)).toBe(6);
    unlinkSync(camera.path);
    expect(access.set(new Map())).toEqual([]);
  });

  test('a symbolic link is not followed', () => {
    const sound = node('sound');
    const { rdev, managed } = sound;
    execFileSync('ln', ['-s', sound.path, join(directory, 'link')]);
    access.set(new Map([[{ path: join(directory, 'link'), rdev, managed }, alice]]));
    expect(list(sound)).toBeUndefined();
  });
});

test('a file of state that is damaged gives nothing back', () => {
  writeFileSync(state, '{"boot": 3, "nodes": null');
  access.load();
  expect(access.set(new Map())).toEqual([]);
});
