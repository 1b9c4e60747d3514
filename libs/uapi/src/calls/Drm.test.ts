import { createPipe, write } from '@switchyard/sys';
import { expect, it } from 'vitest';
import { DRM_EVENT, drmEvent, drmEventCrtcSequence, drmEventVblank } from '../drm.js';
import { encode } from '../Struct.js';
import { runWith } from '../testing/FakeKernel.js';
import { DrmEvents } from './DrmEvents.js';

it('a card tells what it is', ({ skip }) => {
  const run = runWith(
    'fake-card',
    `
    const card = new calls.DrmCard(fd);
    show([card.version(), card.unique(), card.capability(uapi.DRM_CAP.PRIME)]);
    card.setClientCapability(uapi.DRM_CLIENT_CAP.ATOMIC);
    show([card.isMaster(), card.magic()]);
    fails(() => card.setMaster());
    fails(() => card.authenticate(5));
    card.dropMaster();
    const buffer = card.exportBuffer(3);
    show([buffer.what, card.importBuffer(buffer)]);
    card.closeHandle(12);
  `,
  );
  if ('missing' in run) return skip(run.missing);
  const version = {
    major: 1,
    minor: 2,
    patchlevel: 3,
    name: 'fake_drm',
    date: '0',
    description: 'a card in C',
  };
  expect(run.printed).toEqual([
    [version, '', `${2 ** 40 + 5}n`],
    [true, 77],
    'EBUSY: ioctl(DRM_IOCTL_SET_MASTER) /dev/null: Device or resource busy',
    'EACCES: ioctl(DRM_IOCTL_AUTH_MAGIC) /dev/null: Permission denied',
    ['dma-buf of /dev/null', 12],
  ]);
  expect(run.told).toEqual(['SET_CLIENT_CAP 3 1', 'PRIME_HANDLE_TO_FD 3 0x80002', 'GEM_CLOSE 12']);
});

it('arrays come whole, also when they grow meanwhile, and a connector without modes is probed once', ({
  skip,
}) => {
  const run = runWith(
    'fake-card',
    `
    const { modes } = new calls.DrmCard(fd);
    show(modes.resources());
    const connector = modes.connector(51);
    show({ ...connector, modes: connector.modes.map(({ name, clock, vtotal, flags }) => [name, clock, vtotal, flags]) });
    show([52, 52].map((id) => modes.connector(id).width));
    show(modes.connector(52, { probe: true }).width);
    fails(() => modes.connector(53));
    show([modes.planes(), modes.plane(31), modes.properties(31, uapi.DRM_MODE_OBJECT.PLANE)]);
    show([modes.property(5), modes.blob(90), modes.createBlob(modes.blob(90)), modes.crtc(41).mode.name]);
    show(modes.gamma(41, 2));
  `,
  );
  if ('missing' in run) return skip(run.missing);
  expect(run.printed).toEqual([
    {
      framebuffers: [],
      crtcs: [41, 42],
      connectors: [51, 52],
      encoders: [61],
      minimum: { width: 1, height: 2 },
      maximum: { width: 8192, height: 4096 },
    },
    {
      id: 51,
      type: 11,
      typeId: 1,
      connection: 1,
      width: 600,
      height: 340,
      subpixel: 1,
      encoder: 61,
      encoders: [61],
      modes: [
        ['1280x720', 74250, 750, 0],
        ['640x480', 25175, 0, 10],
      ],
      properties: [
        [5, '1n'],
        [6, `${2n ** 64n - 2n}n`],
      ],
    },
    [0, 0],
    1,
    'ENOENT: ioctl(DRM_IOCTL_MODE_GETCONNECTOR) /dev/null: No such file or directory',
    [
      [31, 32, 33],
      { id: 31, crtc: 41, framebuffer: 9, possibleCrtcs: 3, formats: [0x34325258, 0x34325241] },
      [[5, `${2n ** 63n}n`]],
    ],
    [
      {
        id: 5,
        name: 'type',
        flags: 12,
        values: ['0n', '1n'],
        enums: [
          { value: '0n', name: 'Overlay' },
          { value: '1n', name: 'Primary' },
        ],
      },
      [1, 2, 3, 250, 251],
      90,
      '800x600',
    ],
    [
      [0, 1],
      [100, 101],
      [65535, 65535],
    ],
  ]);
});

