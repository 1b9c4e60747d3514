/** Graphics cards, /dev/dri/*: drm/drm.h. Their mode setting is in drmMode.ts. */
import { pointer } from './Field.js';
import { io, ior, iow, iowr } from './Ioctl.js';
import { struct, union } from './Struct.js';

export const DRM_CAP = {
  DUMB_BUFFER: 1,
  VBLANK_HIGH_CRTC: 2,
  DUMB_PREFERRED_DEPTH: 3,
  DUMB_PREFER_SHADOW: 4,
  /** DRM_PRIME_CAP's bits. */
  PRIME: 5,
  TIMESTAMP_MONOTONIC: 6,
  ASYNC_PAGE_FLIP: 7,
  CURSOR_WIDTH: 8,
  CURSOR_HEIGHT: 9,
  ADDFB2_MODIFIERS: 0x10,
  PAGE_FLIP_TARGET: 0x11,
  CRTC_IN_VBLANK_EVENT: 0x12,
  SYNCOBJ: 0x13,
  SYNCOBJ_TIMELINE: 0x14,
} as const;
export const DRM_PRIME_CAP = { IMPORT: 1, EXPORT: 2 } as const;
export const DRM_CLIENT_CAP = {
  STEREO_3D: 1,
  UNIVERSAL_PLANES: 2,
  ATOMIC: 3,
  ASPECT_RATIO: 4,
  WRITEBACK_CONNECTORS: 5,
} as const;
export const DRM_EVENT = { VBLANK: 1, FLIP_COMPLETE: 2, CRTC_SEQUENCE: 3 } as const;
/** Flags of an exported buffer's fd, and of a lease's: O_CLOEXEC, O_RDWR. */
export const DRM_CLOEXEC = 0x80000;
export const DRM_RDWR = 2;

export const drmVersion = struct('drm_version', {
  version_major: 'i32',
  version_minor: 'i32',
  version_patchlevel: 'i32',
  name_len: 'u64',
  name: pointer('u8', 'name_len'),
  date_len: 'u64',
  date: pointer('u8', 'date_len'),
  desc_len: 'u64',
  desc: pointer('u8', 'desc_len'),
});
export const drmUnique = struct('drm_unique', { unique_len: 'u64', unique: pointer('u8', 'unique_len') });
export const drmAuth = struct('drm_auth', { magic: 'u32' });
export const drmClient = struct('drm_client', {
  idx: 'i32',
  auth: 'i32',
  pid: 'u64',
  uid: 'u64',
  magic: 'u64',
  iocs: 'u64',
});
export const drmSetVersion = struct('drm_set_version', {
  drm_di_major: 'i32',
  drm_di_minor: 'i32',
  drm_dd_major: 'i32',
  drm_dd_minor: 'i32',
});
export const drmGemClose = struct('drm_gem_close', { handle: 'u32', pad: 'u32' });
export const drmGetCap = struct('drm_get_cap', { capability: 'u64', value: 'u64' });
export const drmSetClientCap = struct('drm_set_client_cap', { capability: 'u64', value: 'u64' });
export const drmPrimeHandle = struct('drm_prime_handle', { handle: 'u32', flags: 'u32', fd: 'i32' });
export const drmClipRect = struct('drm_clip_rect', { x1: 'u16', y1: 'u16', x2: 'u16', y2: 'u16' });

/** What read(2) gives: events one after another, each `length` bytes with this at its head. */
export const drmEvent = struct('drm_event', { type: 'u32', length: 'u32' });
/** VBLANK and FLIP_COMPLETE; the time is CLOCK_MONOTONIC's. */
export const drmEventVblank = struct('drm_event_vblank', {
  base: drmEvent,
  user_data: 'u64',
  tv_sec: 'u32',
  tv_usec: 'u32',
  sequence: 'u32',
  crtc_id: 'u32',
});
export const drmEventCrtcSequence = struct('drm_event_crtc_sequence', {
  base: drmEvent,
  user_data: 'u64',
  time_ns: 'i64',
  sequence: 'u64',
});

export const drmWaitVblank = union('drm_wait_vblank', {
  request: struct('drm_wait_vblank_request', { type: 'u32', sequence: 'u32', signal: 'u64' }),
  reply: struct('drm_wait_vblank_reply', { type: 'u32', sequence: 'u32', tval_sec: 'i64', tval_usec: 'i64' }),
});
export const drmCrtcGetSequence = struct('drm_crtc_get_sequence', {
  crtc_id: 'u32',
  active: 'u32',
  sequence: 'u64',
  sequence_ns: 'i64',
});
export const drmCrtcQueueSequence = struct('drm_crtc_queue_sequence', {
  crtc_id: 'u32',
  flags: 'u32',
  sequence: 'u64',
  user_data: 'u64',
});

