// The preview of a notice beside its form, drawn anew when somebody stops typing: by the same page that the button asks for, so that
// there is one preview and not two. Nothing is saved. Without this the button does it.

const PAUSE = 600;

const form = document.querySelector('[data-previewed]');
const shown = document.getElementById('preview');
if (form && shown) {
  let waits;
  let asked;

  async function draw() {
    asked?.abort();
    asked = new AbortController();
    const typed = new URLSearchParams(new FormData(form));
    typed.set('act', 'preview');
    try {
      const answer = await fetch(form.action, { method: 'POST', body: typed, signal: asked.signal });
      // 422: something cannot be saved yet, and is shown all the same.
      if (!answer.ok && answer.status !== 422) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const drawn = page.getElementById('preview');
      // What cannot be read (a day without an hour) keeps the preview that was there.
      if (!drawn?.querySelector('section')) return;
      // Said once, when the button asks for it: not after every word.
      drawn.querySelector('[role=status]')?.removeAttribute('role');
      shown.replaceChildren(...drawn.childNodes);
    } catch {
      // Another question came after it, or the line is lost: the button is still there.
    }
  }

  form.addEventListener('input', () => {
    clearTimeout(waits);
    waits = setTimeout(draw, PAUSE);
  });
}
