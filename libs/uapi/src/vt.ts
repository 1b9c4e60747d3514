/** Virtual terminals: linux/vt.h. */
import { array } from './Field.js';
import { byValue, plain } from './Ioctl.js';
import { struct } from './Struct.js';

/** What VT_RELDISP takes, beside the modes: 0 refuses the switch, 1 allows it, ACKACQ says that the VT was taken over. */
export const VT = { AUTO: 0, PROCESS: 1, ACKACQ: 2 } as const;
export const VT_EVENT = { SWITCH: 1, BLANK: 2, UNBLANK: 4, RESIZE: 8 } as const;
export const MIN_NR_CONSOLES = 1;
export const MAX_NR_CONSOLES = 63;

export const vtMode = struct('vt_mode', {
  mode: 'u8',
  /** Hang on writes while not active. */
  waitv: 'u8',
  /** The signal that asks for the VT's release, and the one that tells of its acquisition. */
  relsig: 'i16',
  acqsig: 'i16',
  frsig: 'i16',
});
/** `v_state` has a bit for each allocated VT up to 15, and bit 0 always. */
export const vtStat = struct('vt_stat', { v_active: 'u16', v_signal: 'u16', v_state: 'u16' });
export const vtSizes = struct('vt_sizes', { v_rows: 'u16', v_cols: 'u16', v_scrollsize: 'u16' });
export const vtConsize = struct('vt_consize', {
  v_rows: 'u16',
  v_cols: 'u16',
  v_vlin: 'u16',
  v_clin: 'u16',
  v_vcol: 'u16',
  v_ccol: 'u16',
});
export const vtEvent = struct('vt_event', {
  event: 'u32',
  oldev: 'u32',
  newev: 'u32',
  pad: array('u32', 4),
});
export const vtSetactivate = struct('vt_setactivate', { console: 'u32', mode: vtMode });

/** The lowest free VT, or -1. */
export const VT_OPENQRY = plain('VT_OPENQRY', 0x5600, 'read', 'i32');
export const VT_GETMODE = plain('VT_GETMODE', 0x5601, 'read', vtMode);
export const VT_SETMODE = plain('VT_SETMODE', 0x5602, 'write', vtMode);
export const VT_GETSTATE = plain('VT_GETSTATE', 0x5603, 'read', vtStat);
/** Named by the header, done by no kernel. */
export const VT_SENDSIG = plain('VT_SENDSIG', 0x5604, 'none', undefined);
export const VT_RELDISP = plain('VT_RELDISP', 0x5605, 'write', byValue);
export const VT_ACTIVATE = plain('VT_ACTIVATE', 0x5606, 'write', byValue);
/** Waits. */
export const VT_WAITACTIVE = plain('VT_WAITACTIVE', 0x5607, 'write', byValue);
/** 0: every unused one. */
export const VT_DISALLOCATE = plain('VT_DISALLOCATE', 0x5608, 'write', byValue);
export const VT_RESIZE = plain('VT_RESIZE', 0x5609, 'write', vtSizes);
export const VT_RESIZEX = plain('VT_RESIZEX', 0x560a, 'write', vtConsize);
/** The numbers that these two take are not looked at. */
export const VT_LOCKSWITCH = plain('VT_LOCKSWITCH', 0x560b, 'write', byValue);
export const VT_UNLOCKSWITCH = plain('VT_UNLOCKSWITCH', 0x560c, 'write', byValue);
export const VT_GETHIFONTMASK = plain('VT_GETHIFONTMASK', 0x560d, 'read', 'u16');
/** Waits for one of the events in `event`. */
export const VT_WAITEVENT = plain('VT_WAITEVENT', 0x560e, 'both', vtEvent);
/** Sets another VT's mode and activates it, in one step. */
export const VT_SETACTIVATE = plain('VT_SETACTIVATE', 0x560f, 'write', vtSetactivate);
