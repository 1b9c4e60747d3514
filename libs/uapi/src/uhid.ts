/** HID devices made by programs, /dev/uhid: linux/uhid.h. Records are written and read; there are no ioctls. */
import { bytes, text } from './Field.js';
import { packed, struct, union } from './Struct.js';

export const UHID = {
  DESTROY: 1,
  START: 2,
  STOP: 3,
  OPEN: 4,
  CLOSE: 5,
  OUTPUT: 6,
  GET_REPORT: 9,
  GET_REPORT_REPLY: 10,
  CREATE2: 11,
  INPUT2: 12,
  SET_REPORT: 13,
  SET_REPORT_REPLY: 14,
} as const;
export const HID_MAX_DESCRIPTOR_SIZE = 4096;
export const UHID_DATA_MAX = 4096;

export const uhidCreate2Req = packed('uhid_create2_req', {
  name: text(128),
  phys: text(64),
  uniq: text(64),
  rd_size: 'u16',
  bus: 'u16',
  vendor: 'u32',
  product: 'u32',
  version: 'u32',
  country: 'u32',
  rd_data: bytes(HID_MAX_DESCRIPTOR_SIZE),
});
export const uhidStartReq = struct('uhid_start_req', { dev_flags: 'u64' });
export const uhidInput2Req = packed('uhid_input2_req', { size: 'u16', data: bytes(UHID_DATA_MAX) });
export const uhidOutputReq = packed('uhid_output_req', {
  data: bytes(UHID_DATA_MAX),
  size: 'u16',
  rtype: 'u8',
});
export const uhidGetReportReq = packed('uhid_get_report_req', { id: 'u32', rnum: 'u8', rtype: 'u8' });
export const uhidGetReportReplyReq = packed('uhid_get_report_reply_req', {
  id: 'u32',
  err: 'u16',
  size: 'u16',
  data: bytes(UHID_DATA_MAX),
});
export const uhidSetReportReq = packed('uhid_set_report_req', {
  id: 'u32',
  rnum: 'u8',
  rtype: 'u8',
  size: 'u16',
  data: bytes(UHID_DATA_MAX),
});
export const uhidSetReportReplyReq = packed('uhid_set_report_reply_req', { id: 'u32', err: 'u16' });

/** The kernel takes records that are shorter as if zeros followed. */
export const uhidEvent = packed('uhid_event', {
  type: 'u32',
  u: union('', {
    create2: uhidCreate2Req,
    start: uhidStartReq,
    input2: uhidInput2Req,
    output: uhidOutputReq,
    get_report: uhidGetReportReq,
    get_report_reply: uhidGetReportReplyReq,
    set_report: uhidSetReportReq,
    set_report_reply: uhidSetReportReplyReq,
  }),
});
