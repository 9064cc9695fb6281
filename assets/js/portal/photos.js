// Makes photos smaller before they travel: a phone makes 5 MB of what is kept in half a megabyte. Whatever fails, the photo goes
// as it is; the server looks at it in any case.

import { withExif } from './exif.js';

const LONGEST = 2560; // pixels, as the server keeps them
const HEAVY = 1_500_000; // bytes
const PHOTOS = ['image/jpeg', 'image/png', 'image/webp'];

export function shrinkPhotos() {
  for (const input of document.querySelectorAll('input[type=file][data-photos]')) {
    input.addEventListener('change', () => keep(input));
  }
}

// What is chosen is stored at once, with everything typed: no later error, and no lost signal, costs it.
async function keep(input) {
  if (input.files.length === 0) return;
  const status = input.form.querySelector('[data-status]');
  if (status) status.textContent = input.form.dataset.saving;
  await shrinkAll(input);
  const button = input.form.querySelector('button[name=action][value=keep]');
  if (button) input.form.requestSubmit(button);
}

async function shrinkAll(input) {
  const chosen = [...input.files];
  const files = [];
  // One after the other: a phone's memory holds one large picture.
  for (const file of chosen) files.push(await shrunk(file));
  const unchanged = chosen.length === input.files.length && chosen.every((file, at) => file === input.files[at]);
  if (!unchanged || files.every((file, at) => file === chosen[at])) return;
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
}

async function shrunk(file) {
  if (!PHOTOS.includes(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size <= HEAVY) return file;
    const small = await encoded(picture, scale);
    picture.close();
    if (!small || small.size >= file.size) return file;
    const name = file.name.replace(/\.[^.]*$/, '') + '.jpg';
    return new File([await withExif(file, small)], name, { type: 'image/jpeg' });
  } catch {
    return file;
  }
}

function encoded(picture, scale) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff'; // what is transparent would turn black
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
}
