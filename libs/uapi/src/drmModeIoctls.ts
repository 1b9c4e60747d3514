/** The ioctls of mode setting, drm/drm.h, and the numbers of drm/drm_mode.h that go into them. */
import * as mode from './drmMode.js';
import { iowr } from './Ioctl.js';

export const DRM_MODE_CONNECTION = { CONNECTED: 1, DISCONNECTED: 2, UNKNOWN: 3 } as const;
export const DRM_MODE_OBJECT = {
  CRTC: 0xcccccccc,
  CONNECTOR: 0xc0c0c0c0,
  ENCODER: 0xe0e0e0e0,
  MODE: 0xdededede,
  PROPERTY: 0xb0b0b0b0,
  FB: 0xfbfbfbfb,
  BLOB: 0xbbbbbbbb,
  PLANE: 0xeeeeeeee,
  ANY: 0,
} as const;
export const DRM_MODE_CONNECTOR = {
  Unknown: 0,
  VGA: 1,
  DVII: 2,
  DVID: 3,
  DVIA: 4,
  Composite: 5,
  SVIDEO: 6,
  LVDS: 7,
  Component: 8,
  '9PinDIN': 9,
  DisplayPort: 10,
  HDMIA: 11,
  HDMIB: 12,
  TV: 13,
  eDP: 14,
  VIRTUAL: 15,
  DSI: 16,
  DPI: 17,
  WRITEBACK: 18,
  SPI: 19,
  USB: 20,
} as const;
export const DRM_MODE_ENCODER_VIRTUAL = 5;
export const DRM_MODE_DPMS = { ON: 0, STANDBY: 1, SUSPEND: 2, OFF: 3 } as const;
export const DRM_MODE_TYPE = { PREFERRED: 8, USERDEF: 32, DRIVER: 64 } as const;
export const DRM_MODE_FLAG = {
  PHSYNC: 1,
  NHSYNC: 2,
  PVSYNC: 4,
  NVSYNC: 8,
  INTERLACE: 16,
  DBLSCAN: 32,
} as const;
export const DRM_MODE_PROP = {
  PENDING: 1,
  RANGE: 2,
  IMMUTABLE: 4,
  ENUM: 8,
  BLOB: 16,
  BITMASK: 32,
  /** Not single bits: a type under the mask 0xffc0. */
  OBJECT: 64,
  SIGNED_RANGE: 128,
  ATOMIC: 0x80000000,
} as const;
export const DRM_MODE_PAGE_FLIP = { EVENT: 1, ASYNC: 2, TARGET_ABSOLUTE: 4, TARGET_RELATIVE: 8 } as const;
export const DRM_MODE_ATOMIC = { TEST_ONLY: 0x100, NONBLOCK: 0x200, ALLOW_MODESET: 0x400 } as const;
export const DRM_MODE_CURSOR = { BO: 1, MOVE: 2 } as const;
export const DRM_MODE_FB = { INTERLACED: 1, MODIFIERS: 2 } as const;

