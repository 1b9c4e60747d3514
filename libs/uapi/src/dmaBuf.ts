/** Buffers that drivers share, and their fences: linux/dma-buf.h and linux/sync_file.h. */
import { pointer, text } from './Field.js';
import { iow, iowr, plain } from './Ioctl.js';
import { struct } from './Struct.js';

/** The processor's access to a mapped buffer is bracketed by START and END. */
export const DMA_BUF_SYNC = { READ: 1, WRITE: 2, START: 0, END: 4 } as const;

export const dmaBufSync = struct('dma_buf_sync', { flags: 'u64' });
export const dmaBufExportSyncFile = struct('dma_buf_export_sync_file', { flags: 'u32', fd: 'i32' });
export const dmaBufImportSyncFile = struct('dma_buf_import_sync_file', { flags: 'u32', fd: 'i32' });
export const syncMergeData = struct('sync_merge_data', {
  name: text(32),
  fd2: 'i32',
  fence: 'i32',
  flags: 'u32',
  pad: 'u32',
});
export const syncFenceInfo = struct('sync_fence_info', {
  obj_name: text(32),
  driver_name: text(32),
  /** 1 signalled, 0 not yet, else -errno. */
  status: 'i32',
  flags: 'u32',
  timestamp_ns: 'u64',
});
export const syncFileInfo = struct('sync_file_info', {
  name: text(32),
  status: 'i32',
  flags: 'u32',
  num_fences: 'u32',
  pad: 'u32',
  sync_fence_info: pointer(syncFenceInfo, 'num_fences'),
});

export const DMA_BUF_IOCTL_SYNC = iow('DMA_BUF_IOCTL_SYNC', 'b', 0, dmaBufSync);
/** The number says the size of a pointer; the argument is the text itself. */
export const DMA_BUF_SET_NAME = plain('DMA_BUF_SET_NAME', iow('', 'b', 1, 'u64').number, 'write', text(32));
export const DMA_BUF_IOCTL_EXPORT_SYNC_FILE = iowr(
  'DMA_BUF_IOCTL_EXPORT_SYNC_FILE',
  'b',
  2,
  dmaBufExportSyncFile,
);
export const DMA_BUF_IOCTL_IMPORT_SYNC_FILE = iow(
  'DMA_BUF_IOCTL_IMPORT_SYNC_FILE',
  'b',
  3,
  dmaBufImportSyncFile,
);
export const SYNC_IOC_MERGE = iowr('SYNC_IOC_MERGE', '>', 3, syncMergeData);
export const SYNC_IOC_FILE_INFO = iowr('SYNC_IOC_FILE_INFO', '>', 4, syncFileInfo);
