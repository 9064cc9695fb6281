// A canvas forgets where a photo was taken, and the form offers that position for the place. So the notes of the camera (Exif)
// are put back; the server takes them out again before it keeps the photo. Only the mark that says how the photo was held is
// changed, because the canvas has turned it upright already.

const HEAD = 262_144; // the notes stand at the beginning, in at most 64 KB
const ORIENTATION = 0x0112;

/** The smaller photo with the notes of the original, if it has any. */
export async function withExif(original, small) {
  const notes = found(new Uint8Array(await original.slice(0, HEAD).arrayBuffer()));
  if (!notes) return small;
  upright(notes);
  return new Blob([small.slice(0, 2), notes, small.slice(2)], { type: 'image/jpeg' });
}

/** The segment APP1 of a JPEG with Exif, as a copy. */
function found(bytes) {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff; ) {
    const length = 2 + bytes[at + 2] * 256 + bytes[at + 3];
    if (bytes[at + 1] === 0xda) return undefined; // the picture begins
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (bytes[at + 1] === 0xe1 && name === 'Exif') {
      return at + length <= bytes.length ? bytes.slice(at, at + length) : undefined;
    }
    at += length;
  }
  return undefined;
}

/** Sets the orientation of the first directory (TIFF 6.0) to "as it is". */
function upright(segment) {
  const view = new DataView(segment.buffer, 10); // marker, length, "Exif\0\0"
  try {
    const little = view.getUint16(0) === 0x4949;
    const directory = view.getUint32(4, little);
    const entries = view.getUint16(directory, little);
    for (let entry = directory + 2; entry < directory + 2 + entries * 12; entry += 12) {
      if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
    }
  } catch {
    // A directory that points out of the segment: nothing to change.
  }
}