/** Those that give arrays are called twice: with counts of 0 for the counts, then with room for them. */
export const DRM_IOCTL_MODE_GETRESOURCES = iowr(
  'DRM_IOCTL_MODE_GETRESOURCES',
  'd',
  0xa0,
  mode.drmModeCardRes,
);
export const DRM_IOCTL_MODE_GETCRTC = iowr('DRM_IOCTL_MODE_GETCRTC', 'd', 0xa1, mode.drmModeCrtc);
export const DRM_IOCTL_MODE_SETCRTC = iowr('DRM_IOCTL_MODE_SETCRTC', 'd', 0xa2, mode.drmModeCrtc);
export const DRM_IOCTL_MODE_CURSOR = iowr('DRM_IOCTL_MODE_CURSOR', 'd', 0xa3, mode.drmModeCursor);
export const DRM_IOCTL_MODE_GETGAMMA = iowr('DRM_IOCTL_MODE_GETGAMMA', 'd', 0xa4, mode.drmModeCrtcLut);
export const DRM_IOCTL_MODE_SETGAMMA = iowr('DRM_IOCTL_MODE_SETGAMMA', 'd', 0xa5, mode.drmModeCrtcLut);
export const DRM_IOCTL_MODE_GETENCODER = iowr('DRM_IOCTL_MODE_GETENCODER', 'd', 0xa6, mode.drmModeGetEncoder);
export const DRM_IOCTL_MODE_GETCONNECTOR = iowr(
  'DRM_IOCTL_MODE_GETCONNECTOR',
  'd',
  0xa7,
  mode.drmModeGetConnector,
);
export const DRM_IOCTL_MODE_GETPROPERTY = iowr(
  'DRM_IOCTL_MODE_GETPROPERTY',
  'd',
  0xaa,
  mode.drmModeGetProperty,
);
export const DRM_IOCTL_MODE_SETPROPERTY = iowr(
  'DRM_IOCTL_MODE_SETPROPERTY',
  'd',
  0xab,
  mode.drmModeConnectorSetProperty,
);
export const DRM_IOCTL_MODE_GETPROPBLOB = iowr('DRM_IOCTL_MODE_GETPROPBLOB', 'd', 0xac, mode.drmModeGetBlob);
export const DRM_IOCTL_MODE_GETFB = iowr('DRM_IOCTL_MODE_GETFB', 'd', 0xad, mode.drmModeFbCmd);
export const DRM_IOCTL_MODE_ADDFB = iowr('DRM_IOCTL_MODE_ADDFB', 'd', 0xae, mode.drmModeFbCmd);
/** Turns off what scans it out, too. */
export const DRM_IOCTL_MODE_RMFB = iowr('DRM_IOCTL_MODE_RMFB', 'd', 0xaf, 'u32');
export const DRM_IOCTL_MODE_PAGE_FLIP = iowr('DRM_IOCTL_MODE_PAGE_FLIP', 'd', 0xb0, mode.drmModeCrtcPageFlip);
export const DRM_IOCTL_MODE_DIRTYFB = iowr('DRM_IOCTL_MODE_DIRTYFB', 'd', 0xb1, mode.drmModeFbDirtyCmd);
export const DRM_IOCTL_MODE_CREATE_DUMB = iowr(
  'DRM_IOCTL_MODE_CREATE_DUMB',
  'd',
  0xb2,
  mode.drmModeCreateDumb,
);
export const DRM_IOCTL_MODE_MAP_DUMB = iowr('DRM_IOCTL_MODE_MAP_DUMB', 'd', 0xb3, mode.drmModeMapDumb);
export const DRM_IOCTL_MODE_DESTROY_DUMB = iowr(
  'DRM_IOCTL_MODE_DESTROY_DUMB',
  'd',
  0xb4,
  mode.drmModeDestroyDumb,
);
export const DRM_IOCTL_MODE_GETPLANERESOURCES = iowr(
  'DRM_IOCTL_MODE_GETPLANERESOURCES',
  'd',
  0xb5,
  mode.drmModeGetPlaneRes,
);
export const DRM_IOCTL_MODE_GETPLANE = iowr('DRM_IOCTL_MODE_GETPLANE', 'd', 0xb6, mode.drmModeGetPlane);
export const DRM_IOCTL_MODE_SETPLANE = iowr('DRM_IOCTL_MODE_SETPLANE', 'd', 0xb7, mode.drmModeSetPlane);
export const DRM_IOCTL_MODE_ADDFB2 = iowr('DRM_IOCTL_MODE_ADDFB2', 'd', 0xb8, mode.drmModeFbCmd2);
export const DRM_IOCTL_MODE_OBJ_GETPROPERTIES = iowr(
  'DRM_IOCTL_MODE_OBJ_GETPROPERTIES',
  'd',
  0xb9,
  mode.drmModeObjGetProperties,
);
export const DRM_IOCTL_MODE_OBJ_SETPROPERTY = iowr(
  'DRM_IOCTL_MODE_OBJ_SETPROPERTY',
  'd',
  0xba,
  mode.drmModeObjSetProperty,
);
export const DRM_IOCTL_MODE_CURSOR2 = iowr('DRM_IOCTL_MODE_CURSOR2', 'd', 0xbb, mode.drmModeCursor2);
/** All changes or none; waits for their end unless NONBLOCK. */
export const DRM_IOCTL_MODE_ATOMIC = iowr('DRM_IOCTL_MODE_ATOMIC', 'd', 0xbc, mode.drmModeAtomic);
export const DRM_IOCTL_MODE_CREATEPROPBLOB = iowr(
  'DRM_IOCTL_MODE_CREATEPROPBLOB',
  'd',
  0xbd,
  mode.drmModeCreateBlob,
);
export const DRM_IOCTL_MODE_DESTROYPROPBLOB = iowr(
  'DRM_IOCTL_MODE_DESTROYPROPBLOB',
  'd',
  0xbe,
  mode.drmModeDestroyBlob,
);
export const DRM_IOCTL_MODE_CREATE_LEASE = iowr(
  'DRM_IOCTL_MODE_CREATE_LEASE',
  'd',
  0xc6,
  mode.drmModeCreateLease,
);
export const DRM_IOCTL_MODE_LIST_LESSEES = iowr(
  'DRM_IOCTL_MODE_LIST_LESSEES',
  'd',
  0xc7,
  mode.drmModeListLessees,
);
export const DRM_IOCTL_MODE_GET_LEASE = iowr('DRM_IOCTL_MODE_GET_LEASE', 'd', 0xc8, mode.drmModeGetLease);
export const DRM_IOCTL_MODE_REVOKE_LEASE = iowr(
  'DRM_IOCTL_MODE_REVOKE_LEASE',
  'd',
  0xc9,
  mode.drmModeRevokeLease,
);
/** The handles are new ones, to be closed (CAP_SYS_ADMIN or the master; others get 0). */
export const DRM_IOCTL_MODE_GETFB2 = iowr('DRM_IOCTL_MODE_GETFB2', 'd', 0xce, mode.drmModeFbCmd2);
