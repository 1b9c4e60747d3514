/** The structs of mode setting: drm/drm_mode.h. Its ioctls are in drmModeIoctls.ts, formats in drmFormat.ts. */

import { drmClipRect } from './drm.js';
import { array, pointer, text } from './Field.js';
import { struct } from './Struct.js';

export const drmModeModeinfo = struct('drm_mode_modeinfo', {
  /** kHz */
  clock: 'u32',
  hdisplay: 'u16',
  hsync_start: 'u16',
  hsync_end: 'u16',
  htotal: 'u16',
  hskew: 'u16',
  vdisplay: 'u16',
  vsync_start: 'u16',
  vsync_end: 'u16',
  vtotal: 'u16',
  vscan: 'u16',
  /** Hz, rounded; the exact rate follows from clock, htotal and vtotal. */
  vrefresh: 'u32',
  flags: 'u32',
  type: 'u32',
  name: text(32),
});
export const drmModeCardRes = struct('drm_mode_card_res', {
  fb_id_ptr: pointer('u32', 'count_fbs'),
  crtc_id_ptr: pointer('u32', 'count_crtcs'),
  connector_id_ptr: pointer('u32', 'count_connectors'),
  encoder_id_ptr: pointer('u32', 'count_encoders'),
  count_fbs: 'u32',
  count_crtcs: 'u32',
  count_connectors: 'u32',
  count_encoders: 'u32',
  min_width: 'u32',
  max_width: 'u32',
  min_height: 'u32',
  max_height: 'u32',
});
export const drmModeCrtc = struct('drm_mode_crtc', {
  set_connectors_ptr: pointer('u32', 'count_connectors'),
  count_connectors: 'u32',
  crtc_id: 'u32',
  fb_id: 'u32',
  x: 'u32',
  y: 'u32',
  gamma_size: 'u32',
  mode_valid: 'u32',
  mode: drmModeModeinfo,
});
export const drmModeGetEncoder = struct('drm_mode_get_encoder', {
  encoder_id: 'u32',
  encoder_type: 'u32',
  crtc_id: 'u32',
  /** Bit n: the n-th CRTC of the card's resources. */
  possible_crtcs: 'u32',
  possible_clones: 'u32',
});
/** `count_modes` 0 makes the kernel probe the connector, if the caller is master. */
export const drmModeGetConnector = struct('drm_mode_get_connector', {
  encoders_ptr: pointer('u32', 'count_encoders'),
  modes_ptr: pointer(drmModeModeinfo, 'count_modes'),
  props_ptr: pointer('u32', 'count_props'),
  prop_values_ptr: pointer('u64', 'count_props'),
  count_modes: 'u32',
  count_props: 'u32',
  count_encoders: 'u32',
  encoder_id: 'u32',
  connector_id: 'u32',
  connector_type: 'u32',
  connector_type_id: 'u32',
  connection: 'u32',
  mm_width: 'u32',
  mm_height: 'u32',
  subpixel: 'u32',
  pad: 'u32',
});

export const drmModeGetPlaneRes = struct('drm_mode_get_plane_res', {
  plane_id_ptr: pointer('u32', 'count_planes'),
  count_planes: 'u32',
});
export const drmModeGetPlane = struct('drm_mode_get_plane', {
  plane_id: 'u32',
  crtc_id: 'u32',
  fb_id: 'u32',
  possible_crtcs: 'u32',
  gamma_size: 'u32',
  count_format_types: 'u32',
  format_type_ptr: pointer('u32', 'count_format_types'),
});
/** `src_*` are 16.16 fixed point. */
export const drmModeSetPlane = struct('drm_mode_set_plane', {
  plane_id: 'u32',
  crtc_id: 'u32',
  fb_id: 'u32',
  flags: 'u32',
  crtc_x: 'i32',
  crtc_y: 'i32',
  crtc_w: 'u32',
  crtc_h: 'u32',
  src_x: 'u32',
  src_y: 'u32',
  src_h: 'u32',
  src_w: 'u32',
});

export const drmModeObjGetProperties = struct('drm_mode_obj_get_properties', {
  props_ptr: pointer('u32', 'count_props'),
  prop_values_ptr: pointer('u64', 'count_props'),
  count_props: 'u32',
  obj_id: 'u32',
  obj_type: 'u32',
});
export const drmModeObjSetProperty = struct('drm_mode_obj_set_property', {
  value: 'u64',
  prop_id: 'u32',
  obj_id: 'u32',
  obj_type: 'u32',
});
export const drmModePropertyEnum = struct('drm_mode_property_enum', { value: 'u64', name: text(32) });
export const drmModeGetProperty = struct('drm_mode_get_property', {
  values_ptr: pointer('u64', 'count_values'),
  enum_blob_ptr: pointer(drmModePropertyEnum, 'count_enum_blobs'),
  prop_id: 'u32',
  flags: 'u32',
  name: text(32),
  count_values: 'u32',
  count_enum_blobs: 'u32',
});
export const drmModeConnectorSetProperty = struct('drm_mode_connector_set_property', {
  value: 'u64',
  prop_id: 'u32',
  connector_id: 'u32',
});
export const drmModeGetBlob = struct('drm_mode_get_blob', {
  blob_id: 'u32',
  length: 'u32',
  data: pointer('u8', 'length'),
});
export const drmModeCreateBlob = struct('drm_mode_create_blob', {
  data: pointer('u8', 'length'),
  length: 'u32',
  blob_id: 'u32',
});
export const drmModeDestroyBlob = struct('drm_mode_destroy_blob', { blob_id: 'u32' });

