import type { Area } from '../DirtyTiles.js';
import type { Size } from '../MonitorLayout.js';
import { CLIPBOARD_LIMIT } from '../wire/Control.js';
import type { ByteStream } from './ByteStream.js';
import { type ClipboardWord, readClipboard } from './ExtendedClipboard.js';
import { RfbRefusal } from './Handshake.js';
import {
  ClientMessage,
  continuousUpdates,
  cutText,
  FENCE_PAYLOAD_MAX,
  fence,
  key,
  pixelFormat,
  pointer,
  qemuKey,
  screen,
  setDesktopSize,
  setEncodings,
  setPixelFormat,
  updateRequest,
} from './Messages.js';
import type { PixelFormatFields } from './PixelFormat.js';

/** Text that is longer than the clipboard takes is read and forgotten; longer than this nobody means. */
const CUT_TEXT_MAX = 16 * 1024 * 1024;
const QEMU_EXTENDED_KEY = 0;

export type UpdateArea = ReturnType<typeof updateRequest.read>;

/** What a client says. */
export interface ClientWords {
  pixelFormat(fields: PixelFormatFields): void;
  encodings(encodings: number[]): void;
  updateRequest(area: UpdateArea): void;
  continuousUpdates(enable: boolean): void;
  key(keysym: number, down: boolean, scanCode: number | undefined): void;
  pointer(buttons: number, x: number, y: number): void;
  cutText(text: string): void;
  clipboard(word: ClipboardWord): void;
  fence(flags: number, payload: Buffer): void;
  setDesktopSize(size: Size, screens: readonly Area[]): void;
}

/** Reads a client's messages until it goes. Rejects with RfbRefusal at what is none. */
export async function readClient(stream: ByteStream, on: ClientWords): Promise<never> {
  for (;;) {
    const [type] = await stream.take(1);
    switch (type) {
      case ClientMessage.setPixelFormat: {
        await stream.take(setPixelFormat.size);
        on.pixelFormat(pixelFormat.read(await stream.take(pixelFormat.size)));
        break;
      }
      case ClientMessage.setEncodings: {
        const { count } = setEncodings.read(await stream.take(setEncodings.size));
        const bytes = await stream.take(4 * count);
        on.encodings(Array.from({ length: count }, (_, i) => bytes.readInt32BE(4 * i)));
        break;
      }
      case ClientMessage.updateRequest:
        on.updateRequest(updateRequest.read(await stream.take(updateRequest.size)));
        break;
      case ClientMessage.key: {
        const { keysym, down } = key.read(await stream.take(key.size));
        on.key(keysym, down !== 0, undefined);
        break;
      }
      case ClientMessage.pointer: {
        const { buttons, x, y } = pointer.read(await stream.take(pointer.size));
        on.pointer(buttons, x, y);
        break;
      }
      case ClientMessage.cutText:
        await readCutText(stream, on);
        break;
      case ClientMessage.continuousUpdates: {
        const { enable } = continuousUpdates.read(await stream.take(continuousUpdates.size));
        on.continuousUpdates(enable !== 0);
        break;
      }
      case ClientMessage.fence: {
        const { flags, length } = fence.read(await stream.take(fence.size));
        if (length > FENCE_PAYLOAD_MAX) throw new RfbRefusal(`a fence of ${length} bytes`);
        on.fence(flags, await stream.take(length));
        break;
      }
      case ClientMessage.setDesktopSize: {
        const { width, height, screens } = setDesktopSize.read(await stream.take(setDesktopSize.size));
        const bytes = await stream.take(screens * screen.size);
        const areas = Array.from({ length: screens }, (_, i) => screen.read(bytes, i * screen.size));
        on.setDesktopSize({ width, height }, areas);
        break;
      }
      case ClientMessage.qemu: {
        const [subtype] = await stream.take(1);
        if (subtype !== QEMU_EXTENDED_KEY) throw new RfbRefusal(`QEMU's message ${subtype}`);
        const { down, keysym, keycode } = qemuKey.read(await stream.take(qemuKey.size));
        on.key(keysym, down !== 0, keycode);
        break;
      }
      default:
        throw new RfbRefusal(`a message of type ${type}`);
    }
  }
}

async function readCutText(stream: ByteStream, on: ClientWords): Promise<void> {
  const { length } = cutText.read(await stream.take(cutText.size));
  const bytes = Math.abs(length);
  if (bytes > CUT_TEXT_MAX) throw new RfbRefusal(`a clipboard of ${bytes} bytes`);
  if (bytes > 3 * CLIPBOARD_LIMIT) return stream.skip(bytes);
  const data = await stream.take(bytes);
  if (length < 0) on.clipboard(readClipboard(data));
  else on.cutText(data.toString('latin1').slice(0, CLIPBOARD_LIMIT));
}
