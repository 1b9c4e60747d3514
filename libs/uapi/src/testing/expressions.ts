/** The tables' entries by the expression that gives them in C: what can be compared with a measurement or a compiler. */
import * as core from '../index.js';
import * as tables from '../tables.js';

const uapi = { ...core, ...tables };

/** Ioctls whose number depends on a length or an index, for some of these. */
const families: Readonly<Record<string, core.Ioctl>> = {
  'EVIOCGNAME(256)': uapi.EVIOCGNAME(256),
  'EVIOCGPHYS(256)': uapi.EVIOCGPHYS(256),
  'EVIOCGUNIQ(256)': uapi.EVIOCGUNIQ(256),
  'EVIOCGPROP(8)': uapi.EVIOCGPROP(8),
  'EVIOCGMTSLOTS(44)': uapi.EVIOCGMTSLOTS(44),
  'EVIOCGKEY(96)': uapi.EVIOCGKEY(96),
  'EVIOCGLED(8)': uapi.EVIOCGLED(8),
  'EVIOCGSND(8)': uapi.EVIOCGSND(8),
  'EVIOCGSW(8)': uapi.EVIOCGSW(8),
  'EVIOCGBIT(0,8)': uapi.EVIOCGBIT(0, 8),
  'EVIOCGBIT(EV_KEY,96)': uapi.EVIOCGBIT(uapi.EV.KEY, 96),
  'EVIOCGBIT(EV_ABS,8)': uapi.EVIOCGBIT(uapi.EV.ABS, 8),
  'EVIOCGABS(0)': uapi.EVIOCGABS(0),
  'EVIOCGABS(ABS_MT_POSITION_X)': uapi.EVIOCGABS(uapi.ABS.MT_POSITION_X),
  'EVIOCSABS(0)': uapi.EVIOCSABS(0),
  'UI_GET_SYSNAME(64)': uapi.UI_GET_SYSNAME(64),
  'HIDIOCGRAWNAME(256)': uapi.HIDIOCGRAWNAME(256),
  'HIDIOCGRAWPHYS(256)': uapi.HIDIOCGRAWPHYS(256),
  'HIDIOCGRAWUNIQ(64)': uapi.HIDIOCGRAWUNIQ(64),
  'HIDIOCSFEATURE(9)': uapi.HIDIOCSFEATURE(9),
  'HIDIOCGFEATURE(9)': uapi.HIDIOCGFEATURE(9),
};
const headerOfFamily: Readonly<Record<string, string>> = {
  EV: 'linux/input.h',
  UI: 'linux/uinput.h',
  HI: 'linux/hidraw.h',
};

export const ioctlsOf = ({ includes, ioctls }: tables.Header): [string, core.Ioctl][] => [
  ...ioctls.map((ioctl): [string, core.Ioctl] => [ioctl.name, ioctl]),
  ...Object.entries(families).filter(([name]) => includes.includes(headerOfFamily[name.slice(0, 2)]!)),
];