export const drmModeFbCmd = struct('drm_mode_fb_cmd', {
  fb_id: 'u32',
  width: 'u32',
  height: 'u32',
  pitch: 'u32',
  bpp: 'u32',
  depth: 'u32',
  handle: 'u32',
});
/** One element per plane of the format. */
export const drmModeFbCmd2 = struct('drm_mode_fb_cmd2', {
  fb_id: 'u32',
  width: 'u32',
  height: 'u32',
  pixel_format: 'u32',
  flags: 'u32',
  handles: array('u32', 4),
  pitches: array('u32', 4),
  offsets: array('u32', 4),
  modifier: array('u64', 4),
});
export const drmModeFbDirtyCmd = struct('drm_mode_fb_dirty_cmd', {
  fb_id: 'u32',
  flags: 'u32',
  color: 'u32',
  num_clips: 'u32',
  clips_ptr: pointer(drmClipRect, 'num_clips'),
});
/** The value of a plane's FB_DAMAGE_CLIPS: a blob of these. */
export const drmModeRect = struct('drm_mode_rect', { x1: 'i32', y1: 'i32', x2: 'i32', y2: 'i32' });

export const drmModeCreateDumb = struct('drm_mode_create_dumb', {
  height: 'u32',
  width: 'u32',
  bpp: 'u32',
  flags: 'u32',
  handle: 'u32',
  pitch: 'u32',
  size: 'u64',
});
/** `offset` is what mmap(2) of the card takes. */
export const drmModeMapDumb = struct('drm_mode_map_dumb', { handle: 'u32', pad: 'u32', offset: 'u64' });
export const drmModeDestroyDumb = struct('drm_mode_destroy_dumb', { handle: 'u32' });

export const drmModeCrtcPageFlip = struct('drm_mode_crtc_page_flip', {
  crtc_id: 'u32',
  fb_id: 'u32',
  flags: 'u32',
  reserved: 'u32',
  user_data: 'u64',
});
/** The same ioctl's argument when the flags have a target. */
export const drmModeCrtcPageFlipTarget = struct('drm_mode_crtc_page_flip_target', {
  crtc_id: 'u32',
  fb_id: 'u32',
  flags: 'u32',
  sequence: 'u32',
  user_data: 'u64',
});
export const drmModeCursor = struct('drm_mode_cursor', {
  flags: 'u32',
  crtc_id: 'u32',
  x: 'i32',
  y: 'i32',
  width: 'u32',
  height: 'u32',
  handle: 'u32',
});
export const drmModeCursor2 = struct('drm_mode_cursor2', {
  flags: 'u32',
  crtc_id: 'u32',
  x: 'i32',
  y: 'i32',
  width: 'u32',
  height: 'u32',
  handle: 'u32',
  hot_x: 'i32',
  hot_y: 'i32',
});
export const drmModeCrtcLut = struct('drm_mode_crtc_lut', {
  crtc_id: 'u32',
  gamma_size: 'u32',
  red: pointer('u16', 'gamma_size'),
  green: pointer('u16', 'gamma_size'),
  blue: pointer('u16', 'gamma_size'),
});
/** `props_ptr` and `prop_values_ptr` have as many elements as the numbers at `count_props_ptr` add up to. */
export const drmModeAtomic = struct('drm_mode_atomic', {
  flags: 'u32',
  count_objs: 'u32',
  objs_ptr: pointer('u32', 'count_objs'),
  count_props_ptr: pointer('u32', 'count_objs'),
  props_ptr: pointer('u32'),
  prop_values_ptr: pointer('u64'),
  reserved: 'u64',
  user_data: 'u64',
});

export const drmModeCreateLease = struct('drm_mode_create_lease', {
  object_ids: pointer('u32', 'object_count'),
  object_count: 'u32',
  /** Of the new fd: O_CLOEXEC, O_NONBLOCK. */
  flags: 'u32',
  lessee_id: 'u32',
  fd: 'u32',
});
export const drmModeListLessees = struct('drm_mode_list_lessees', {
  count_lessees: 'u32',
  pad: 'u32',
  lessees_ptr: pointer('u32', 'count_lessees'),
});
export const drmModeGetLease = struct('drm_mode_get_lease', {
  count_objects: 'u32',
  pad: 'u32',
  objects_ptr: pointer('u32', 'count_objects'),
});
export const drmModeRevokeLease = struct('drm_mode_revoke_lease', { lessee_id: 'u32' });

/** The head of a plane's IN_FORMATS blob; the offsets are from its start. */
export const drmFormatModifierBlob = struct('drm_format_modifier_blob', {
  version: 'u32',
  flags: 'u32',
  count_formats: 'u32',
  formats_offset: 'u32',
  count_modifiers: 'u32',
  modifiers_offset: 'u32',
});
/** Bit n of `formats`: the modifier goes with format `offset` + n of the blob. */
export const drmFormatModifier = struct('drm_format_modifier', {
  formats: 'u64',
  offset: 'u32',
  pad: 'u32',
  modifier: 'u64',
});
