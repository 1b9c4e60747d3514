/** HID devices' own reports, /dev/hidraw*: linux/hidraw.h. */
import { bytes, text } from './Field.js';
import { byValue, ior, iow, iowr, plain } from './Ioctl.js';
import { struct } from './Struct.js';
import { HID_MAX_DESCRIPTOR_SIZE } from './uhid.js';

/** `size` says how much of `value` is wanted, at most what HIDIOCGRDESCSIZE gave. */
export const hidrawReportDescriptor = struct('hidraw_report_descriptor', {
  size: 'u32',
  value: bytes(HID_MAX_DESCRIPTOR_SIZE),
});
export const hidrawDevinfo = struct('hidraw_devinfo', { bustype: 'u32', vendor: 'i16', product: 'i16' });

export const HIDIOCGRDESCSIZE = ior('HIDIOCGRDESCSIZE', 'H', 0x01, 'i32');
/** The number says `read`; the kernel reads `size` first. */
export const HIDIOCGRDESC = plain(
  'HIDIOCGRDESC',
  ior('', 'H', 0x02, hidrawReportDescriptor).number,
  'both',
  hidrawReportDescriptor,
);
export const HIDIOCGRAWINFO = ior('HIDIOCGRAWINFO', 'H', 0x03, hidrawDevinfo);
/** These result in the number of bytes. */
export const HIDIOCGRAWNAME = (length: number) => ior('HIDIOCGRAWNAME', 'H', 0x04, text(length));
export const HIDIOCGRAWPHYS = (length: number) => ior('HIDIOCGRAWPHYS', 'H', 0x05, text(length));
export const HIDIOCGRAWUNIQ = (length: number) => ior('HIDIOCGRAWUNIQ', 'H', 0x08, text(length));
/** The first byte is the report's number, 0 when the device has but one. */
export const HIDIOCSFEATURE = (length: number) => iowr('HIDIOCSFEATURE', 'H', 0x06, bytes(length));
export const HIDIOCGFEATURE = (length: number) => iowr('HIDIOCGFEATURE', 'H', 0x07, bytes(length));
/** Linux 6.12 and newer. Only 0. Ends this open file, and with it every dup of it, as EVIOCREVOKE does. */
export const HIDIOCREVOKE = iow('HIDIOCREVOKE', 'H', 0x0d, byValue);