/** The groups of constants by their prefix in C. */
type Group = Readonly<Record<string, number | bigint>>;
const groups: Readonly<Record<string, readonly [prefix: string, group: Group][]>> = {
  'linux/vt.h': [
    ['VT_', uapi.VT],
    ['VT_EVENT_', uapi.VT_EVENT],
    ['', { MIN_NR_CONSOLES: uapi.MIN_NR_CONSOLES, MAX_NR_CONSOLES: uapi.MAX_NR_CONSOLES }],
  ],
  'linux/kd.h': [
    ['KD_', uapi.KD],
    ['K_', { ...uapi.K, ...uapi.K_TABLE, ...uapi.K_LOCK }],
    ['LED_', uapi.KD_LED],
    ['KB_', uapi.KB],
    ['TIOCL_', uapi.TIOCL],
  ],
  'linux/input.h': [
    ['EV_', { ...uapi.EV, VERSION: uapi.EV_VERSION }],
    ['', Object.fromEntries(Object.entries(uapi.CNT).map(([type, count]) => [`${type}_CNT`, count]))],
    ['INPUT_PROP_', uapi.INPUT_PROP],
    ['BUS_', uapi.BUS],
    ['SYN_', uapi.SYN],
    ['KEY_', uapi.KEY],
    ['BTN_', uapi.BTN],
    ['SW_', uapi.SW],
    ['LED_', uapi.LED],
  ],
  'linux/uinput.h': [
    ['', { UINPUT_MAX_NAME_SIZE: uapi.UINPUT_MAX_NAME_SIZE, UINPUT_VERSION: uapi.UINPUT_VERSION }],
    ['', { EV_UINPUT: uapi.EV_UINPUT }],
    ['UI_FF_', uapi.UI_FF],
  ],
  'linux/uhid.h': [
    ['UHID_', { ...uapi.UHID, DATA_MAX: uapi.UHID_DATA_MAX }],
    ['', { HID_MAX_DESCRIPTOR_SIZE: uapi.HID_MAX_DESCRIPTOR_SIZE }],
  ],
  'drm/drm.h': [
    ['DRM_CAP_', uapi.DRM_CAP],
    ['DRM_PRIME_CAP_', uapi.DRM_PRIME_CAP],
    ['DRM_CLIENT_CAP_', uapi.DRM_CLIENT_CAP],
    ['DRM_EVENT_', uapi.DRM_EVENT],
    ['DRM_', { CLOEXEC: uapi.DRM_CLOEXEC, RDWR: uapi.DRM_RDWR }],
    ['DRM_MODE_OBJECT_', uapi.DRM_MODE_OBJECT],
    ['DRM_MODE_CONNECTOR_', uapi.DRM_MODE_CONNECTOR],
    ['DRM_MODE_ENCODER_', { VIRTUAL: uapi.DRM_MODE_ENCODER_VIRTUAL }],
    ['DRM_MODE_DPMS_', uapi.DRM_MODE_DPMS],
    ['DRM_MODE_TYPE_', uapi.DRM_MODE_TYPE],
    ['DRM_MODE_FLAG_', uapi.DRM_MODE_FLAG],
    ['DRM_MODE_PROP_', uapi.DRM_MODE_PROP],
    ['DRM_MODE_PAGE_FLIP_', uapi.DRM_MODE_PAGE_FLIP],
    ['DRM_MODE_ATOMIC_', uapi.DRM_MODE_ATOMIC],
    ['DRM_MODE_CURSOR_', uapi.DRM_MODE_CURSOR],
    ['DRM_MODE_FB_', uapi.DRM_MODE_FB],
  ],
  'drm/drm_fourcc.h': [
    ['DRM_FORMAT_', uapi.DRM_FORMAT],
    ['DRM_FORMAT_MOD_', uapi.DRM_FORMAT_MOD],
  ],
  'drm/virtgpu_drm.h': [['VIRTGPU_PARAM_', uapi.VIRTGPU_PARAM]],
  'linux/dma-buf.h': [['DMA_BUF_SYNC_', uapi.DMA_BUF_SYNC]],
  'linux/netlink.h': [
    ['', { AF_NETLINK: uapi.AF_NETLINK, NETLINK_KOBJECT_UEVENT: uapi.NETLINK_KOBJECT_UEVENT }],
  ],
  'sys/inotify.h': [['IN_', uapi.IN]],
  'linux/posix_acl.h': [['ACL_', uapi.ACL]],
  'linux/posix_acl_xattr.h': [['', { POSIX_ACL_XATTR_VERSION: uapi.POSIX_ACL_XATTR_VERSION }]],
};

const named = ([prefix, group]: readonly [string, Group]): [string, bigint][] =>
  Object.entries(group).map(([name, value]) => [prefix + name, BigInt(value)]);

export const constantsOf = (include: string): [string, bigint][] => (groups[include] ?? []).flatMap(named);

/** What no header of the kernel has: libdrm's xf86drmMode.h names the values of drm_mode_get_connector.connection. */
export const unheaded: ReadonlyMap<string, bigint> = new Map([
  ['DRM_MODE_CONNECTED', BigInt(uapi.DRM_MODE_CONNECTION.CONNECTED)],
  ['DRM_MODE_DISCONNECTED', BigInt(uapi.DRM_MODE_CONNECTION.DISCONNECTED)],
  ['DRM_MODE_UNKNOWNCONNECTION', BigInt(uapi.DRM_MODE_CONNECTION.UNKNOWN)],
]);

export const allConstants = (): Map<string, bigint> =>
  new Map([...unheaded, ...Object.keys(groups).flatMap(constantsOf)]);

/** Where a field of ours has another path in C. */
const paths: Readonly<Record<string, string>> = {
  'input_event.sec': 'time.tv_sec',
  'input_event.usec': 'time.tv_usec',
};

export interface Member {
  readonly path: string;
  readonly offset: number;
  readonly type: core.FieldType;
}

/** Every field, those of nested structs and of arrays' first and last elements too. */
export function membersOf(type: core.AnyStruct): Member[] {
  return Object.entries(type.fields).flatMap(([name, field]) =>
    expand(paths[`${type.name}.${name}`] ?? name, type.offset[name]!, field),
  );
}

function expand(path: string, offset: number, type: core.FieldType): Member[] {
  const members: Member[] = [{ path, offset, type }];
  if (typeof type === 'string') return members;
  if (type.kind === 'array') {
    const { of, count } = type as core.ArrayOf<core.FieldType>;
    for (const index of new Set([0, count - 1]))
      members.push(...expand(`${path}[${index}]`, offset + index * uapi.sizeOf(of), of));
  }
  if (type.kind === 'struct' || type.kind === 'union') {
    const nested = type as core.AnyStruct;
    for (const [name, field] of Object.entries(nested.fields))
      members.push(...expand(`${path}.${name}`, offset + nested.offset[name]!, field));
  }
  return members;
}