it('a frame is shown', ({ skip }) => {
  const run = runWith(
    'fake-card',
    `
    const { modes, buffers } = new calls.DrmCard(fd);
    const dumb = buffers.createDumb(1280, 720);
    show(dumb);
    const framebuffer = buffers.addFramebuffer({
      width: 1280, height: 720, pixel_format: uapi.DRM_FORMAT.XRGB8888, handles: [dumb.handle], pitches: [dumb.pitch],
    });
    modes.setCrtc(41, { framebuffer, mode: { hdisplay: 1280, name: '1280x720' }, connectors: [51, 52], x: 3 });
    modes.pageFlip(41, framebuffer, uapi.DRM_MODE_PAGE_FLIP.EVENT, 0x1122334455667788n);
    new calls.AtomicRequest().set(31, 17, 9).set(41, 18, -1n).set(31, 19, 4n).set(31, 17, 10).commit(fd, 0x200, 5n);
    new calls.AtomicRequest().set(1, 2, 3).clear().commit(fd, 0x100);
    buffers.dirty(framebuffer, [{ x1: 1, y1: 2, x2: 3, y2: 4 }, { x1: 5, y1: 6, x2: 7, y2: 65535 }]);
    buffers.dirty(framebuffer);
    modes.setCrtc(41);
    buffers.removeFramebuffer(framebuffer);
  `,
  );
  if ('missing' in run) return skip(run.missing);
  expect(run.printed).toEqual([{ handle: 3, width: 1280, height: 720, pitch: 5184, size: 5184 * 720 }]);
  expect(run.told).toEqual([
    'ADDFB2 1280x720 XR24 flags 0 handle 3,0 pitch 5184 offset 0 modifier 0',
    'SETCRTC 41 fb 9 at 3,0 valid 1 1280x720: 51 52',
    'PAGE_FLIP 41 9 1 0 0x1122334455667788',
    'ATOMIC 0x200 for 5: 31.17=10 31.19=4 41.18=-1',
    'ATOMIC 0x100 for 0:',
    'DIRTYFB 9: 1,2-3,4 5,6-7,65535',
    'DIRTYFB 9:',
    'SETCRTC 41 fb 0 at 0,0 valid 0 :',
    'RMFB 9',
  ]);
});

it('a lease is an Fd of its own', ({ skip }) => {
  const run = runWith(
    'fake-card',
    `
    const { leases } = new calls.DrmCard(fd);
    const lease = leases.create([41, 51]).fd;
    show([lease.what, lease.number !== fd.number, leases.lessees(), leases.objects()]);
    leases.revoke(4);
  `,
  );
  if ('missing' in run) return skip(run.missing);
  expect(run.printed).toEqual([['lease 4 of /dev/null', true, [4], []]]);
  expect(run.told).toEqual(['CREATE_LEASE 0x80800: 41 51', 'REVOKE_LEASE 4']);
});

it("a card's events are handed out, unknown ones passed over, and cut ones refused", () => {
  const { reading: reader, writing: writer } = createPipe();
  const event = (type: number, sequence: number) =>
    encode(drmEventVblank, {
      base: { type, length: drmEventVblank.size },
      user_data: 2n ** 63n,
      tv_sec: 7,
      tv_usec: 9,
      sequence,
      crtc_id: 41,
    });
  const unknown = new Uint8Array(24);
  drmEvent.write(new DataView(unknown.buffer), 0, { type: 0x80000000, length: 24 });
  const queued = encode(drmEventCrtcSequence, {
    base: { type: DRM_EVENT.CRTC_SEQUENCE, length: drmEventCrtcSequence.size },
    user_data: 3n,
    time_ns: 4n,
    sequence: 5n,
  });
  write(
    writer,
    Buffer.concat([event(DRM_EVENT.FLIP_COMPLETE, 1), unknown, event(DRM_EVENT.VBLANK, 2), queued]),
  );
  const seen: unknown[] = [];
  const events = new DrmEvents(reader);
  const on = {
    flipped: (...what: unknown[]) => seen.push(['flipped', ...what]),
    vblank: (...what: unknown[]) => seen.push(['vblank', ...what]),
    sequence: (...what: unknown[]) => seen.push(['sequence', ...what]),
  };
  events.read(on);
  expect(seen).toEqual([
    ['flipped', 41, 1, 7_000_009, 2n ** 63n],
    ['vblank', 41, 2, 7_000_009, 2n ** 63n],
    ['sequence', 5n, 4n, 3n],
  ]);
  write(writer, event(DRM_EVENT.VBLANK, 3).subarray(0, 16));
  expect(() => events.read(on)).toThrow('an event of 32 bytes, of 16 that were read');
  reader.close();
  writer.close();
});
