/** virtio-gpu's own ioctls, with which its render node draws and shares buffers: drm/virtgpu_drm.h. */
import { pointer } from './Field.js';
import { iowr } from './Ioctl.js';
import { struct } from './Struct.js';

export const VIRTGPU_PARAM = { '3D_FEATURES': 1, CAPSET_QUERY_FIX: 2 } as const;

export const drmVirtgpuMap = struct('drm_virtgpu_map', { offset: 'u64', handle: 'u32', pad: 'u32' });
export const drmVirtgpuExecbuffer = struct('drm_virtgpu_execbuffer', {
  flags: 'u32',
  size: 'u32',
  command: pointer('u8', 'size'),
  bo_handles: pointer('u32', 'num_bo_handles'),
  num_bo_handles: 'u32',
  fence_fd: 'i32',
});
/** `value` is where the parameter, an int, is written. */
export const drmVirtgpuGetparam = struct('drm_virtgpu_getparam', { param: 'u64', value: pointer('i32') });
export const drmVirtgpuResourceCreate = struct('drm_virtgpu_resource_create', {
  target: 'u32',
  format: 'u32',
  bind: 'u32',
  width: 'u32',
  height: 'u32',
  depth: 'u32',
  array_size: 'u32',
  last_level: 'u32',
  nr_samples: 'u32',
  flags: 'u32',
  bo_handle: 'u32',
  res_handle: 'u32',
  size: 'u32',
  stride: 'u32',
});
export const drmVirtgpu3dBox = struct('drm_virtgpu_3d_box', {
  x: 'u32',
  y: 'u32',
  z: 'u32',
  w: 'u32',
  h: 'u32',
  d: 'u32',
});
export const drmVirtgpu3dTransferToHost = struct('drm_virtgpu_3d_transfer_to_host', {
  bo_handle: 'u32',
  box: drmVirtgpu3dBox,
  level: 'u32',
  offset: 'u32',
});

export const DRM_IOCTL_VIRTGPU_MAP = iowr('DRM_IOCTL_VIRTGPU_MAP', 'd', 0x41, drmVirtgpuMap);
export const DRM_IOCTL_VIRTGPU_EXECBUFFER = iowr(
  'DRM_IOCTL_VIRTGPU_EXECBUFFER',
  'd',
  0x42,
  drmVirtgpuExecbuffer,
);
export const DRM_IOCTL_VIRTGPU_GETPARAM = iowr('DRM_IOCTL_VIRTGPU_GETPARAM', 'd', 0x43, drmVirtgpuGetparam);
export const DRM_IOCTL_VIRTGPU_RESOURCE_CREATE = iowr(
  'DRM_IOCTL_VIRTGPU_RESOURCE_CREATE',
  'd',
  0x44,
  drmVirtgpuResourceCreate,
);
export const DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST = iowr(
  'DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST',
  'd',
  0x47,
  drmVirtgpu3dTransferToHost,
);
