/** Pixel formats and modifiers: drm/drm_fourcc.h. */
export const DRM_FORMAT = {
  XRGB8888: 0x34325258,
  ARGB8888: 0x34325241,
  XBGR8888: 0x34324258,
  ABGR8888: 0x34324241,
  RGB565: 0x36314752,
} as const;
export const DRM_FORMAT_MOD = { LINEAR: 0n, INVALID: 0x00ff_ffff_ffff_ffffn } as const;
