/**
 * Decodes a JPEG; the picture is the caller's to close. A Blob, which createImageBitmap wants, is registered with the browser's own
 * process and costs as much as the decoding: ImageDecoder, where there is one (on HTTPS and localhost), works on the bytes.
 */
export async function decodeJpeg(bytes: Uint8Array<ArrayBuffer>): Promise<ImageBitmap | VideoFrame> {
  if (!('ImageDecoder' in globalThis))
    return createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }), { colorSpaceConversion: 'none' });
  const decoder = new ImageDecoder({ data: bytes, type: 'image/jpeg', colorSpaceConversion: 'none' });
  try {
    return (await decoder.decode()).image;
  } finally {
    decoder.close();
  }
}