export const drmSyncobjCreate = struct('drm_syncobj_create', { handle: 'u32', flags: 'u32' });
export const drmSyncobjDestroy = struct('drm_syncobj_destroy', { handle: 'u32', pad: 'u32' });
export const drmSyncobjHandle = struct('drm_syncobj_handle', {
  handle: 'u32',
  flags: 'u32',
  fd: 'i32',
  pad: 'u32',
});
export const drmSyncobjWait = struct('drm_syncobj_wait', {
  handles: pointer('u32', 'count_handles'),
  /** Absolute, CLOCK_MONOTONIC. */
  timeout_nsec: 'i64',
  count_handles: 'u32',
  flags: 'u32',
  first_signaled: 'u32',
  pad: 'u32',
});

export const DRM_IOCTL_VERSION = iowr('DRM_IOCTL_VERSION', 'd', 0x00, drmVersion);
export const DRM_IOCTL_GET_UNIQUE = iowr('DRM_IOCTL_GET_UNIQUE', 'd', 0x01, drmUnique);
export const DRM_IOCTL_GET_MAGIC = ior('DRM_IOCTL_GET_MAGIC', 'd', 0x02, drmAuth);
export const DRM_IOCTL_GET_CLIENT = iowr('DRM_IOCTL_GET_CLIENT', 'd', 0x05, drmClient);
export const DRM_IOCTL_SET_VERSION = iowr('DRM_IOCTL_SET_VERSION', 'd', 0x07, drmSetVersion);
export const DRM_IOCTL_GEM_CLOSE = iow('DRM_IOCTL_GEM_CLOSE', 'd', 0x09, drmGemClose);
export const DRM_IOCTL_GET_CAP = iowr('DRM_IOCTL_GET_CAP', 'd', 0x0c, drmGetCap);
export const DRM_IOCTL_SET_CLIENT_CAP = iow('DRM_IOCTL_SET_CLIENT_CAP', 'd', 0x0d, drmSetClientCap);
/** The master alone may. EACCES: the caller is not master; EINVAL: it is, and nobody has this magic. */
export const DRM_IOCTL_AUTH_MAGIC = iow('DRM_IOCTL_AUTH_MAGIC', 'd', 0x11, drmAuth);
/** CAP_SYS_ADMIN, or the process that opened this file while it was master. */
export const DRM_IOCTL_SET_MASTER = io('DRM_IOCTL_SET_MASTER', 'd', 0x1e);
export const DRM_IOCTL_DROP_MASTER = io('DRM_IOCTL_DROP_MASTER', 'd', 0x1f);
export const DRM_IOCTL_PRIME_HANDLE_TO_FD = iowr('DRM_IOCTL_PRIME_HANDLE_TO_FD', 'd', 0x2d, drmPrimeHandle);
export const DRM_IOCTL_PRIME_FD_TO_HANDLE = iowr('DRM_IOCTL_PRIME_FD_TO_HANDLE', 'd', 0x2e, drmPrimeHandle);
/** Waits, unless an event is asked for. */
export const DRM_IOCTL_WAIT_VBLANK = iowr('DRM_IOCTL_WAIT_VBLANK', 'd', 0x3a, drmWaitVblank);
export const DRM_IOCTL_CRTC_GET_SEQUENCE = iowr('DRM_IOCTL_CRTC_GET_SEQUENCE', 'd', 0x3b, drmCrtcGetSequence);
export const DRM_IOCTL_CRTC_QUEUE_SEQUENCE = iowr(
  'DRM_IOCTL_CRTC_QUEUE_SEQUENCE',
  'd',
  0x3c,
  drmCrtcQueueSequence,
);
export const DRM_IOCTL_SYNCOBJ_CREATE = iowr('DRM_IOCTL_SYNCOBJ_CREATE', 'd', 0xbf, drmSyncobjCreate);
export const DRM_IOCTL_SYNCOBJ_DESTROY = iowr('DRM_IOCTL_SYNCOBJ_DESTROY', 'd', 0xc0, drmSyncobjDestroy);
export const DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD = iowr(
  'DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD',
  'd',
  0xc1,
  drmSyncobjHandle,
);
export const DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE = iowr(
  'DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE',
  'd',
  0xc2,
  drmSyncobjHandle,
);
/** Waits. */
export const DRM_IOCTL_SYNCOBJ_WAIT = iowr('DRM_IOCTL_SYNCOBJ_WAIT', 'd', 0xc3, drmSyncobjWait);
